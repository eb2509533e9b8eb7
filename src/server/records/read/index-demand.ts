import sql, { join, raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { sortColumn } from '../catalog/collation.ts';
import { indexName } from '../catalog/ddl.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { formerKey, keyLiteral } from './former-value.ts';

/** What an index is wanted for: sorting and filtering, or looking back at former values. */
export type IndexUse = 'now' | 'past';

/** A wish for an index: one column, or columns asked for together (those filtered by, then the one sorted by). */
export interface Wish {
  object: string;
  columns: string[];
  use: IndexUse;
}

/** System columns that lists sort and filter by. */
export const SYSTEM: ReadonlySet<string> = new Set(['created_at', 'updated_at', 'created_by', 'updated_by']);

export const nameOf = ({ object, columns, use }: Wish): string =>
  use === 'past'
    ? indexName('delta', `${object}_${columns.join('_')}`, 'demand')
    : indexName(object, columns.join('_'), 'demand');

/** What follows ON in CREATE INDEX; null where a column is gone or can't be indexed. */
export function definitionOf(workspace: string, object: ObjectDef, { columns, use }: Wish): Sql | null {
  const table = tableOf(workspace, object.name);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    const field = fieldOf(object, only);
    if (use === 'past') {
      if (!field || !isScalar(field)) return null;
      return sql`${tableOf(workspace, 'delta')} (object, (${formerKey(field, sql`before`)}), record) where before ? ${keyLiteral(field)} and kind = 'u'`;
    }
    if (field && fieldType(field.type).kind === 'set')
      return sql`${table} using gin (${ident(field.name)}) where deleted_at is null`;
  }
  const keys: Sql[] = [];
  for (const column of columns) {
    const field = fieldOf(object, column);
    if (field ? !isScalar(field) : !SYSTEM.has(column)) return null;
    keys.push(field ? sortColumn(field) : ident(column));
  }
  return sql`${table} (${join([...keys, ident('id')], ', ')}) where deleted_at is null`;
}

const fieldOf = (object: ObjectDef, name: string): FieldDef | undefined => object.fields.find((f) => f.name === name);

/** Can a btree be made of it? */
export const isScalar = (field: FieldDef): boolean => {
  const { kind } = fieldType(field.type);
  // Ciphertext has no order, and its look-ups have an index of their own.
  if (mayBeSealed(field)) return false;
  // A btree entry holds at most a third of a page; long texts don't fit.
  return kind !== 'set' && kind !== 'json' && field.type !== 'longtext';
};

/** Is there an index on living rows that begins with the column, in the order the read door sorts by? */
export async function isServed(db: Queryable, workspace: string, object: ObjectDef, column: string): Promise<boolean> {
  const field = fieldOf(object, column);
  const collation = field ? (/collate "(.+)"$/.exec(sortColumn(field).sql)?.[1] ?? null) : null;
  const rows = await db.query(sql`
    select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      left join pg_collation c on c.oid = i.indcollation[0]
    where i.indrelid = to_regclass(${tableOf(workspace, object.name).sql}) and i.indisvalid and a.attname = ${column}
      and (${collation}::text is null or c.collname = ${collation})
      and i.indnatts = 2 and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = '(deleted_at IS NULL)') limit 1`);
  return rows.length > 0;
}

/** Name of the table an index definition is on. */
export const tableIn = (definition: Sql): Sql => raw(/^\S+/.exec(definition.sql)?.[0] ?? '');
