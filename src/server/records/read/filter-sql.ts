import sql, { join, raw, type Sql } from 'sql-template-tag';
import { plainRows, rowsFor } from '../../../domain/access/reach.ts';
import type { Access, Action } from '../../../domain/access/types.ts';
import { fold } from '../../../domain/filter/matches.ts';
import { type FilterEnv, isLeaf, type Meaning, readLeaf, type Test } from '../../../domain/filter/meaning.ts';
import { findSubject, type Subject, type SystemName } from '../../../domain/filter/subject.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { collationOf } from '../catalog/collation.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { equalSealed, sealedMeaning } from '../sealed/lookup-sql.ts';
import type { Lookup } from '../sealed/sealing.ts';
import type { FreshnessLens } from './freshness-lens.ts';

export interface SqlEnv extends FilterEnv {
  workspace: string;
  catalog: Catalog;
  /** Row scopes of related objects apply through paths. Absent: the filter is the system's own (a row scope). */
  access?: Access;
  lens?: FreshnessLens;
  /** Look-up texts of encrypted fields; absent where none is encrypted, or their keys are not at hand. */
  lookup?: Lookup;
}

/** Compared by identity: conditions that always hold are left out. */
export const TRUE = sql`true`;
export const FALSE = sql`false`;

/**
 * A filter as a condition on the object's table under `alias`. Means the same as `matches` (a property test compares them).
 * Throws on a condition that can't be read: callers validate what people send, and a broken row scope must fail closed.
 */
export function filterSql(filter: Filter, object: ObjectDef, alias: string, env: SqlEnv): Sql {
  if ('all' in filter) return all(filter.all.map((f) => filterSql(f, object, alias, env)));
  if ('any' in filter) return any(filter.any.map((f) => filterSql(f, object, alias, env)));
  // `is not true`, not `not`: a comparison with null is no match, so its negation is one.
  if ('not' in filter) return sql`((${filterSql(filter.not, object, alias, env)}) is not true)`;
  if (!isLeaf(filter)) throw new Error('not a filter');
  const subject = findSubject(env.catalog, object, filter.field);
  const read = subject && readLeaf(filter, subject, env);
  if (!read || 'issue' in read) throw new Error(`filter cannot be read: ${filter.field} ${filter.op}`);
  return meaningSql(storedMeaning(read.meaning, subject, env), subject, alias, env);
}

/** The condition as the columns hold the values. */
export function storedMeaning(meaning: Meaning, subject: Subject, env: SqlEnv): Meaning {
  return subject.is === 'system' ? meaning : sealedMeaning(meaning, subject.field, env);
}

/** Rows the actor may see at all, or do something with, over the same alias. */
export function scopeSql(
  access: Access,
  object: ObjectDef,
  alias: string,
  env: Omit<SqlEnv, 'access'>,
  action: Action = 'read',
): Sql {
  const rows = rowsFor(access.objects[object.name], action);
  return rows === false ? FALSE : rowsSql(rows, object, alias, env);
}

function rowsSql(rows: true | Filter, object: ObjectDef, alias: string, env: Omit<SqlEnv, 'access'>): Sql {
  if (rows === true) return TRUE;
  const { access: _, ...system } = env as SqlEnv;
  return filterSql(rows, object, alias, system);
}

/** Which grants reach a row, one bit each; null where all rows are alike. */
export function reachSql(access: Access, object: ObjectDef, alias: string, env: Omit<SqlEnv, 'access'>): Sql | null {
  const { grants } = access.objects[object.name] ?? {};
  if (!grants) return null;
  const bits = grants.map(({ rows }, place) => {
    const bit = raw(String(2 ** place));
    return rows === true ? sql`${bit}` : sql`(case when ${rowsSql(rows, object, alias, env)} then ${bit} else 0 end)`;
  });
  return sql`(${join(bits, ' + ')})::int4`;
}

/** Rows in which the actor may read the field in plain. In others a condition sees it as empty, so nothing can be guessed by asking. */
export function plainSql(object: ObjectDef, field: string, alias: string, env: SqlEnv): Sql {
  if (!env.access) return TRUE;
  return rowsSql(plainRows(env.access.objects[object.name], field), object, alias, env);
}

export function all(parts: Sql[]): Sql {
  const kept = parts.filter((p) => p !== TRUE);
  if (kept.length === 0) return TRUE;
  const [only] = kept;
  return kept.length === 1 && only ? only : sql`(${join(kept, ' and ')})`;
}

export function any(parts: Sql[]): Sql {
  return parts.length === 0 ? FALSE : sql`(${join(parts, ' or ')})`;
}

/** One readable condition on a column that stands for the field (a former value, say). */
export function conditionOn(column: Sql, meaning: Meaning, subject: Subject): Sql {
  if ('not' in meaning) return sql`((${conditionOn(column, meaning.not, subject)}) is not true)`;
  if ('any' in meaning) return any(meaning.any.map((m) => conditionOn(column, m, subject)));
  return 'never' in meaning ? FALSE : testSql(meaning, column, subject);
}

function meaningSql(meaning: Meaning, subject: Subject, alias: string, env: SqlEnv): Sql {
  if ('not' in meaning) return sql`((${meaningSql(meaning.not, subject, alias, env)}) is not true)`;
  if ('any' in meaning) return any(meaning.any.map((m) => meaningSql(m, subject, alias, env)));
  if ('never' in meaning) return FALSE;
  if (subject.is === 'path') return pathSql(meaning, subject, alias, env);
  const plain = subject.is === 'field' ? plainSql(subject.object, subject.field.name, alias, env) : TRUE;
  if (plain !== TRUE) return all([plain, ownSql(meaning, subject, alias, env)]);
  return ownSql(meaning, subject, alias, env);
}

