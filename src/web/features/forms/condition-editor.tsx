import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, type Option, TextBox, Tick, Ticks } from '../../ui/form-parts.tsx';
import { type Condition, optionsOf, type Question } from './forms-api.ts';
import { useFormsText } from './texts.ts';

export interface Named {
  question: Question;
  field: FieldDef | undefined;
  name: string;
}

const KINDS = ['one-of', 'none-of', 'filled', 'empty'] as const;

/** When a question is shown, by what was answered above it. */
export function ConditionEditor({
  when,
  above,
  onChange,
}: {
  when: Question['when'];
  above: readonly Named[];
  onChange(next: Question['when']): void;
}) {
  const t = useFormsText();
  const [first] = above;
  if (!first && !when) return null;
  const fresh = (): Condition => ({ question: first?.question.id ?? '', is: 'filled' });
  const put = (of: Condition[]) => onChange(of.length > 0 ? { match: when?.match ?? 'all', of } : undefined);
  return (
    <div className="xk-form-when">
      <Tick
        label={t('when-tick')}
        checked={when !== undefined}
        onChange={(on) => onChange(on ? { match: 'all', of: [fresh()] } : undefined)}
      />
      {when && (
        <>
          {when.of.length > 1 && (
            <Choice
              label={t('when-match')}
              value={when.match}
              options={[
                ['all', t('when-all')],
                ['any', t('when-any')],
              ]}
              onChange={(match) => onChange({ ...when, match: match === 'any' ? 'any' : 'all' })}
            />
          )}
          {when.of.map((condition, n) => (
            <OneCondition
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
              key={n}
              n={n + 1}
              condition={condition}
              above={above}
              onChange={(next) => put(when.of.map((one, at) => (at === n ? next : one)))}
              onRemove={() => put(when.of.filter((_, at) => at !== n))}
            />
          ))}
          <Button size="small" type="text" icon={<PlusOutlined />} onClick={() => put([...when.of, fresh()])}>
            {t('when-add')}
          </Button>
        </>
      )}
    </div>
  );
}

function OneCondition({
  n,
  condition,
  above,
  onChange,
  onRemove,
}: {
  n: number;
  condition: Condition;
  above: readonly Named[];
  onChange(next: Condition): void;
  onRemove(): void;
}) {
  const t = useFormsText();
  const label = useLabel();
  const on = above.find(({ question }) => question.id === condition.question);
  const options = optionsOf(on?.field);
  const values = condition.values ?? [];
  const needsValues = condition.is === 'one-of' || condition.is === 'none-of';
  const questions: Option[] = above.map(({ question, name }) => [question.id, name]);
  return (
    <div className="xk-form-condition">
      <Choice
        label={t('when-question', { n })}
        value={condition.question}
        options={on ? questions : [['', '—'], ...questions]}
        onChange={(question) => onChange({ question, is: condition.is, ...(needsValues && { values: [] }) })}
      />
      <Choice
        label={t('when-is', { n })}
        value={condition.is}
        options={KINDS.map((kind) => [kind, t(`is-${kind}`)])}
        onChange={(next) => {
          const is = KINDS.find((kind) => kind === next) ?? 'filled';
          onChange({ question: condition.question, is, ...((is === 'one-of' || is === 'none-of') && { values }) });
        }}
      />
      <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('when-drop', { n })} onClick={onRemove} />
      {needsValues &&
        (options.length > 0 ? (
          <Ticks
            legend={t('when-values', { n })}
            options={options.map((one) => [one.value, label(one.label)])}
            chosen={values}
            onChange={(next) => onChange({ ...condition, values: next })}
          />
        ) : (
          <TextBox
            label={t('when-values', { n })}
            hint={t('values-hint')}
            value={values.join(', ')}
            onChange={(text) => onChange({ ...condition, values: text.split(/[,，]\s*/).slice(0, 50) })}
          />
        ))}
    </div>
  );
}
