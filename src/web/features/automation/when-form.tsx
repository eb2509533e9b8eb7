import { EVENTS } from '../../../domain/automation/types.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldTypeName, ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, NumberBox, type Option, Tick, Ticks } from '../../ui/form-parts.tsx';
import type { ConditionTools, When } from './automation-api.ts';
import { weekdayWord } from './rule-words.tsx';
import { useAutomationText } from './texts/words.ts';

const KINDS = ['created', 'changed', 'deleted', 'event', 'count', 'silence', 'still', 'date', 'every'] as const;
const HOURS: Option[] = Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`]);
const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** What wakes a rule. */
export function WhenForm({ when, tools, onChange }: { when: When; tools: ConditionTools; onChange(next: When): void }) {
  const t = useAutomationText();
  const label = useLabel();
  const objects = useCatalog().objects.filter(({ retired }) => !retired);
  const object = objects.find(({ name }) => name === when.object);
  const start = (on: When['on'], name: string) =>
    onChange(
      newWhen(
        on,
        objects.find((one) => one.name === name),
        objects,
      ),
    );
  return (
    <>
      <Choice
        label={t('object')}
        value={when.object}
        options={objects.map(({ name, label: words }) => [name, label(words)])}
        onChange={(name) => start(when.on, name)}
      />
      <Choice
        label={t('happens')}
        value={when.on}
        options={KINDS.map((on) => [on, t(`on-${on}`)])}
        onChange={(on) => start(on as When['on'], when.object)}
      />
      {object && <Details when={when} object={object} objects={objects} tools={tools} onChange={onChange} />}
    </>
  );
}

function Details({
  when,
  object,
  objects,
  tools,
  onChange,
}: {
  when: When;
  object: ObjectDef;
  objects: ObjectDef[];
  tools: ConditionTools;
  onChange(next: When): void;
}) {
  const t = useAutomationText();
  const label = useLabel();
  const fieldsOf = (of: ObjectDef, ...types: FieldTypeName[]): Option[] =>
    of.fields
      // Roll-ups become others without a change that would wake a rule.
      .filter((field) => !field.retired && (types.length === 0 ? !field.rollup : types.includes(field.type)))
      .map((field) => [field.name, label(field.label)]);
  const hour = (value: number, set: (next: number) => void) => (
    <Choice label={t('hour')} value={String(value)} options={HOURS} onChange={(next) => set(Number(next))} />
  );
  const days = (value: number, set: (next: number) => void, name = t('days')) => (
    <NumberBox label={name} min={1} max={1500} value={value} onChange={set} />
  );
  const condition = (
    name: string,
    of: ObjectDef,
    filter: Filter | undefined,
    set: (next: Filter | undefined) => void,
  ) => (
    <div className="xk-form-row">
      <span>{name}</span>
      <tools.Editor own label={name} object={of} filter={filter} onChange={set} />
    </div>
  );
  switch (when.on) {
    case 'created':
      return (
        <Tick
          label={t('imports')}
          checked={when.imports === true}
          onChange={(on) => onChange({ ...when, imports: on })}
        />
      );
    case 'changed':
      return (
        <>
          <Ticks
            legend={t('fields')}
            hint={t('fields-hint')}
            options={fieldsOf(object)}
            chosen={when.fields}
            onChange={(fields) => onChange({ ...when, fields })}
          />
          {condition(t('before'), object, when.before, (before) => onChange({ ...when, before }))}
          <Tick
            label={t('becomes')}
            checked={when.becomes === true}
            onChange={(on) => onChange({ ...when, becomes: on })}
          />
          <Tick
            label={t('created')}
            checked={when.created === true}
            onChange={(on) => onChange({ ...when, created: on })}
          />
          <Tick
            label={t('imports')}
            checked={when.imports === true}
            onChange={(on) => onChange({ ...when, imports: on })}
          />
        </>
      );
    case 'deleted':
      return null;
    case 'event':
      return (
        <Choice
          label={t('event')}
          value={when.event}
          options={EVENTS.map((event) => [event, t(`event-${event}`)])}
          onChange={(event) =>
            onChange({ on: 'event', object: when.object, event: EVENTS.find((one) => one === event) ?? 'evidence' })
          }
        />
      );
    case 'count':
      return (
        <>
          <Choice
            label={t('of-relation')}
            value={when.of}
            options={fieldsOf(object, 'relation')}
            onChange={(of) => onChange({ ...when, of })}
          />
          {condition(t('counted'), object, when.filter, (filter) => onChange({ ...when, filter }))}
          <NumberBox
            label={t('at-least')}
            min={1}
            max={1000}
            value={when.atLeast}
            onChange={(atLeast) => onChange({ ...when, atLeast })}
          />
          {days(when.days, (next) => onChange({ ...when, days: next }), t('within'))}
        </>
      );
    case 'silence': {
      const by = objects.find(({ name }) => name === when.by);
      return (
        <>
          <Choice
            label={t('by-object')}
            value={when.by}
            options={pointingAt(object, objects).map(({ object: one }) => [one.name, label(one.label)])}
            onChange={(name) => onChange({ ...when, ...bySource(object, objects, name), filter: undefined })}
          />
          {by && condition(t('counted'), by, when.filter, (filter) => onChange({ ...when, filter }))}
          {days(when.days, (next) => onChange({ ...when, days: next }))}
          {hour(when.hour, (next) => onChange({ ...when, hour: next }))}
        </>
      );
    }
    case 'still':
      return (
        <>
          <Choice
            label={t('field')}
            value={when.field}
            options={fieldsOf(object)}
            onChange={(field) => onChange({ ...when, field })}
          />
          {days(when.days, (next) => onChange({ ...when, days: next }))}
          {hour(when.hour, (next) => onChange({ ...when, hour: next }))}
        </>
      );
    case 'date':
      return (
        <>
          <Choice
            label={t('field')}
            value={when.field}
            options={fieldsOf(object, 'date', 'datetime')}
            onChange={(field) => onChange({ ...when, field })}
          />
          <Choice
            label={t('before-after')}
            value={when.days < 0 ? 'before' : 'after'}
            options={[
              ['before', t('days-before')],
              ['after', t('days-after')],
            ]}
            onChange={(side) =>
              onChange({ ...when, days: side === 'before' ? -Math.abs(when.days) : Math.abs(when.days) })
            }
          />
          <NumberBox
            label={t('days')}
            min={0}
            max={1500}
            value={Math.abs(when.days)}
            onChange={(days) => onChange({ ...when, days: when.days < 0 ? -days : days })}
          />
          {hour(when.hour, (next) => onChange({ ...when, hour: next }))}
          <Tick
            label={t('yearly')}
            checked={when.yearly === true}
            onChange={(on) => onChange({ ...when, yearly: on || undefined })}
          />
        </>
      );
    case 'every':
      return (
        <>
          <Choice
            label={t('every')}
            value={when.every}
            options={[
              ['day', t('every-day')],
              ['week', t('every-week')],
            ]}
            onChange={(every) => onChange({ ...when, every: every === 'week' ? 'week' : 'day', weekday: 1 })}
          />
          {when.every === 'week' && (
            <Choice
              label={t('weekday')}
              value={String(when.weekday ?? 1)}
              options={WEEK.map((day) => [String(day), weekdayWord(t, day)])}
              onChange={(day) => onChange({ ...when, weekday: Number(day) })}
            />
          )}
          {hour(when.hour, (next) => onChange({ ...when, hour: next }))}
        </>
      );
  }
}

/** Objects with a relation to this one. */
const pointingAt = (object: ObjectDef, objects: ObjectDef[]): { object: ObjectDef; of: string }[] =>
  objects.flatMap((one) => {
    const relation = one.fields.find(
      (field) => field.type === 'relation' && field.target === object.name && !field.retired,
    );
    return relation ? [{ object: one, of: relation.name }] : [];
  });

/** Kind of contact, its relation, and the field that says when. */
function bySource(object: ObjectDef, objects: ObjectDef[], name?: string): { by: string; of: string; at?: string } {
  const sources = pointingAt(object, objects);
  const found =
    sources.find((one) => one.object.name === name) ??
    sources.find((one) => one.object.name === 'interaction') ??
    sources[0];
  const at = found?.object.fields.find((field) => field.name === 'at' && field.type === 'datetime')?.name;
  return { by: found?.object.name ?? object.name, of: found?.of ?? '', ...(at !== undefined && { at }) };
}

/** A beginning of each kind. */
function newWhen(on: When['on'], object: ObjectDef | undefined, objects: ObjectDef[]): When {
  const name = object?.name ?? 'customer';
  const first = (...types: FieldTypeName[]) =>
    object?.fields.find((field) => !field.retired && types.includes(field.type))?.name;
  switch (on) {
    case 'created':
    case 'deleted':
      return { on, object: name };
    case 'changed':
      return { on, object: name, fields: [], becomes: true };
    case 'event':
      return { on, object: name, event: 'evidence' };
    case 'count': {
      const at = object?.fields.find((field) => field.name === 'at' && field.type === 'datetime')?.name;
      return {
        on,
        object: name,
        of: first('relation') ?? 'customer',
        atLeast: 3,
        days: 90,
        ...(at !== undefined && { at }),
      };
    }
    case 'silence':
      return { on, object: name, ...(object ? bySource(object, objects) : { by: name, of: '' }), days: 180, hour: 8 };
    case 'still':
      return { on, object: name, field: first('select') ?? object?.title ?? '', days: 14, hour: 9 };
    case 'date':
      return { on, object: name, field: first('date', 'datetime') ?? '', days: -30, hour: 8 };
    case 'every':
      return { on, object: name, every: 'day', hour: 9 };
  }
}