function ownSql(meaning: Test, subject: Exclude<Subject, { is: 'path' }>, alias: string, env: SqlEnv): Sql {
  if (meaning.test === 'stale' || meaning.test === 'below') return cellSql(meaning, subject, alias, env);
  if (subject.is === 'system' && inFreshness(subject.name)) {
    const f = ident(`${alias}f`);
    const test = testSql(meaning, sql`${f}.${FRESHNESS_COLUMNS[subject.name]}`, subject);
    return sql`exists (select 1 from ${tableOf(env.workspace, 'freshness')} ${f} where ${f}.record = ${ident(alias)}.id and ${test})`;
  }
  return testSql(meaning, columnOf(subject, alias), subject);
}

/** Column of a field or of a system name that the object's own table has. */
export function columnOf(subject: Extract<Subject, { is: 'field' | 'system' }>, alias: string): Sql {
  const name = subject.is === 'field' ? subject.field.name : subject.name.slice(1);
  return sql`${ident(alias)}.${ident(name)}`;
}

type FreshnessName = '$freshness' | '$due_at';
export const FRESHNESS_COLUMNS: Record<FreshnessName, Sql> = { $freshness: ident('score'), $due_at: ident('due_at') };
export const inFreshness = (name: SystemName): name is FreshnessName => Object.hasOwn(FRESHNESS_COLUMNS, name);

/** Through one relation: a related record that is deleted or out of sight counts as none. */
function pathSql(test: Test, subject: Extract<Subject, { is: 'path' }>, alias: string, env: SqlEnv): Sql {
  const r = `${alias}r`;
  const visible = env.access ? scopeSql(env.access, subject.target, r, env) : TRUE;
  const plain = plainSql(subject.object, subject.relation.name, alias, env);
  const inner: Subject = { is: 'field', object: subject.target, field: subject.field, kind: subject.kind };
  const found = sql`exists (select 1 from ${tableOf(env.workspace, subject.target.name)} ${ident(r)} where ${ident(r)}.id = ${ident(alias)}.${ident(subject.relation.name)} and ${ident(r)}.deleted_at is null and ${all([visible, meaningSql(test, inner, r, env)])})`;
  return all([plain, found]);
}

function cellSql(test: Extract<Test, { test: 'stale' | 'below' }>, subject: Subject, alias: string, env: SqlEnv): Sql {
  if (subject.is !== 'field' || !env.lens) return FALSE;
  const f = ident(`${alias}f`);
  const held =
    test.test === 'stale'
      ? env.lens.stale(subject.object, subject.field, f, env.now)
      : env.lens.below(subject.object, subject.field, test.confidence, f, env.now);
  return sql`exists (select 1 from ${tableOf(env.workspace, 'freshness')} ${f} where ${f}.record = ${ident(alias)}.id and ${held})`;
}

/** LIKE pattern text with its three special characters taken literally. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`);

function testSql(test: Test, column: Sql, subject: Subject): Sql {
  switch (test.test) {
    case 'present':
      return subject.kind === 'set' ? sql`cardinality(${column}) > 0` : sql`${column} is not null`;
    case 'equal': {
      const [first] = test.values;
      const compared = subject.is === 'system' ? column : sql`${column}${collationOf(subject.field)}`;
      if (test.values.length === 1) return sql`${compared} = ${operand(first, subject)}`;
      return sql`${compared} = any(${operandList(test.values, subject)})`;
    }
    case 'contains':
      return sql`lower(${column}) like ${`%${literal(fold(test.text))}%`}`;
    case 'starts': {
      const caseless = fold(test.text) === test.text && test.text.toUpperCase() === test.text;
      const pattern = `${literal(fold(test.text))}%`;
      // Chinese and digits have no case: the bare column lets a prefix be a range of its index.
      return caseless ? sql`${column} like ${pattern}` : sql`lower(${column}) like ${pattern}`;
    }
    case 'range': {
      const ends: Sql[] = [];
      if (test.from) {
        const value = operand(test.from.value, subject);
        ends.push(test.from.inclusive ? sql`${column} >= ${value}` : sql`${column} > ${value}`);
      }
      if (test.to) {
        const value = operand(test.to.value, subject);
        ends.push(test.to.inclusive ? sql`${column} <= ${value}` : sql`${column} < ${value}`);
      }
      return all(ends);
    }
    case 'overlap':
      return sql`${column} && ${test.values}::text[]`;
    case 'superset':
      return sql`${column} @> ${test.values}::text[]`;
    case 'sealed':
      return equalSealed(column, test.lookups, test.plain);
    case 'stale':
    case 'below':
      throw new Error('a cell test has no column');
  }
}

/** A parameter takes the column's type, except where the operand may not fit it (2.5 against smallint, 10^9 against real): no index then. */
function operand(value: string | number | boolean | undefined, subject: Subject): Sql {
  if (subject.is !== 'system' && fitsSmallint(value)) return sql`${value}`;
  const narrow = subject.is === 'system' ? subject.kind === 'number' : subject.field.type === 'rating';
  return narrow ? sql`${value}::double precision` : sql`${value}`;
}

const fitsSmallint = (value: unknown): boolean => Number.isInteger(value) && Math.abs(Number(value)) < 32_768;

function operandList(values: (string | number | boolean)[], subject: Subject): Sql {
  if (subject.is !== 'system' && values.every(fitsSmallint)) return sql`${values}`;
  const narrow = subject.is === 'system' ? subject.kind === 'number' : subject.field.type === 'rating';
  return narrow ? sql`${values}::double precision[]` : sql`${values}`;
}
