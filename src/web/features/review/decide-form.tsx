import { useId } from 'react';
import type { DecideRuleInput } from '../../../contract/review.ts';
import { ORIGINS } from '../../../domain/review/types.ts';
import { useObject } from '../../api/query.ts';
import { Choices } from '../../ui/choices.tsx';
import { NameBox, PercentBox, RuleSubject, Ticks } from './rule-fields.tsx';
import type { ConditionTools } from './rule-words.tsx';
import { useRulesText } from './rules-texts.ts';
import { useReviewText } from './texts.ts';

const ACTIONS = ['accept', 'meant', 'reject', 'hold'] as const;
const ONLY = ['any', 'empty', 'stale'] as const;

/** A rule that decides, in words that are boxes. */
export function DecideForm({
  rule,
  tried,
  tools,
  onChange,
}: {
  rule: DecideRuleInput;
  tried: boolean;
  tools: ConditionTools;
  onChange(next: DecideRuleInput): void;
}) {
  const t = useRulesText();
  const words = useReviewText();
  const id = useId();
  const object = useObject(rule.object ?? '');
  const set = (patch: Partial<DecideRuleInput>) => onChange({ ...rule, ...patch });
  return (
    <>
      <NameBox value={rule.name} problem={tried && rule.name.trim() === ''} onChange={(name) => set({ name })} />
      <Ticks
        legend={t('from')}
        hint={t('from-hint')}
        options={ORIGINS.map((value) => ({ value, label: words(`from-${value}`) }))}
        chosen={rule.from}
        onChange={(from) => set({ from })}
      />
      <RuleSubject
        any
        object={rule.object}
        fields={rule.fields}
        onChange={(next, fields) => set({ object: next, fields, ...(next !== rule.object && { filter: undefined }) })}
      />
      <div className="xk-form-row">
        <label htmlFor={`${id}o`}>{t('only')}</label>
        <select
          id={`${id}o`}
          className="xk-plain-input"
          value={rule.only ?? 'any'}
          onChange={({ target }) =>
            set({ only: target.value === 'empty' || target.value === 'stale' ? target.value : undefined })
          }
        >
          {ONLY.map((one) => (
            <option key={one} value={one}>
              {t(`only-${one}`)}
            </option>
          ))}
        </select>
      </div>
      <PercentBox
        label={t('confidence')}
        hint={t('confidence-hint')}
        value={rule.confidence}
        onChange={(confidence) => set({ confidence })}
      />
      <div className="xk-form-row">
        <span>{t('condition')}</span>
        {object ? (
          <tools.Editor object={object} own={false} filter={rule.filter} onChange={(filter) => set({ filter })} />
        ) : (
          <small className="xk-muted">{t('condition-any')}</small>
        )}
      </div>
      <div className="xk-form-row">
        <span>{t('action')}</span>
        <Choices
          label={t('action')}
          value={rule.action}
          options={ACTIONS.map((value) => ({ value, label: t(`action-${value}`) }))}
          onChange={(action) => set({ action })}
        />
      </div>
    </>
  );
}
