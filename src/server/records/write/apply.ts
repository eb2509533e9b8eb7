import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { copyCreates } from './copy.ts';
import { upsertFreshness } from './freshness-sql.ts';
import type { Effect, FreshnessRow, SearchEntry, SearchIndexer } from './types.ts';
import { columnOf, signature, type Update, updateStatement, upsertEntries } from './update-sql.ts';

type Create = Extract<Effect, { kind: 'create' }>;
type Life = Extract<Effect, { kind: 'delete' | 'restore' }>;

/** From here on COPY beats INSERT. */
const COPY_FROM_ROWS = 100;

/** Someone else changed a record between our look and our write; the whole batch is looked at again. */
export class Overtaken extends Error {}

/** Writes all effects of one round into the open transaction. */
export async function applyEffects(
  tx: Tx,
  ctx: Ctx,
  changeSet: string,
  effects: Effect[],
  indexer: SearchIndexer,
): Promise<void> {
  const creates = effects.filter((effect): effect is Create => effect.kind === 'create');
  for (const [object, group] of groupBy(creates, (effect) => effect.draft.object)) {
    if (group.length >= COPY_FROM_ROWS) await copyCreates(tx, ctx, changeSet, object, group, indexer);
    else await insertCreates(tx, ctx, changeSet, object, group, indexer);
  }
  const updates = effects.filter((effect): effect is Update => effect.kind === 'update');
  for (const group of groupBy(updates, signature).values()) {
    const edits = group.map((effect) => ({ ctx, changeSet, effect }));
    const done = await tx.query(updateStatement(edits, indexer));
    if (done.length !== group.length) throw new Overtaken();
  }
  const lives = effects.filter((effect): effect is Life => effect.kind === 'delete' || effect.kind === 'restore');
  for (const group of groupBy(lives, (effect) => `${effect.kind} ${effect.draft.object.name}`).values()) {
    const [first] = group;
    if (!first) continue;
    const rows = await tx.query(lifeStatement(ctx, changeSet, first.draft.object, group));
    if (rows.length !== group.length) throw new Overtaken();
  }
}

/** Into the recycle bin and out of it. The delta of a restore says since when it had been deleted, so that as-of reads know the gap. */
function lifeStatement(ctx: Ctx, changeSet: string, object: ObjectDef, group: Life[]): Sql {
  const deleting = group[0]?.kind === 'delete';
  const set = deleting
    ? sql`deleted_at = ${ctx.at}, deleted_in = ${changeSet}::uuid`
    : sql`deleted_at = null, deleted_in = null`;
  const state = raw(deleting ? 'is null' : 'is not null');
  const payload = group.map((effect) => ({
    id: effect.draft.id,
    version: effect.stored.row.version,
    before: deleting ? {} : { $deleted_at: effect.stored.row.deleted_at, $deleted_in: effect.stored.row.deleted_in },
  }));
  const freshness = group.map((effect) => effect.freshness).filter((row): row is FreshnessRow => row !== null);
  return sql`
    with x as (
      select * from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb) as x(id uuid, version int, before jsonb)
    ), u as (
      update ${tableOf(ctx.workspace, object.name)} t
      set ${set}, version = t.version + 1, updated_at = ${ctx.at}, updated_by = ${ctx.actor}
      from x where t.id = x.id and t.version = x.version and t.deleted_at ${state}
      returning t.id, t.version, x.before
    ), d as (
      insert into ${tableOf(ctx.workspace, 'delta')} (record, version, object, change_set, at, actor, source, kind, before)
      select u.id, u.version, ${object.id}::int, ${changeSet}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}, ${ctx.source},
        ${deleting ? 'd' : 'r'}, u.before from u
    )${
      freshness.length
        ? sql`, f as (${upsertFreshness(ctx.workspace, freshness, sql`where exists (select from u where u.id = y.record)`)})`
        : empty
    }
    select id from u`;
}

async function insertCreates(
  tx: Tx,
  ctx: Ctx,
  changeSet: string,
  object: ObjectDef,
  group: Create[],
  indexer: SearchIndexer,
): Promise<void> {
  const fields = [...new Set(group.flatMap((effect) => Object.keys(effect.values)))].sort();
  const columns = fields.map(ident);
  const types = fields.map((name) => sql`${ident(name)} ${raw(columnOf(object, name))}`);
  const more = (items: Sql[]): Sql => (items.length ? sql`, ${join(items, ', ')}` : empty);
  const payload = group.map((effect) => ({ ...effect.values, $id: effect.draft.id }));
  await tx.query(sql`
    insert into ${tableOf(ctx.workspace, object.name)} (id, created_at, created_by, created_in, updated_at, updated_by${more(columns)})
    select x."$id", ${ctx.at}::timestamptz, ${ctx.actor}, ${changeSet}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}${more(columns)}
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb) as x("$id" uuid${more(types)})`);
  const freshness = group.map((effect) => effect.freshness).filter((row): row is FreshnessRow => row !== null);
  if (freshness.length > 0) await tx.query(upsertFreshness(ctx.workspace, freshness, empty));
  const entries = group
    .map((effect) => indexer.entry(object, effect.values, effect.draft.id))
    .filter((entry): entry is SearchEntry => entry !== null);
  if (entries.length > 0) await tx.query(upsertEntries(ctx.workspace, entries, empty));
}

function groupBy<T, K>(items: T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
