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
  const ids = { owner: useId(), checked: useId(), onMatch: useId() };
  return (
    <Card title={t('rules-title')} className="xk-rules">
      {candidates.map(({ object, fields }) => {
        const chosen = settings.matchKeys[object.name] ?? [];
        return (
          <fieldset key={object.name}>
            <legend>{t('match-by', { object: label(object.label) })}</legend>
            <div className="xk-checks">
              {fields.map(({ name, label: words }) => (
                <label key={name} className="xk-check">
                  <input
                    type="checkbox"
                    checked={chosen.includes(name)}
                    onChange={(event) => {
                      const names = fields
                        .map((field) => field.name)
                        .filter((one) => (one === name ? event.target.checked : chosen.includes(one)));
                      onChange({ matchKeys: { ...settings.matchKeys, [object.name]: names } });
                    }}
                  />
                  {label(words)}
                </label>
              ))}
            </div>
            {chosen.length === 0 && <p className="xk-muted">{t('match-none')}</p>}
          </fieldset>
        );
      })}
      <fieldset>
        <legend>{t('on-match')}</legend>
        <div className="xk-choices">
          {choices.map((value) => (
            <label key={value} className="xk-check">
              <input
                type="radio"
                name={ids.onMatch}
                checked={settings.onMatch === value}
                onChange={() => onChange({ onMatch: value })}
              />
              <span>
                {t(`on-${value}`)} <span className="xk-muted">{t(`on-${value}-hint`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="xk-rule-line">
        <label htmlFor={ids.owner}>{t('owner')}</label>
        <select
          id={ids.owner}
          className="xk-plain-input"
          value={settings.owner ?? ''}
          onChange={(event) => onChange({ owner: event.target.value || null })}
        >
          <option value="">{t('owner-none')}</option>
          {accounts
            .filter((one) => !one.disabled)
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
        </select>
      </div>
      <div className="xk-rule-line">
        <label htmlFor={ids.checked}>{t('checked-at')}</label>
        <input
          id={ids.checked}
          type="date"
          className="xk-plain-input xk-date"
          value={settings.checkedAt?.slice(0, 10) ?? ''}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(event) => onChange({ checkedAt: event.target.value || null })}
        />
        <p className="xk-muted">{t('checked-at-hint')}</p>
      </div>
    </Card>
  );
}
