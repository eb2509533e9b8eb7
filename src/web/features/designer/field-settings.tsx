import { Checkbox, Input, InputNumber, Select } from 'antd';
import { type ReactNode, useId } from 'react';
import { asStages } from '../../../domain/schema/stages.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { type FieldInput, settingsOf } from './field-draft.ts';
import { OptionEditor } from './option-editor.tsx';
import { useDesignerText } from './texts.ts';

const currencies = ['CNY', 'USD', 'EUR', 'HKD', 'JPY', 'GBP'];
const trees = ['industry', 'division'] as const;

/** A label above its control, the explanation or problem below. */
export function Setting({
  label,
  hint,
  problem,
  children,
}: {
  label: string;
  hint?: string;
  problem?: string | null;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="xk-setting">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {problem ? (
        <p className="xk-setting-problem" role="alert">
          {problem}
        </p>
      ) : (
        hint && <p className="xk-muted">{hint}</p>
      )}
    </div>
  );
}

/** The settings that the chosen type has, and no others. */
export function TypeSettings({
  draft,
  before,
  problem,
  onChange,
}: {
  draft: FieldInput;
  before: FieldDef | null;
  problem: (field: string) => string | null;
  onChange: (change: Partial<FieldInput>) => void;
}) {
  const t = useDesignerText();
  const label = useLabel();
  const lang = useLang();
  const objects = useCatalog().objects.filter((object) => !object.retired);
  const has = (name: ReturnType<() => (typeof settingsOf)['text'][number]>) => settingsOf[draft.type].includes(name);
  const number = (
    key: 'min' | 'max' | 'maxLength' | 'scale',
    text: 'min' | 'max' | 'max-length' | 'scale',
    most?: number,
  ) => (
    <Setting label={t(text)} problem={problem(key)}>
      {(id) => (
        <InputNumber
          id={id}
          min={key === 'maxLength' ? 1 : key === 'scale' ? 0 : undefined}
          max={most}
          precision={key === 'min' || key === 'max' ? undefined : 0}
          value={typeof draft[key] === 'number' ? draft[key] : null}
          onChange={(value) => onChange({ [key]: value ?? undefined })}
        />
      )}
    </Setting>
  );
  const date = (key: 'min' | 'max', text: 'min-date' | 'max-date') => (
    <Setting label={t(text)}>
      {(id) => (
        <Input
          id={id}
          type="date"
          value={typeof draft[key] === 'string' ? draft[key] : ''}
          onChange={(event) => onChange({ [key]: event.target.value || undefined })}
        />
      )}
    </Setting>
  );
  return (
    <>
      {has('options') && (
        <Setting label={t('options')} problem={problem('options')}>
          {() => (
            <OptionEditor
              options={draft.options ?? []}
              saved={new Set(before?.options?.map((option) => option.value))}
              stages={draft.stage === true}
              onChange={(options) => onChange({ options })}
            />
          )}
        </Setting>
      )}
      {has('stage') && (
        <Checkbox
          checked={draft.stage === true}
          onChange={({ target }) =>
            onChange(target.checked ? { stage: true, options: asStages(draft.options ?? []) } : { stage: undefined })
          }
        >
          {t('stage')} <span className="xk-muted">{t('stage-hint')}</span>
        </Checkbox>
      )}
      {has('chain') && (
        <Checkbox
          checked={draft.chain === true}
          onChange={({ target }) => onChange({ chain: target.checked || undefined })}
        >
          {t('chain')} <span className="xk-muted">{t('chain-hint')}</span>
        </Checkbox>
      )}
      {has('occasion') && (
        <Setting label={t('occasion')} hint={t('occasion-hint')}>
          {(id) => (
            <Select
              id={id}
              value={draft.occasion ?? ('none' as const)}
              onChange={(occasion: 'none' | 'once' | 'yearly') =>
                onChange({ occasion: occasion === 'none' ? undefined : occasion })
              }
              options={(['none', 'once', 'yearly'] as const).map((value) => ({
                value,
                label: t(`occasion-${value}`),
              }))}
            />
          )}
        </Setting>
      )}
      {has('target') && (
        <Setting label={t('target')} problem={problem('target')}>
          {(id) => (
            <Select
              id={id}
              disabled={before !== null}
              value={draft.target ?? null}
              onChange={(target) => onChange({ target })}
              options={objects.map((object) => ({ value: object.name, label: label(object.label) }))}
            />
          )}
        </Setting>
      )}
      {has('tree') && (
        <Setting label={t('tree')} problem={problem('tree')}>
          {(id) => (
            <Select
              id={id}
              disabled={before !== null}
              value={draft.tree ?? null}
              onChange={(tree) => onChange({ tree })}
              options={trees.map((tree) => ({ value: tree, label: t(`tree-${tree}`) }))}
            />
          )}
        </Setting>
      )}
      {has('numbering') && (
        <Setting label={t('numbering')} hint={t('numbering-hint')}>
          {(id) => (
            <Input
              id={id}
              value={draft.numbering ?? ''}
              onChange={(event) => onChange({ numbering: event.target.value || undefined })}
            />
          )}
        </Setting>
      )}
      <div className="xk-settings-row">
        {has('maxLength') && number('maxLength', 'max-length', 100_000)}
        {has('range') && number('min', 'min')}
        {has('range') && number('max', 'max')}
        {has('dateRange') && date('min', 'min-date')}
        {has('dateRange') && date('max', 'max-date')}
        {has('scale') && number('scale', 'scale', 10)}
        {has('currency') && (
          <Setting label={t('currency')}>
            {(id) => (
              <Select
                id={id}
                value={draft.currency ?? 'CNY'}
                onChange={(currency) => onChange({ currency })}
                options={currencies.map((value) => ({ value, label: value }))}
              />
            )}
          </Setting>
        )}
      </div>
      {has('pattern') && (
        <div className="xk-settings-row">
          <Setting label={t('pattern')} problem={problem('pattern')}>
            {(id) => (
              <Input
                id={id}
                className="xk-mono"
                spellCheck={false}
                placeholder="^[A-Z]{2}\d{6}$"
                value={draft.pattern?.regex ?? ''}
                onChange={(event) =>
                  onChange({
                    pattern:
                      event.target.value === ''
                        ? undefined
                        : {
                            regex: event.target.value,
                            message: draft.pattern?.message ?? { zh: '格式不符', en: 'Wrong format' },
                          },
                  })
                }
              />
            )}
          </Setting>
          {draft.pattern && (
            <Setting label={t('pattern-message')}>
              {(id) => (
                <Input
                  id={id}
                  value={draft.pattern?.message[lang] ?? ''}
                  onChange={(event) =>
                    draft.pattern &&
                    onChange({
                      pattern: {
                        ...draft.pattern,
                        message: bothUnlessTranslated(draft.pattern.message, lang, event.target.value),
                      },
                    })
                  }
                />
              )}
            </Setting>
          )}
        </div>
      )}
    </>
  );
}

/** Writes one language of a text; the other follows while they are the same, and is never left empty. */
export function bothUnlessTranslated(
  text: { zh: string; en: string } | undefined,
  lang: 'zh' | 'en',
  value: string,
): { zh: string; en: string } {
  if (!text || text.zh === text.en) return { zh: value, en: value };
  return { ...text, [lang]: value };
}
