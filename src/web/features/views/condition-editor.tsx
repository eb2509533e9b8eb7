import { Button, Input, InputNumber, Select } from 'antd';
import { useId, useState } from 'react';
import type { FilterOp } from '../../../domain/filter/types.ts';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { useOptions } from '../../fields/sources.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { type Condition, opWords } from './filter-words.ts';
import { isBare, operatorsOf, type Subject } from './operators.ts';
import { useViewsText } from './texts.ts';

/** Makes or changes one condition: field, relation, value. The value's box fits the field. */
export function ConditionEditor({
  subjects,
  start,
  env,
  onDone,
}: {
  subjects: Subject[];
  start: Partial<Condition>;
  env: FormatEnv;
  onDone(condition: Condition): void;
}) {
  const t = useViewsText();
  const label = useLabel();
  const lang = useLang();
  const id = useId();
  const [name, setName] = useState(start.field);
  const [op, setOp] = useState<FilterOp | undefined>(start.op);
  const [value, setValue] = useState<unknown>(start.value ?? null);
  const subject = subjects.find((one) => one.name === name);
  const ops = subject ? operatorsOf(subject) : [];
  const chosen = op && ops.includes(op) ? op : ops[0];
  const ready = subject && chosen && (isBare(chosen) || hasValue(value));
  const done = () => {
    if (!subject || !chosen || !ready) return;
    const bare = { field: subject.name, op: chosen };
    onDone(isBare(chosen) ? bare : { ...bare, value: value as FieldValue });
  };
  return (
    <form
      className="xk-condition"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <label htmlFor={`${id}f`}>{t('field')}</label>
      <Select
        id={`${id}f`}
        popupRender={(list) => <section aria-label={t('field')}>{list}</section>}
        showSearch={{ optionFilterProp: 'label' }}
        autoFocus={!start.field}
        defaultOpen={!start.field}
        value={name}
        onChange={(next: string) => {
          setName(next);
          setOp(undefined);
          setValue(null);
        }}
        options={subjects.map((one) => ({ value: one.name, label: label(one.label) }))}
      />
      {subject && (
        <>
          <label htmlFor={`${id}o`}>{t('operator')}</label>
          <Select
            id={`${id}o`}
            value={chosen}
            onChange={(next: FilterOp) => {
              setOp(next);
              setValue(null);
            }}
            options={ops.map((one) => ({ value: one, label: opWords(one, subject, lang) }))}
          />
        </>
      )}
      {subject && chosen && !isBare(chosen) && (
        <>
          <label htmlFor={`${id}v`}>{t('value')}</label>
          <ValueBox id={`${id}v`} subject={subject} op={chosen} value={value} onChange={setValue} env={env} />
        </>
      )}
      <Button type="primary" htmlType="submit" disabled={!ready} block>
        {t('done')}
      </Button>
    </form>
  );
}

function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => one !== null && one !== '');
  return value !== null && value !== undefined && value !== '';
}

interface BoxProps {
  id: string;
  subject: Subject;
  op: FilterOp;
  value: unknown;
  onChange(next: unknown): void;
  env: FormatEnv;
}

function ValueBox(props: BoxProps) {
  const { id, subject, op, value, onChange } = props;
  const t = useViewsText();
  const { field } = subject;
  if (op === 'within') return <DaysBox {...props} />;
  if (op === 'confidenceBelow' || subject.family === 'share') {
    return (
      <InputNumber
        id={id}
        min={0}
        max={100}
        suffix="%"
        value={value === null ? null : Math.round(Number(value) * 100)}
        onChange={(next) => onChange(next === null ? null : Number(next) / 100)}
        style={{ width: '100%' }}
      />
    );
  }
  if (op === 'between') {
    const [from, to] = Array.isArray(value) ? value : [null, null];
    return (
      <span className="xk-between">
        <OneBox {...props} value={from} onChange={(next) => onChange([next, to])} label={t('from')} />
        <OneBox {...props} id={`${id}b`} value={to} onChange={(next) => onChange([from, next])} label={t('to')} />
      </span>
    );
  }
  if (
    field &&
    (subject.family === 'choice' ||
      subject.family === 'set' ||
      subject.family === 'reference' ||
      subject.family === 'tree' ||
      subject.family === 'boolean')
  )
    return <PickBox {...props} field={field} />;
  return <OneBox {...props} />;
}

function OneBox({ id, subject, value, onChange, label }: BoxProps & { label?: string }) {
  if (subject.family === 'day')
    return (
      <Input
        id={id}
        type="date"
        aria-label={label}
        value={String(value ?? '').slice(0, 10)}
        onChange={(event) => onChange(event.target.value || null)}
      />
    );
  if (subject.family === 'number')
    return (
      <InputNumber
        id={id}
        aria-label={label}
        stringMode={subject.field?.type === 'money'}
        value={value as string | number | null}
        onChange={onChange}
        style={{ width: '100%' }}
      />
    );
  return (
    <Input
      id={id}
      aria-label={label}
      autoFocus
      value={String(value ?? '')}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function DaysBox({ id, value, onChange }: BoxProps) {
  const t = useViewsText();
  const days = typeof value === 'object' && value !== null && 'days' in value ? Number(value.days) : null;
  const [past, setPast] = useState(days === null || days < 0);
  const set = (n: number | null, isPast: boolean) => onChange(n === null ? null : { days: isPast ? -n : n });
  return (
    <span className="xk-between">
      <Select
        aria-label={t('operator')}
        value={past ? 'past' : 'next'}
        onChange={(next) => {
          setPast(next === 'past');
          set(days === null ? null : Math.abs(days), next === 'past');
        }}
        options={[
          { value: 'past', label: t('last-days') },
          { value: 'next', label: t('next-days') },
        ]}
      />
      <InputNumber
        id={id}
        min={1}
        max={3650}
        suffix={t('days')}
        value={days === null ? null : Math.abs(days)}
        onChange={(next) => set(next === null ? null : Number(next), past)}
      />
    </span>
  );
}

function PickBox({ id, field, op, value, onChange, env }: BoxProps & { field: FieldDef }) {
  const [typed, setTyped] = useState('');
  const { options, loading } = useOptions(
    { ...field, open: false, type: field.type === 'tags' ? 'multiselect' : field.type },
    typed,
  );
  const many = op === 'in' || op === 'notIn' || op.startsWith('has');
  const chosen = (many ? (Array.isArray(value) ? value : value === null ? [] : [value]) : value) as
    | string
    | string[]
    | null;
  const known = new Map(
    options.map((option) => [
      option.value,
      option.hint && field.type === 'tree' ? `${option.hint} / ${option.label}` : option.label,
    ]),
  );
  for (const one of Array.isArray(chosen) ? chosen : chosen ? [chosen] : [])
    if (!known.has(String(one))) known.set(String(one), env.title(String(one)) ?? String(one));
  const own = field.type === 'boolean';
  return (
    <Select
      id={id}
      {...(many && { mode: 'multiple' as const })}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={loading}
      value={own ? (value === null ? null : String(value)) : chosen}
      onChange={(next: string | string[]) => onChange(own ? next === 'true' : next)}
      options={[...known].map(([key, text]) => ({ value: key, label: text }))}
    />
  );
}
