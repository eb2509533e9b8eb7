import { Select } from 'antd';
import type { Filter } from '../../../domain/filter/types.ts';
import { isTime } from '../../../domain/schema/rollups.ts';
import { type FieldDef, type ObjectDef, ROLLUP_FNS, type Rollup } from '../../../domain/schema/types.ts';
import type { ConditionTools } from '../../fields/condition-tools.ts';
import { useLabel } from '../../i18n/core.ts';
import { type FieldInput, fieldsFor } from './field-draft.ts';
import { Setting } from './field-settings.tsx';
import { useDesignerText } from './texts.ts';

/** Edits conditions on records of an object. */
export type ConditionEditor = ConditionTools['Editor'];

type Draft = NonNullable<FieldInput['rollup']>;

/** Which records are rolled up, and how: in the order in which one would say it. */
export function RollupSetting({
  rollup,
  pointing,
  before,
  conditions: Conditions,
  problem,
  onChange,
}: {
  rollup: Draft;
  pointing: readonly { of: ObjectDef; via: FieldDef }[];
  /** As it is saved: what kind of value it has stays. */
  before: Rollup | null;
  conditions: ConditionEditor;
  problem: string | null;
  onChange(next: Draft): void;
}) {
  const t = useDesignerText();
  const label = useLabel();
  const source = pointing.find(({ of, via }) => of.name === rollup.of && via.name === rollup.via);
  const fields = fieldsFor(source?.of, rollup.fn);
  const times = (source?.of.fields ?? []).filter((field) => isTime(field) && !field.retired);
  const of = ({ name, label: words }: FieldDef) => ({ value: name, label: label(words) });
  const figure = (fn: Rollup['fn']) => fn === 'count' || fn === 'sum';
  const choose = (fn: Rollup['fn']) => {
    const { field, by: _, ...rest } = rollup;
    const kept = fieldsFor(source?.of, fn).some(({ name }) => name === field);
    const [first] = times;
    onChange({
      ...rest,
      fn,
      ...(kept && field !== undefined && { field }),
      ...(fn === 'last' && first && { by: first.name }),
    });
  };
  return (
    <section className="xk-rules-list">
      <Setting label={t('rollup-of')} problem={problem}>
        {(id) => (
          <Select
            id={id}
            disabled={before !== null}
            value={source ? `${rollup.of} ${rollup.via}` : null}
            onChange={(key: string) => {
              const [name = '', via = ''] = key.split(' ');
              onChange({ of: name, via, fn: 'count' });
            }}
            options={pointing.map((one) => ({
              value: `${one.of.name} ${one.via.name}`,
              label: t('rollup-of-option', { object: label(one.of.label), relation: label(one.via.label) }),
            }))}
          />
        )}
      </Setting>
      {source && (
        <div className="xk-settings-row">
          <Setting label={t('rollup-fn')}>
            {(id) => (
              <Select
                id={id}
                value={rollup.fn}
                onChange={choose}
                options={ROLLUP_FNS.map((fn) => ({
                  value: fn,
                  label: t(`rollup-fn-${fn}`),
                  disabled: before !== null && figure(fn) !== figure(before.fn),
                }))}
              />
            )}
          </Setting>
          {rollup.fn !== 'count' && (
            <Setting label={t('rollup-field')}>
              {(id) => (
                <Select
                  id={id}
                  value={rollup.field ?? null}
                  onChange={(field: string) => onChange({ ...rollup, field })}
                  options={fields.map(of)}
                />
              )}
            </Setting>
          )}
          {rollup.fn === 'last' && (
            <Setting label={t('rollup-by')}>
              {(id) => (
                <Select
                  id={id}
                  value={rollup.by ?? null}
                  onChange={(by: string) => onChange({ ...rollup, by })}
                  options={times.map(of)}
                />
              )}
            </Setting>
          )}
        </div>
      )}
      {source && (
        <div className="xk-setting">
          <strong>{t('rollup-filter')}</strong>
          <Conditions
            object={source.of}
            own
            label={t('rollup-filter')}
            filter={rollup.filter as Filter | undefined}
            onChange={(filter) => {
              const { filter: _, ...rest } = rollup;
              onChange({ ...rest, ...(filter && { filter }) });
            }}
          />
          <p className="xk-muted">{t('rollup-filter-hint')}</p>
        </div>
      )}
      <p className="xk-muted xk-setting-note">{t('rollup-seen')}</p>
    </section>
  );
}
