import sql, { join, raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import { isLeaf, type Leaf } from '../../../domain/filter/meaning.ts';
import { findSubject, type Subject } from '../../../domain/filter/subject.ts';
import type { Filter, FilterOp, Sort } from '../../../domain/filter/types.ts';
import { subjectIssue } from '../../../domain/filter/validate.ts';
import type { Issue } from '../../../domain/issue.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { sortColumn } from '../catalog/collation.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { all, columnOf, FRESHNESS_COLUMNS, inFreshness, type SqlEnv, scopeSql, TRUE } from './filter-sql.ts';

/** One sort criterion, ready for SQL. */
export interface SortKey {
  field: string;
  dir: 'asc' | 'desc';
  /** As in an index: with collation. */
  expression: Sql;
  /** Type the text in a cursor is cast back to. */
  type: string;
  nullable: boolean;
  /** Table to join besides the object's own. */
  joins: Sql | null;
  /** Own column an index on demand would be on. */
  column: string | null;
}

export type SortPlan = { keys: SortKey[]; id: 'asc' | 'desc' };

/** Reads `sort`; newest first when there is none. */
export function planSort(
  sort: Sort[],
  object: ObjectDef,
  alias: string,
  env: SqlEnv,
): { plan: SortPlan; issues: Issue[] } {
  const issues: Issue[] = [];
  const keys: SortKey[] = [];
  let id: 'asc' | 'desc' = sort[0]?.dir ?? 'desc';
  for (const { field: name, dir } of sort) {
    const subject = findSubject(env.catalog, object, name);
    const issue = subject
      ? env.access && subjectIssue(subject, env.access, name)
      : { code: 'filter-field', field: name, params: { field: name } };
    if (issue) issues.push(issue);
    else if (subject && subject.is !== 'system' && mayBeSealed(subject.field))
      issues.push({ code: 'sort-encrypted', field: name, params: { field: name } });
    else if (subject?.kind === 'json') issues.push({ code: 'sort-field', field: name, params: { field: name } });
    else if (subject?.is === 'system' && subject.name === '$id') {
      // Nothing sorts within one id.
      id = dir;
      break;
    } else if (subject) keys.push({ ...keyOf(subject, alias, env), field: name, dir });
  }
  return { plan: { keys, id }, issues };
}

function keyOf(subject: Subject, alias: string, env: SqlEnv): Omit<SortKey, 'field' | 'dir'> {
  if (subject.is === 'system') {
    if (inFreshness(subject.name)) {
      const f = ident(`${alias}f`);
      return {
        expression: sql`${f}.${FRESHNESS_COLUMNS[subject.name]}`,
        type: subject.name === '$due_at' ? 'timestamptz' : 'real',
        nullable: true,
        // The object's number lets the index on (object, due_at) deliver the order.
        joins: sql`left join ${tableOf(env.workspace, 'freshness')} ${f} on ${f}.record = ${ident(alias)}.id and ${f}.object = ${subject.object.id}`,
        column: null,
      };
    }
    return {
      expression: columnOf(subject, alias),
      type: subject.kind === 'datetime' ? 'timestamptz' : 'text',
      nullable: false,
      joins: null,
      column: subject.name.slice(1),
    };
  }
  const type = fieldType(subject.field.type).column;
  if (subject.is === 'field') {
    const expression = sql`${ident(alias)}.${sortColumn(subject.field)}`;
    return { expression, type, nullable: true, joins: null, column: subject.field.name };
  }
  const r = ident(`${alias}_${subject.relation.name}`);
  const visible = env.access ? scopeSql(env.access, subject.target, `${alias}_${subject.relation.name}`, env) : TRUE;
  return {
    expression: sql`${r}.${sortColumn(subject.field)}`,
    type,
    nullable: true,
    joins: sql`left join ${tableOf(env.workspace, subject.target.name)} ${r} on ${r}.id = ${ident(alias)}.${ident(subject.relation.name)} and ${all([sql`${r}.deleted_at is null`, visible])}`,
    column: null,
  };
}

/** Joins of all keys, each table once. */
export function joinsOf(plan: SortPlan): Sql {
  const unique = new Map(
    plan.keys.flatMap((k) => (k.joins ? [[`${k.joins.sql}|${k.joins.values.join()}`, k.joins]] : [])),
  );
  return join([sql``, ...unique.values()], ' ');
}

const direction = (dir: 'asc' | 'desc'): Sql => raw(dir);

/**
 * ORDER BY of one phase. Empty values come last in both directions; so that one btree serves both, rows with the first key
 * and rows without it are read in two phases, each in the index's own order. Later keys sort within, with nulls last.
 */
export function orderSql(plan: SortPlan, alias: string): Sql {
  const parts = plan.keys.map((key, i) =>
    i === 0 || !key.nullable
      ? sql`${key.expression} ${direction(key.dir)}`
      : sql`${key.expression} ${direction(key.dir)} nulls last`,
  );
  return join([...parts, sql`${ident(alias)}.id ${direction(plan.id)}`], ', ');
}

/** The same order over columns `k0`, `k1` … and `id` of a subquery that `keyColumns` made. */
export function orderOfColumns(plan: SortPlan): Sql {
  const parts = plan.keys.map(
    (key, i) => sql`${raw(`k${i}`)} ${direction(key.dir)}${raw(key.nullable ? ' nulls last' : '')}`,
  );
  return join([...parts, sql`id ${direction(plan.id)}`], ', ');
}

export function keyColumns(plan: SortPlan): Sql[] {
  return plan.keys.map((key, i) => sql`${key.expression} as ${raw(`k${i}`)}`);
}

/** Condition of a phase on the first key. Null when the sort has one phase only. */
export function phaseSql(plan: SortPlan, phase: Phase): Sql | null {
  const [first] = plan.keys;
  if (!first?.nullable || phase === 'both') return null;
  return phase === 'filled' ? sql`${first.expression} is not null` : sql`${first.expression} is null`;
}

/** `both`: in one go, for plans that sort anyway. */
export type Phase = 'filled' | 'empty' | 'both';

/** Phases that can have rows: a condition on the sort field itself often rules one out, and a phase without rows costs a whole index. */
export function phasesOf(plan: SortPlan, filter: Filter | undefined): ('filled' | 'empty')[] {
  const [first] = plan.keys;
  if (!first?.nullable) return ['filled'];
  const conditions = filter ? conjuncts(filter).filter((leaf) => leaf.field === first.field) : [];
  const empties = (leaf: Leaf): boolean =>
    leaf.value === null || (Array.isArray(leaf.value) && leaf.value.some((v) => v === null));
  if (conditions.some((leaf) => leaf.op === 'empty' || (leaf.op === 'eq' && leaf.value === null))) return ['empty'];
  return conditions.some((leaf) => FILLED_ONLY.has(leaf.op) && !empties(leaf)) ? ['filled'] : ['filled', 'empty'];
}

const FILLED_ONLY = new Set<FilterOp>([
  'eq',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'within',
  'contains',
  'startsWith',
  'under',
  'hasAny',
  'hasAll',
  'notEmpty',
]);

/** Conditions that every match fulfils. */
export function conjuncts(filter: Filter): Leaf[] {
  if ('all' in filter) return filter.all.flatMap(conjuncts);
  return isLeaf(filter) ? [filter] : [];
}

/** Place after which a page begins: the sort values of its last row as text (null = empty), and its id. */
export interface Place {
  values: (string | null)[];
  id: string;
}

/** Rows strictly after a place. */
export function afterSql(plan: SortPlan, place: Place, alias: string, phase: Phase): Sql {
  const id = sql`${ident(alias)}.id`;
  const past = (expression: Sql, dir: 'asc' | 'desc', value: Sql): Sql =>
    dir === 'asc' ? sql`${expression} > ${value}` : sql`${expression} < ${value}`;
  const values = plan.keys.map((key, i) => bound(key, place.values[i] ?? null));
  const [first] = plan.keys;
  const [only] = values;
  // One filled key: a row comparison is one range of the index.
  if (first && only && plan.keys.length === 1 && first.dir === plan.id && phase !== 'both')
    return past(sql`(${first.expression}, ${id})`, plan.id, sql`(${only}, ${place.id}::uuid)`);
  let after = past(id, plan.id, sql`${place.id}::uuid`);
  for (let i = plan.keys.length - 1; i >= 0; i--) {
    const key = plan.keys[i];
    const value = values[i];
    if (!key) continue;
    if (!value) {
      // Empty ones are last: only further empty ones can follow.
      after = i === 0 && phase !== 'both' ? after : sql`(${key.expression} is null and ${after})`;
      continue;
    }
    const beyond = past(key.expression, key.dir, value);
    const bounded = !key.nullable || (i === 0 && phase !== 'both');
    const further = bounded ? beyond : sql`(${beyond} or ${key.expression} is null)`;
    const same = sql`(${further} or (${key.expression} = ${value} and ${after}))`;
    // The leading bound is what an index can use; the rest decides among equals.
    const edge = key.dir === 'asc' ? sql`${key.expression} >= ${value}` : sql`${key.expression} <= ${value}`;
    after = i === 0 && bounded ? sql`(${edge} and ${same})` : same;
  }
  return after;
}

function bound(key: SortKey, value: string | null): Sql | null {
  if (value === null) return null;
  return key.type === 'text[]' ? sql`${JSON.parse(value)}::text[]` : sql`${value}::${raw(key.type)}`;
}

/** A key's value as text that `afterSql` takes back without loss (microseconds, all digits). */
export function keyText(key: SortKey): Sql {
  return key.type === 'text[]' ? sql`array_to_json(${key.expression})::text` : sql`${key.expression}::text`;
}
