import { useId } from 'react';
import type { HoldRuleInput } from '../../../contract/review.ts';
import { HELD_SOURCES } from '../../../domain/review/types.ts';
import { useObject } from '../../api/query.ts';
import { NameBox, PercentBox, RuleSubject, Ticks } from './rule-fields.tsx';
import type { ConditionTools } from './rule-words.tsx';
import { useRulesText } from './rules-texts.ts';
import { useReviewText } from './texts.ts';

const BY = ['any', 'member', 'admin'] as const;

/** A rule that holds changes, in words that are boxes. */
export function HoldForm({
  rule,
  tried,
  tools,
  onChange,
}: {
  rule: HoldRuleInput;
  tried: boolean;
  tools: ConditionTools;
  onChange(next: HoldRuleInput): void;
}) {
  const t = useRulesText();
  const words = useReviewText();
  const id = useId();
  const object = useObject(rule.object);
  const set = (patch: Partial<HoldRuleInput>) => onChange({ ...rule, ...patch });
  return (
    <>
      <NameBox value={rule.name} problem={tried && rule.name.trim() === ''} onChange={(name) => set({ name })} />
      <div className="xk-form-row">
        <label htmlFor={`${id}b`}>{t('by')}</label>
        <select
          id={`${id}b`}
          className="xk-plain-input"
          value={rule.by ?? 'any'}
          onChange={({ target }) =>
            set({ by: target.value === 'member' || target.value === 'admin' ? target.value : undefined })
          }
        >
          {BY.map((one) => (
            <option key={one} value={one}>
              {t(`by-${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Ticks
        legend={t('from')}
        hint={t('from-hint')}
        options={HELD_SOURCES.map((value) => ({ value, label: words(`from-${value}`) }))}
        chosen={rule.from}
        onChange={(from) => set({ from })}
      />
      <RuleSubject
        any={false}
        object={rule.object}
        fields={rule.fields}
        onChange={(next = rule.object, fields) =>
          set({ object: next, fields, ...(next !== rule.object && { filter: undefined }) })
        }
      />
      <label className="xk-check xk-form-row xk-rule-check">
        <input
          type="checkbox"
          checked={rule.overwrites === true}
          onChange={({ target }) => set({ overwrites: target.checked || undefined })}
        />
        {t('overwrites')}
      </label>
      <div className="xk-form-row">
        <label htmlFor={`${id}t`}>{t('times')}</label>
        <input
          id={`${id}t`}
          className="xk-plain-input xk-rule-number"
          type="number"
          min={1.1}
          step="any"
          aria-describedby={`${id}th`}
          value={rule.times ?? ''}
          onChange={({ target }) => set({ times: target.value === '' ? undefined : Number(target.value) })}
        />
        <small id={`${id}th`} className="xk-muted">
          {t('times-hint')}
        </small>
      </div>
      <PercentBox
        label={t('trust')}
        hint={t('trust-hint')}
        value={rule.trustBelow}
        onChange={(trustBelow) => set({ trustBelow })}
      />
      <div className="xk-form-row">
        <span>{t('condition')}</span>
        {object && <tools.Editor object={object} own filter={rule.filter} onChange={(filter) => set({ filter })} />}
      </div>
    </>
  );
}
