import sql, { empty, join, type Sql } from 'sql-template-tag';
import { generalise } from '../../../domain/privacy/index.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { valuesOf } from '../catalog/columns.ts';
import { objectOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { CatalogStore } from '../catalog/store.ts';
import type { Sealing } from '../sealed/sealing.ts';
import type { Ctx } from '../types.ts';
import { insertChangeSet } from '../write/change-set.ts';
import type { Committed, SearchEntry, SearchIndexer, Summary } from '../write/types.ts';
import { upsertEntries } from '../write/update-sql.ts';
import type { ErasedMarks } from './erased-marks.ts';
import { removeLinked } from './linked-rows.ts';
import type { EraseDoor, Erased, EraseMode, EraseOrder } from './types.ts';

export interface EraseDeps {
  db: Db;
  catalog: CatalogStore;
  indexer: SearchIndexer;
  /** Keys of who is erased are destroyed. */
  sealing: Sealing;
  /** Remembers how they would be recognised. */
  marks: ErasedMarks;
  /** After commit, in this process. Must not throw. */
  committed: (fact: Committed) => void;
}

export function createEraseDoor({ db, catalog, indexer, sealing, marks, committed }: EraseDeps): EraseDoor {
  return {
    async open(ctx, id, mode, ground) {
      const [there] = await db.query(sql`select from ${tableOf(ctx.workspace, 'change_set')} where id = ${id}`);
      if (there) return;
      const head = { id, kind: mode, status: 'running' as const, summary: { counts: {} } };
      await db.query(insertChangeSet({ ...ctx, reason: ground }, head));
    },
    async erase(ctx, order) {
      const known = await catalog.get(ctx.workspace);
      return db.tx((tx) => eraseRows(tx, ctx, known, { indexer, sealing, marks }, order));
    },
    async close(ctx, id, records, mode) {
      const word = mode === 'erase' ? 'erased' : 'anonymised';
      const counts = Object.fromEntries(Object.entries(records).map(([object, n]) => [object, { [word]: n }]));
      const summary: Summary = { counts };
      await db.query(sql`update ${tableOf(ctx.workspace, 'change_set')}
        set status = 'done', txid = pg_current_xact_id(), summary = ${JSON.stringify(summary)}::jsonb where id = ${id} and status = 'running'`);
      committed({ workspace: ctx.workspace, changeSet: id, actor: ctx.actor, kind: mode, summary });
    },
  };
}

async function eraseRows(
  tx: Tx,
  ctx: Ctx,
  catalog: Catalog,
  { indexer, sealing, marks }: Pick<EraseDeps, 'indexer' | 'sealing' | 'marks'>,
  order: EraseOrder,
): Promise<Erased> {
  const object = objectOf(catalog, order.object);
  const table = tableOf(ctx.workspace, object.name);
  const found = await tx.query<{ id: string }>(
    sql`select id from ${table} where id = any(${order.ids}::uuid[]) order by id for update`,
  );
  const ids = found.map(({ id }) => id);
  const erased: Erased = { records: ids.length, fields: 0, deltas: 0, copies: {} };
  if (ids.length > 0) {
    // Who holds a record that waits for its row must not put anything back: rows are locked first.
    erased.fields = await leaveTombstones(tx, ctx, object, ids, order);
    if (order.mode === 'erase') await marks.keep(tx, ctx, object, ids, order.erasure);
    erased.copies = await removeLinked(tx, ctx.workspace, ids);
    erased.deltas = await clearPast(tx, ctx, ids, order.mode);
    // What their keys closed is gone with them, in older copies of the data too.
    await sealing.shred(tx, ctx.workspace, ids);
    if (order.mode === 'erase') {
      await tx.query(sql`delete from ${table} where id = any(${ids}::uuid[])`);
      await unlink(tx, ctx, catalog, object, ids);
    } else await makeAnonymous(tx, ctx, object, ids, indexer);
  }
  await order.alongside(tx);
  return erased;
}

/** Names of the fields that were filled, and how many versions of the past there were. @returns values in all */
async function leaveTombstones(
  tx: Tx,
  ctx: Ctx,
  object: ObjectDef,
  ids: string[],
  { erasure, mode, ground }: EraseOrder,
): Promise<number> {
  const names = object.fields.map(({ name }) => name);
  const rows = await tx.query<{ n: number }>(sql`
    insert into ${tableOf(ctx.workspace, 'tombstone')} as s (record, object, erasure, mode, at, by, ground, fields, deltas)
    select t.id, ${object.name}, ${erasure}::uuid, ${mode}, ${ctx.at}::timestamptz, ${ctx.actor}, ${ground},
      array(select key from jsonb_each(to_jsonb(t)) where value <> 'null' and key = any(${names}) order by key),
      (select count(*) from ${tableOf(ctx.workspace, 'delta')} d where d.record = t.id)
    from ${tableOf(ctx.workspace, object.name)} t where t.id = any(${ids}::uuid[])
    on conflict (record) do update set erasure = excluded.erasure, mode = excluded.mode, at = excluded.at, by = excluded.by, ground = excluded.ground
    returning cardinality(fields) as n`);
  return rows.reduce((sum, { n }) => sum + n, 0);
}

/** The past of what is erased goes; of what becomes anonymous it stays that something changed, when and by whom, but no value. */
async function clearPast(tx: Tx, ctx: Ctx, ids: string[], mode: EraseMode): Promise<number> {
  const table = tableOf(ctx.workspace, 'delta');
  const cleared =
    mode === 'erase'
      ? sql`delete from ${table} where record = any(${ids}::uuid[]) returning 1`
      : sql`update ${table} set before = coalesce((select jsonb_object_agg(key, value) from jsonb_each(before) where key in ('$v', '$c', '$deleted_at', '$deleted_in')), '{}')
          where record = any(${ids}::uuid[]) returning 1`;
  const [row] = await tx.query<{ n: number }>(sql`with c as (${cleared}) select count(*)::int as n from c`);
  return row?.n ?? 0;
}

/** Nothing is left pointing to what is not there. No history: an undo must not bring the pointer back. */
async function unlink(tx: Tx, ctx: Ctx, catalog: Catalog, gone: ObjectDef, ids: string[]): Promise<void> {
  for (const object of catalog.objects)
    for (const field of object.fields) {
      if (field.type !== 'relation' || field.target !== gone.name) continue;
      await tx.query(sql`update ${tableOf(ctx.workspace, object.name)} set ${ident(field.name)} = null, version = version + 1
        where ${ident(field.name)} = any(${ids}::uuid[])`);
    }
}

const ALIAS = { zh: '已匿名', en: 'Anonymous' };

function generalisedColumn(object: ObjectDef, field: FieldDef, lang: Ctx['lang']): Sql {
  const column = sql`t.${ident(field.name)}`;
  switch (generalise(object, field)) {
    case 'keep':
      return column;
    case 'city':
      return sql`case when length(${column}) = 6 then left(${column}, 4) || '00' else ${column} end`;
    case 'month':
      return field.type === 'date' ? sql`date_trunc('month', ${column})::date` : sql`date_trunc('month', ${column})`;
    case 'round':
      return sql`case when ${column} = 0 then ${column} else round(${column}::numeric, 1 - floor(log(abs(${column}::numeric)))::int) end`;
    case 'alias':
      return sql`${ALIAS[lang]} || ' ' || upper(substr(md5(random()::text), 1, 6))`;
    case 'drop':
      return sql`null`;
  }
}

async function makeAnonymous(
  tx: Tx,
  ctx: Ctx,
  object: ObjectDef,
  ids: string[],
  indexer: SearchIndexer,
): Promise<void> {
  const set = join(
    object.fields.map((field) => sql`${ident(field.name)} = ${generalisedColumn(object, field, ctx.lang)}`),
    ', ',
  );
  const rows = await tx.query<Record<string, unknown> & { id: string }>(sql`
    update ${tableOf(ctx.workspace, object.name)} t set ${set}, version = version + 1, updated_at = ${ctx.at}, updated_by = ${ctx.actor}
    where id = any(${ids}::uuid[]) returning t.*`);
  await reindex(tx, ctx.workspace, object, rows, indexer);
}

/** Search entries of rows as they are now; those of the bin have none. */
export async function reindex(
  tx: Tx,
  workspace: string,
  object: ObjectDef,
  rows: (Record<string, unknown> & { id: string })[],
  indexer: SearchIndexer,
): Promise<void> {
  const entries = rows
    .map((row) => indexer.entry(object, valuesOf(object, row), row.id))
    .filter((entry): entry is SearchEntry => entry !== null);
  if (entries.length > 0) await tx.query(upsertEntries(workspace, entries, empty));
}
