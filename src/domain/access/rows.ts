import type { Filter } from '../filter/types.ts';
import type { FieldValue, ObjectDef } from '../schema/types.ts';
import type { PersonFacts } from './facts.ts';
import { type Role, type RowRule, roleObject } from './role.ts';

type Leaf = Extract<Filter, { field: string }>;

/** The rows that one role reaches of an object, for one person: all, or a filter with plain values. */
export function rowsOf(
  role: Role,
  object: ObjectDef,
  objects: readonly ObjectDef[],
  facts: PersonFacts,
): true | Filter {
  const parts = (roleObject(role, object.name)?.rows ?? []).map((rule) => ruleRows(rule, role, object, objects, facts));
  return union(parts);
}

export const NONE: Filter = { any: [] };
export const isNone = (rows: true | Filter): boolean => rows !== true && 'any' in rows && rows.any.length === 0;

/** Lists of values of one field become one list, so that an index finds them in one go. */
export function union(parts: (true | Filter)[]): true | Filter {
  if (parts.includes(true)) return true;
  const values = new Map<string, Set<FieldValue>>();
  const others: Filter[] = [];
  const take = (part: Filter): void => {
    if ('any' in part) for (const one of part.any) take(one);
    else if ('field' in part && (part.op === 'eq' || part.op === 'in')) addTo(values, part);
    else if (!others.some((other) => JSON.stringify(other) === JSON.stringify(part))) others.push(part);
  };
  for (const part of parts) if (part !== true) take(part);
  const lists = [...values].map(
    ([field, set]): Filter => ({ field, op: 'in', value: [...set].sort() as FieldValue[] }),
  );
  const all = [...lists, ...others];
  const [only] = all;
  return all.length === 1 && only ? only : { any: all };
}

function addTo(values: Map<string, Set<FieldValue>>, { field, op, value }: Leaf): void {
  const set = values.get(field) ?? new Set();
  values.set(field, set);
  for (const one of op === 'in' && Array.isArray(value) ? value : [value]) set.add((one ?? null) as FieldValue);
}

function ruleRows(
  rule: RowRule,
  role: Role,
  object: ObjectDef,
  objects: readonly ObjectDef[],
  facts: PersonFacts,
): true | Filter {
  switch (rule.rule) {
    case 'all':
      return true;
    case 'own':
      return ownedBy(object, [facts.account]);
    case 'team':
      return ownedBy(object, facts.team);
    case 'department':
      return ownedBy(object, facts.department);
    case 'territory':
      return union(
        facts.territories.filter((one) => one.object === object.name).map((one) => inTerritory(object, one)),
      );
    case 'parent':
      return ofParent(role, object, objects, facts);
    case 'filter':
      return withMe(rule.filter, facts.account);
    case 'shared':
      // Shares carry what he who shared could see (compose.ts); the role's own modes don't reach them.
      return NONE;
  }
}

function ownedBy(object: ObjectDef, accounts: string[]): Filter {
  return object.owner ? { field: object.owner, op: 'in', value: accounts } : NONE;
}

function inTerritory(object: ObjectDef, { field, values }: PersonFacts['territories'][number]): Filter {
  const def = object.fields.find(({ name }) => name === field);
  if (!def || values.length === 0) return NONE;
  const op = def.type === 'tree' ? 'under' : def.type === 'tags' || def.type === 'multiselect' ? 'hasAny' : 'in';
  return { field, op, value: values };
}

/** The parent's rows, said of the record that belongs to it. One step only: a path of two can't be said. */
function ofParent(role: Role, object: ObjectDef, objects: readonly ObjectDef[], facts: PersonFacts): true | Filter {
  const relation = object.fields.find(({ name }) => name === object.parent);
  const parent = objects.find(({ name }) => name === relation?.target);
  if (!relation || !parent) return NONE;
  const rules = roleObject(role, parent.name)?.rows.filter(({ rule }) => rule !== 'parent') ?? [];
  const rows = union(rules.map((rule) => ruleRows(rule, role, parent, objects, facts)));
  return rows === true ? { field: relation.name, op: 'notEmpty' } : (through(rows, relation.name) ?? NONE);
}

function through(filter: Filter, relation: string): Filter | null {
  if ('any' in filter) return { any: filter.any.flatMap((part) => through(part, relation) ?? []) };
  if ('all' in filter) {
    const parts = filter.all.map((part) => through(part, relation));
    return parts.every((part) => part !== null) ? { all: parts } : null;
  }
  if ('not' in filter) return null;
  if (filter.field === '$id') return { ...filter, field: relation };
  return filter.field.startsWith('$') || filter.field.includes('.')
    ? null
    : { ...filter, field: `${relation}.${filter.field}` };
}

/** `$me` in a role's own filter is whoever holds the role, also where nobody is signed in (a job acting for him). */
function withMe(filter: Filter, account: string): Filter {
  if ('any' in filter) return { any: filter.any.map((part) => withMe(part, account)) };
  if ('all' in filter) return { all: filter.all.map((part) => withMe(part, account)) };
  if ('not' in filter) return { not: withMe(filter.not, account) };
  if (filter.value === '$me') return { ...filter, value: filter.field.startsWith('$') ? `user:${account}` : account };
  return filter;
}
