import { fieldsIn } from '../filter/fields-in.ts';
import { isSystemName } from '../filter/subject.ts';
import type { Filter } from '../filter/types.ts';
import { mayBeSealed } from './sealed.ts';
import type { FieldDef, FieldTypeName, ObjectDef, Rollup } from './types.ts';

/** A field that is kept from the records that point to its own. */
export interface RollupField {
  object: ObjectDef;
  field: FieldDef & { rollup: Rollup };
}

/** Types by what can be made of them. */
const SUMMED: readonly FieldTypeName[] = ['number', 'money'];
const ORDERED: readonly FieldTypeName[] = ['number', 'money', 'percent', 'rating', 'date', 'datetime'];
const TIMES: readonly FieldTypeName[] = ['date', 'datetime'];
const LATEST: readonly FieldTypeName[] = [...ORDERED, 'text', 'select', 'user'];

/** Types of fields of which the function can be made; none for count. */
export function typesFor(fn: Rollup['fn']): readonly FieldTypeName[] {
  if (fn === 'count') return [];
  if (fn === 'sum') return SUMMED;
  return fn === 'last' ? LATEST : ORDERED;
}

export const isTime = (field: Pick<FieldDef, 'type'>): boolean => TIMES.includes(field.type);

export type RollupProblem =
  | 'rollup-relation'
  | 'rollup-field'
  | 'rollup-by'
  | 'rollup-encrypted'
  | 'rollup-filter'
  | 'rollup-circle';

/** What a roll-up is of: the type of its values, and what shows them. Count: whole numbers. */
export function resultOf(
  rollup: Rollup,
  objects: readonly ObjectDef[],
): Pick<FieldDef, 'type' | 'scale' | 'currency' | 'options'> {
  const source = sourceOf(rollup, objects);
  if (rollup.fn === 'count' || !source) return { type: 'number', scale: 0 };
  const { type, scale, currency, options } = asShown(source, objects);
  return {
    type,
    ...(scale !== undefined && { scale }),
    ...(currency !== undefined && { currency }),
    ...(options !== undefined && { options }),
  };
}

/** Why a field can't be such a roll-up: code of an error; null when it can. `name`: the field itself, when it is there already. */
export function whyNotRollup(
  objects: readonly ObjectDef[],
  object: string,
  name: string,
  rollup: Rollup,
): RollupProblem | null {
  const of = objects.find((one) => one.name === rollup.of);
  const find = (field: string | undefined) => of?.fields.find((one) => one.name === field && !one.retired);
  const via = find(rollup.via);
  if (via?.type !== 'relation' || via.target !== object) return 'rollup-relation';
  const source = find(rollup.field);
  if (rollup.fn !== 'count' && !(source && typesFor(rollup.fn).includes(source.type))) return 'rollup-field';
  const by = find(rollup.by);
  if (rollup.fn === 'last' && !(by && isTime(by))) return 'rollup-by';
  const named = rollup.filter ? fieldsIn(rollup.filter) : [];
  if (rollup.filter && (!isLasting(rollup.filter) || named.some((one) => !find(one)))) return 'rollup-filter';
  if ([via, source, by, ...named.map(find)].some((one) => one !== undefined && mayBeSealed(one)))
    return 'rollup-encrypted';
  return inCircle(objects, object, name, rollup) ? 'rollup-circle' : null;
}

/** A condition whose answer changes only when the record does: fixed values of own fields. */
export function isLasting(filter: Filter): boolean {
  if ('all' in filter) return filter.all.every(isLasting);
  if ('any' in filter) return filter.any.every(isLasting);
  if ('not' in filter) return isLasting(filter.not);
  if (filter.field.includes('.') || isSystemName(filter.field)) return false;
  if (['within', 'stale', 'confidenceBelow'].includes(filter.op)) return false;
  const values = Array.isArray(filter.value) ? filter.value : [filter.value];
  return !values.some((value) => typeof value === 'string' && value.startsWith('$'));
}

/** Fields of the records looked at: a change of any other leaves the figure as it is. */
export function fieldsRead({ via, field, by, filter }: Rollup): Set<string> {
  const named = filter ? fieldsIn(filter) : [];
  return new Set([via, field, by, ...named].filter((name) => name !== undefined));
}

/** Roll-ups in use, by the object whose records they look at. */
export function rollupsBySource(objects: readonly ObjectDef[]): Map<string, RollupField[]> {
  const found = new Map<string, RollupField[]>();
  for (const object of objects)
    for (const field of object.fields) {
      if (!isRollup(field) || field.retired) continue;
      found.set(field.rollup.of, [...(found.get(field.rollup.of) ?? []), { object, field }]);
    }
  return found;
}

export const isRollup = (field: FieldDef): field is RollupField['field'] => field.rollup !== undefined;

/** A field with what follows from the records it looks at, as they are declared now. */
export function asShown(field: FieldDef, objects: readonly ObjectDef[]): FieldDef {
  return field.rollup ? { ...field, ...resultOf(field.rollup, objects) } : field;
}

/** Roll-ups that look at a field. */
export function usersOf(objects: readonly ObjectDef[], object: string, name: string): RollupField[] {
  return (rollupsBySource(objects).get(object) ?? []).filter(({ field }) => fieldsRead(field.rollup).has(name));
}

function sourceOf({ of, field }: Rollup, objects: readonly ObjectDef[]): FieldDef | undefined {
  return objects.find(({ name }) => name === of)?.fields.find(({ name }) => name === field);
}

/** Whether a figure would be made of itself, over however many steps. */
function inCircle(objects: readonly ObjectDef[], object: string, name: string, rollup: Rollup): boolean {
  const seen = new Set<string>();
  const leadsBack = (of: string, read: Iterable<string>): boolean => {
    for (const one of read) {
      if (of === object && one === name) return true;
      const key = `${of}.${one}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const field = objects.find((each) => each.name === of)?.fields.find((each) => each.name === one);
      if (field?.rollup && leadsBack(field.rollup.of, fieldsRead(field.rollup))) return true;
    }
    return false;
  };
  return leadsBack(rollup.of, fieldsRead(rollup));
}
