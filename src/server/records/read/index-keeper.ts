import sql, { raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { sortColumn } from '../catalog/collation.ts';
import { indexName } from '../catalog/ddl.ts';
import { ident, schemaOf, tableOf } from '../catalog/names.ts';
import type { CatalogStore } from '../catalog/store.ts';
import { formerKey, keyLiteral } from './former-value.ts';
import { tableRows } from './strategy.ts';

/** What an index is wanted for: sorting and filtering, or looking back at former values. */
export type IndexUse = 'now' | 'past';

/** Makes indexes on demand for the fields people really sort and filter by, and drops those nobody used for two weeks. */
export interface IndexKeeper {
  /** Notes that a query sorted or filtered by this column. Cheap; never waits, never throws. */
  wanted(workspace: string, object: string, column: string, use: IndexUse): void;
  /** Makes what is wanted, drops what is not. For a job: one at a time per workspace. */
  work(workspace: string): Promise<{ made: string[]; dropped: string[] }>;
}

/** Smaller tables are read whole sooner than an index is worth its writes. */
const SMALL_TABLE = 20_000;
/** Each index costs every write something. */
const MOST_PER_OBJECT = 16;
const UNUSED_DAYS = 14;
/** One column is noted at most this often. */
const NOTE_MS = 600_000;

interface Demand extends Record<string, unknown> {
  index_name: string;
  object: string;
  field: string;
  state: string;
  stale: boolean;
}

export function createIndexKeeper(
  db: Db,
  catalog: Pick<CatalogStore, 'get'>,
  clock: () => number = () => performance.now(),
): IndexKeeper {
  const noted = new Map<string, number>();

  async function note(workspace: string, object: string, column: string, use: IndexUse): Promise<void> {
    const demand = tableOf(workspace, 'demand_index');
    const size = tableOf(workspace, use === 'past' ? 'delta' : object);
    if ((await tableRows(db, size)) < SMALL_TABLE) return;
    await db.query(sql`
      insert into ${demand} (index_name, object, field, state)
      values (${nameOf(object, column, use)}, ${object}, ${column}, 'wanted')
      on conflict (index_name) do update set used_at = now(),
        state = case when ${demand}.state = 'dropped' then 'wanted' else ${demand}.state end`);
  }

  return {
    wanted(workspace, object, column, use) {
      const key = `${workspace} ${object} ${column} ${use}`;
      const last = noted.get(key);
      if (last !== undefined && clock() - last < NOTE_MS) return;
      noted.set(key, clock());
      note(workspace, object, column, use).catch(() => noted.delete(key));
    },

    async work(workspace) {
      const demand = tableOf(workspace, 'demand_index');
      const { objects } = await catalog.get(workspace);
      const rows = await db.query<Demand>(sql`
        select index_name, object, field, state, used_at < now() - make_interval(days => ${UNUSED_DAYS}::int) as stale
        from ${demand} where state <> 'dropped' order by used_at desc`);
      const made: string[] = [];
      const dropped: string[] = [];
      const count = new Map<string, number>();
      for (const row of rows) {
        const object = objects.find((o) => o.name === row.object);
        const n = count.get(row.object) ?? 0;
        const definition = object && definitionOf(workspace, object, row);
        if (!definition || row.stale || n >= MOST_PER_OBJECT) {
          await db.query(sql`drop index concurrently if exists ${schemaOf(workspace)}.${ident(row.index_name)}`);
          await db.query(sql`update ${demand} set state = 'dropped' where index_name = ${row.index_name}`);
          dropped.push(row.index_name);
          continue;
        }
        count.set(row.object, n + 1);
        if (row.state === 'ready' || row.state === 'served') continue;
        if (!isPast(row) && (await isServed(db, workspace, object, row.field))) {
          // An index of the template's or of a relation does it.
          await db.query(sql`update ${demand} set state = 'served' where index_name = ${row.index_name}`);
          continue;
        }
        await build(db, workspace, row.index_name, definition);
        await db.query(sql`update ${demand} set state = 'ready', made_at = now() where index_name = ${row.index_name}`);
        made.push(row.index_name);
      }
      return { made, dropped };
    },
  };
}

const nameOf = (object: string, column: string, use: IndexUse): string =>
  use === 'past' ? indexName('delta', `${object}_${column}`, 'demand') : indexName(object, column, 'demand');

const isPast = (row: Demand): boolean => row.index_name === nameOf(row.object, row.field, 'past');

/** Built beside running writes. A build that was cut short leaves an invalid index behind: away with it first. */
async function build(db: Db, workspace: string, name: string, definition: Sql): Promise<void> {
  await db.query(sql`drop index concurrently if exists ${schemaOf(workspace)}.${ident(name)}`);
  await db.query(sql`create index concurrently ${ident(name)} on ${definition}`);
  await db.query(sql`analyze ${raw(/^\S+/.exec(definition.sql)?.[0] ?? '')}`);
}

function definitionOf(workspace: string, object: ObjectDef, row: Demand): Sql | null {
  const field = object.fields.find((f) => f.name === row.field);
  const table = tableOf(workspace, object.name);
  if (!field) return SYSTEM.has(row.field) ? sql`${table} (${ident(row.field)}, id) where deleted_at is null` : null;
  if (isPast(row)) {
    if (!isScalar(field)) return null;
    return sql`${tableOf(workspace, 'delta')} (object, (${formerKey(field, sql`before`)}), record) where before ? ${keyLiteral(field)} and kind = 'u'`;
  }
  if (fieldType(field.type).kind === 'set')
    return sql`${table} using gin (${ident(field.name)}) where deleted_at is null`;
  return isScalar(field) ? sql`${table} (${sortColumn(field)}, id) where deleted_at is null` : null;
}

const SYSTEM = new Set(['created_at', 'updated_at', 'created_by', 'updated_by']);

const isScalar = (field: FieldDef): boolean => {
  const { kind } = fieldType(field.type);
  // A btree entry holds at most a third of a page; long texts don't fit.
  return kind !== 'set' && kind !== 'json' && field.type !== 'longtext';
};

/** Is there an index on living rows that begins with the column, in the order the read door sorts by? */
async function isServed(db: Db, workspace: string, object: ObjectDef, column: string): Promise<boolean> {
  const field = object.fields.find((f) => f.name === column);
  const collation = field ? (/collate "(.+)"$/.exec(sortColumn(field).sql)?.[1] ?? null) : null;
  const rows = await db.query(sql`
    select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      left join pg_collation c on c.oid = i.indcollation[0]
    where i.indrelid = to_regclass(${tableOf(workspace, object.name).sql}) and i.indisvalid and a.attname = ${column}
      and (${collation}::text is null or c.collname = ${collation})
      and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = '(deleted_at IS NULL)') limit 1`);
  return rows.length > 0;
}
