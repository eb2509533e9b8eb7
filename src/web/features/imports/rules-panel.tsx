import { Checkbox, Input, Radio, Select } from 'antd';
import { useId } from 'react';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import { type ImportSettings, matchCandidates } from './mapping.ts';
import { useImportText } from './texts.ts';

const choices = ['update', 'fill', 'skip', 'create'] as const;

/** How a row is recognised as an existing record, and what then happens to it. */
export function RulesPanel({
  settings,
  onChange,
}: {
  settings: ImportSettings;
  onChange: (change: Partial<ImportSettings>) => void;
}) {
  const t = useImportText();
  const label = useLabel();
  const accounts = useAccounts();
  const candidates = matchCandidates(useCatalog(), settings);
  const ids = { owner: useId(), checked: useId() };
  return (
    <Card title={t('rules-title')} className="xk-rules">
      {candidates.map(({ object, fields }) => {
        const chosen = settings.matchKeys[object.name] ?? [];
        return (
          <fieldset key={object.name}>
            <legend>{t('match-by', { object: label(object.label) })}</legend>
            <Checkbox.Group
              value={chosen}
              options={fields.map((field) => ({ value: field.name, label: label(field.label) }))}
              onChange={(names) => onChange({ matchKeys: { ...settings.matchKeys, [object.name]: names } })}
            />
            {chosen.length === 0 && <p className="xk-muted">{t('match-none')}</p>}
          </fieldset>
        );
      })}
      <fieldset>
        <legend>{t('on-match')}</legend>
        <Radio.Group
          className="xk-choices"
          value={settings.onMatch}
          onChange={(event) => onChange({ onMatch: event.target.value })}
          options={choices.map((value) => ({
            value,
            label: (
              <>
                {t(`on-${value}`)} <span className="xk-muted">{t(`on-${value}-hint`)}</span>
              </>
            ),
          }))}
        />
      </fieldset>
      <div className="xk-rule-line">
        <label htmlFor={ids.owner}>{t('owner')}</label>
        <Select
          id={ids.owner}
          value={settings.owner ?? ''}
          onChange={(owner: string) => onChange({ owner: owner || null })}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: '', label: t('owner-none') },
            ...accounts.filter((one) => !one.disabled).map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      </div>
      <div className="xk-rule-line">
        <label htmlFor={ids.checked}>{t('checked-at')}</label>
        <Input
          id={ids.checked}
          type="date"
          className="xk-date"
          value={settings.checkedAt?.slice(0, 10) ?? ''}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(event) => onChange({ checkedAt: event.target.value || null })}
        />
        <p className="xk-muted">{t('checked-at-hint')}</p>
      </div>
    </Card>
  );
}
