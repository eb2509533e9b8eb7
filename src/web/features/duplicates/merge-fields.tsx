import { Button } from 'antd';
import { useId } from 'react';
import type { MergePreview } from '../../../contract/duplicates.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import { fromNow } from '../../fields/freshness-words.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Leaf } from '../../ui/leaf.tsx';
import { ALL, type Choices, choose, type MergeField, mayTake, originOf } from './merge-draft.ts';
import { useMergeText } from './merge-texts.ts';
import { letterOf } from './queue-model.ts';

/** Every differing field as a choice: whose value stays, and why the rules propose it. */
export function MergeFields({
  object,
  preview,
  choices,
  env,
  onChoices,
}: {
  object: ObjectDef;
  preview: MergePreview;
  choices: Choices;
  env: FormatEnv;
  onChoices(next: Choices): void;
}) {
  const t = useMergeText();
  const label = useLabel();
  const differing = preview.fields.filter((field) => field.differs);
  const same = preview.fields.filter((field) => !field.differs);
  return (
    <section className="xk-merge-fields" aria-label={t('differing')}>
      <h3>{t('differing')}</h3>
      <p className="xk-muted">
        {differing.length === 0 ? t('differing-none') : t('differing-n', { n: differing.length })}
      </p>
      {differing.map((field) => (
        <FieldChoice
          key={field.field}
          object={object}
          preview={preview}
          field={field}
          choices={choices}
          env={env}
          onChoices={onChoices}
        />
      ))}
      {same.length > 0 && (
        <details>
          <summary>{t('same-n', { n: same.length })}</summary>
          <dl className="xk-merge-same">
            {same.map(({ field, label: name, value }) => {
              const def = object.fields.find((one) => one.name === field);
              return def && formatValue(value, def, env) !== '' ? (
                <div key={field}>
                  <dt>{label(name)}</dt>
                  <dd>
                    <FieldText field={def} value={value} env={env} link={false} />
                  </dd>
                </div>
              ) : null;
            })}
          </dl>
        </details>
      )}
    </section>
  );
}

function FieldChoice({
  object,
  preview,
  field,
  choices,
  env,
  onChoices,
}: {
  object: ObjectDef;
  preview: MergePreview;
  field: MergeField;
  choices: Choices;
  env: FormatEnv;
  onChoices(next: Choices): void;
}) {
  const t = useMergeText();
  const label = useLabel();
  const name = useId();
  const def = object.fields.find((one) => one.name === field.field);
  if (!def) return null;
  const origin = originOf(field, choices);
  const byHand = choices[field.field] !== undefined;
  const words = (value: FieldValue | undefined) =>
    formatValue(value, def, env) === '' ? (
      <span className="xk-muted">{t('value-empty')}</span>
    ) : (
      <FieldText field={def} value={value} env={env} link={false} />
    );
  return (
    <fieldset className="xk-merge-field" disabled={!field.changeable}>
      <legend>
        <span>{label(field.label)}</span>
        <span className={`xk-merge-why${byHand ? ' xk-merge-by-hand' : ''}`}>
          {byHand ? label(CHOSEN) : label(field.reason.label)}
        </span>
        {byHand && (
          <Button type="link" size="small" onClick={() => onChoices(choose(choices, field, field.from))}>
            {t('reset')}
          </Button>
        )}
      </legend>
      <div className="xk-merge-options">
        {preview.records.map((row, index) => (
          <label key={row.id} className={origin === row.id ? 'xk-merge-taken' : undefined}>
            <input
              type="radio"
              name={name}
              checked={origin === row.id}
              disabled={!mayTake(preview, field, row.id, def.required === true)}
              onChange={() => onChoices(choose(choices, field, row.id))}
            />
            <span className="xk-letter">{letterOf(index)}</span>
            <span className="xk-merge-value">
              {words(row.values[field.field])}
              <Age row={row} field={field.field} />
            </span>
          </label>
        ))}
        {field.list && (
          <label className={origin === ALL ? 'xk-merge-taken' : undefined}>
            <input
              type="radio"
              name={name}
              checked={origin === ALL}
              onChange={() => onChoices(choose(choices, field, ALL))}
            />
            <span className="xk-merge-value">
              {field.from === ALL && words(field.value)}
              <small className="xk-muted">{t('all-entries')}</small>
            </span>
          </label>
        )}
      </div>
    </fieldset>
  );
}

const CHOSEN = { zh: '人工选择', en: 'Chosen by hand' };

/** How old a value is and how far it is believed; what makes one better than the other. */
function Age({ row, field }: { row: MergePreview['records'][number]; field: string }) {
  const t = useMergeText();
  const lang = useLang();
  const cell = row.freshness?.cells[field];
  if (!cell || cell.state === 'missing') return null;
  const when = cell.verifiedAt
    ? t('verified-ago', { ago: fromNow(cell.verifiedAt, lang) })
    : cell.changedAt
      ? t('changed-ago', { ago: fromNow(cell.changedAt, lang) })
      : t('never-verified');
  return (
    <small className="xk-muted">
      <Leaf confidence={cell.confidence} state={cell.state} /> {when}
    </small>
  );
}
