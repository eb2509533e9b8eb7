import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel, useNoun } from '../../i18n/core.ts';
import { Choice, type Option, TextBox, Ticks } from '../../ui/form-parts.tsx';
import type { Then } from './automation-api.ts';
import { useAutomationText } from './texts/words.ts';

/** Which field of which record, and what it becomes. */
export function FieldForm({
  action,
  subject,
  hint,
  onChange,
}: {
  action: Extract<Then, { do: 'set' | 'propose' | 'tag' }>;
  subject: ObjectDef;
  hint: string;
  onChange(next: Then): void;
}) {
  const t = useAutomationText();
  const label = useLabel();
  const noun = useNoun();
  const { objects } = useCatalog();
  const relations = subject.fields.filter((field) => field.type === 'relation' && !field.retired);
  const target = subject.fields.find(({ name }) => name === action.on)?.target;
  const object = target === undefined ? subject : (objects.find(({ name }) => name === target) ?? subject);
  const fields = writable(object, action.do === 'tag');
  const field = object.fields.find(({ name }) => name === action.field);
  return (
    <>
      {relations.length > 0 && (
        <Choice
          label={t('on-target')}
          value={action.on ?? ''}
          options={[
            ['', t('on-self', { object: noun(subject.label) })],
            ...relations.map((relation): Option => [relation.name, label(relation.label)]),
          ]}
          onChange={(on) => {
            const next =
              objects.find(({ name }) => name === subject.fields.find((one) => one.name === on)?.target) ?? subject;
            const first = writable(next, action.do === 'tag')[0]?.name ?? '';
            onChange({ ...action, on: on || undefined, field: first });
          }}
        />
      )}
      <Choice
        label={t('field')}
        value={action.field}
        options={fields.map((one) => [one.name, label(one.label)])}
        onChange={(name) =>
          onChange(
            action.do === 'tag'
              ? { ...action, field: name, add: [], remove: [] }
              : { ...action, field: name, value: '' },
          )
        }
      />
      {action.do === 'tag' && field && (
        <>
          <TagBox
            legend={t('add-tags')}
            field={field}
            chosen={action.add}
            onChange={(add) => onChange({ ...action, add })}
          />
          <TagBox
            legend={t('remove-tags')}
            field={field}
            chosen={action.remove}
            onChange={(remove) => onChange({ ...action, remove })}
          />
        </>
      )}
      {action.do !== 'tag' && field && (
        <ValueBox field={field} value={action.value} hint={hint} onChange={(value) => onChange({ ...action, value })} />
      )}
    </>
  );
}

/** Fields that a rule may write: those with tags, or the others. */
export const writable = (object: ObjectDef, tags: boolean): FieldDef[] =>
  object.fields.filter(
    (field) => !field.retired && !field.readonly && (field.type === 'tags' || field.type === 'multiselect') === tags,
  );

function TagBox({
  legend,
  field,
  chosen,
  onChange,
}: {
  legend: string;
  field: FieldDef;
  chosen: string[];
  onChange(next: string[]): void;
}) {
  const label = useLabel();
  const options = field.options?.filter(({ retired }) => !retired) ?? [];
  if (options.length === 0)
    return (
      <TextBox
        label={legend}
        value={chosen.join(' ')}
        onChange={(text) => onChange(text.split(/[\s,，、]+/).filter(Boolean))}
      />
    );
  return (
    <Ticks
      legend={legend}
      options={options.map((one) => [one.value, label(one.label)])}
      chosen={chosen}
      onChange={onChange}
    />
  );
}

function ValueBox({
  field,
  value,
  hint,
  onChange,
}: {
  field: FieldDef;
  value: FieldValue;
  hint: string;
  onChange(next: FieldValue): void;
}) {
  const t = useAutomationText();
  const label = useLabel();
  const people = useAccounts().filter(({ disabled }) => !disabled);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const choices: Option[] | null =
    field.type === 'select'
      ? (field.options?.filter(({ retired }) => !retired).map((one): Option => [one.value, label(one.label)]) ?? [])
      : field.type === 'user'
        ? people.map(({ id, name }): Option => [id, name])
        : null;
  if (choices)
    return (
      <Choice
        label={t('value')}
        value={text}
        options={[['', '—'], ...choices]}
        onChange={(next) => onChange(next || null)}
      />
    );
  return <TextBox label={t('value')} hint={hint} value={text} onChange={onChange} />;
}
