import sql, { join, raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { isSealedSql, lookupSql } from '../sealed/lookup-sql.ts';
import { sortColumn } from './collation.ts';
import { ident, tableOf } from './names.ts';

/** Columns of every object table, in front of the fields' own. `title_doc` and the like live in search_entry and freshness, so that an edit rewrites no more than it must. */
export function createTable(workspace: string, object: ObjectDef): Sql[] {
  const table = tableOf(workspace, object.name);
  const columns = object.fields.map((field) => sql`${ident(field.name)} ${raw(columnType(field))}`);
  return [
    sql`create table ${table} (
      id uuid primary key,
      version int not null default 1,
      created_at timestamptz not null,
      created_by text not null,
      -- change set that created it; undo of an import finds its rows by it
      created_in uuid not null,
      updated_at timestamptz not null,
      updated_by text not null,
      deleted_at timestamptz,
      deleted_in uuid${columns.length ? sql`, ${join(columns, ', ')}` : raw('')}
    ) with (fillfactor = 90)`,
    sql`create index ${ident(`${object.name}_created_in`)} on ${table} (created_in)`,
    sql`create index ${ident(`${object.name}_deleted`)} on ${table} (deleted_at) where deleted_at is not null`,
  ];
}

/** Adds a column; instant, whatever the size: no default but a constant, so that no row is rewritten. */
export function addColumn(workspace: string, object: string, field: FieldDef): Sql {
  return sql`alter table ${tableOf(workspace, object)} add column ${ident(field.name)} ${raw(columnType(field))}`;
}

/**
 * Indexes a field needs from the start: relations are followed backwards; unique ones are the guarantee behind the door's friendly check.
 * `concurrently` for tables that are in use (then outside a transaction).
 */
export function fieldIndexes(workspace: string, object: string, field: FieldDef, concurrently = false): Sql[] {
  const how = raw(concurrently ? 'concurrently' : '');
  const table = tableOf(workspace, object);
  const column = ident(field.name);
  const indexes: Sql[] = [];
  if (mayBeSealed(field)) indexes.push(sealedIndex(workspace, object, field, concurrently));
  // Ciphertext of equal values differs; while values are moved those in plain are still held apart by this one.
  if (field.unique && !field.encrypted) {
    indexes.push(
      sql`create unique index ${how} if not exists ${ident(indexName(object, field.name, 'unique'))} on ${table} (${column}) where deleted_at is null`,
    );
  } else if (field.type === 'relation') {
    indexes.push(
      sql`create index ${how} if not exists ${ident(indexName(object, field.name, 'ref'))} on ${table} (${column}) where deleted_at is null`,
    );
  }
  return indexes;
}

/** What finds equal values of an encrypted field, and keeps them apart where it is unique (records/sealed/lookup-sql.ts). */
export function sealedIndex(workspace: string, object: string, field: FieldDef, concurrently = false): Sql {
  const how = raw(concurrently ? 'concurrently' : '');
  const unique = raw(field.unique ? 'unique' : '');
  const column = ident(field.name);
  return sql`create ${unique} index ${how} if not exists ${ident(indexName(object, field.name, field.unique ? 'sealed_unique' : 'sealed'))}
    on ${tableOf(workspace, object)} ((${lookupSql(column)})) where deleted_at is null and ${isSealedSql(column)}`;
}

/** An index that serves a view or a look-up: columns in the collation they are sorted and compared by, then id as tie-break, living rows only. */
export function viewIndex(workspace: string, object: ObjectDef, columns: string[], concurrently = false): Sql {
  const how = raw(concurrently ? 'concurrently' : '');
  const parts = columns.map((name) => {
    const field = object.fields.find((candidate) => candidate.name === name);
    return field ? sortColumn(field) : ident(name);
  });
  const list = join([...parts, ident('id')], ', ');
  return sql`create index ${how} if not exists ${ident(indexName(object.name, columns.join('_'), 'view'))} on ${tableOf(workspace, object.name)} (${list}) where deleted_at is null`;
}

const TEXTS: ReadonlySet<string> = new Set([
  'text',
  'longtext',
  'phone',
  'email',
  'url',
  'uscc',
  'select',
  'idcard',
  'bankaccount',
  'autonumber',
  'user',
]);

/** Whether the column is text, so that a text can be looked up in it as it is. */
export const isText = (field: FieldDef | undefined): boolean => TEXTS.has(field?.type ?? '');

/** Indexes by which rules that forbid doubles are looked up at every write: those of rules that are gone go, new ones come. */
export function ruleIndexes(
  workspace: string,
  before: ObjectDef,
  after: ObjectDef,
  objects: readonly ObjectDef[],
): Sql[] {
  const wanted = new Map<string, Sql>();
  for (const { id, effect, off, other = after.name, any } of after.matchRules ?? []) {
    const target = objects.find(({ name }) => name === other);
    if (effect !== 'refuse' || off || !target) continue;
    any.forEach((tests, n) => {
      const crossed = other === after.name && tests.some((test) => (test.with ?? test.field) !== test.field);
      for (const side of crossed ? (['with', 'field'] as const) : (['with'] as const)) {
        const names = tests.map((test) => (side === 'with' ? (test.with ?? test.field) : test.field));
        const columns = names.filter((name) => isText(target.fields.find((field) => field.name === name)));
        if (columns.length === 0) continue;
        const name = indexName(other, [after.name, id, n, side].join('_'), 'rule');
        const list = join([...new Set(columns)].map(ident), ', ');
        wanted.set(
          name,
          sql`create index if not exists ${ident(name)} on ${tableOf(workspace, other)} (${list}) where deleted_at is null`,
        );
      }
    });
  }
  const had = ruleIndexNames(before);
  return [...had.map((name) => sql`drop index if exists ${tableOf(workspace, name)}`), ...wanted.values()];
}

function ruleIndexNames(object: ObjectDef): string[] {
  return (object.matchRules ?? []).flatMap(({ id, other = object.name, any }) =>
    any.flatMap((_, n) =>
      ['with', 'field'].map((side) => indexName(other, [object.name, id, n, side].join('_'), 'rule')),
    ),
  );
}

type IndexKind = 'unique' | 'ref' | 'view' | 'demand' | 'rule' | 'sealed' | 'sealed_unique';

/** `customer_name_view`, cut to PostgreSQL's 63 bytes with a hash so that two long names stay apart. */
export function indexName(object: string, columns: string, kind: IndexKind): string {
  const full = `${object}_${columns}_${kind}`;
  if (full.length <= 63) return full;
  let hash = 0x811c9dc5;
  for (const character of full) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `${full.slice(0, 54)}_${hash.toString(16).padStart(8, '0')}`;
}

function columnType(field: FieldDef): string {
  const { column } = fieldType(field.type);
  // Of no records there are none, and their sum is nothing: a record that nothing points to yet has its figure at once.
  return field.rollup && ['count', 'sum'].includes(field.rollup.fn) ? `${column} default 0` : column;
}
