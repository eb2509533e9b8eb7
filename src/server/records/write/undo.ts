import sql, { empty, join, type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { distinctSql } from '../sealed/lookup-sql.ts';
import type { Ctx, UndoResult } from '../types.ts';
import { insertChangeSet } from './change-set.ts';
import { count, NAMED_RECORDS, skip, type Tally } from './tally.ts';
import type { Summary, WriteDeps } from './types.ts';
import { among, undoUpdates } from './undo-updates.ts';

interface SetRow {
  id: string;
  actor: string;
  kind: string;
  status: string;
  undoes: string | null;
}

/**
 * Applies the inverse of a change set in one transaction. What others touched since stays and is reported: fields of updates one by one;
 * created records as a whole when anything was changed, confirmed or hung on them afterwards.
 */
export async function undoChangeSet(
  deps: WriteDeps,
  ctx: Ctx,
  id: string,
): Promise<{ result: UndoResult; summary: Summary }> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const sets = tableOf(ctx.workspace, 'change_set');
  return deps.db.tx(async (tx) => {
    const [set] = await tx.query<SetRow>(
      sql`select id, actor, kind, status, undoes from ${sets} where id = ${id} for update`,
    );
    if (!set || (!ctx.access.admin && set.actor !== ctx.actor)) throw new AppError('change-set-unknown');
    // What was merged parts by who had what, not by what stood where.
    if (set.kind === 'merge' || set.kind === 'unmerge') throw new AppError('undo-is-unmerge');
    if (set.kind === 'erase' || set.kind === 'anonymise') throw new AppError('undo-erased');
    if (set.status !== 'done' && set.status !== 'cancelled')
      throw new AppError('change-set-not-undoable', { status: set.status });

    const undo = uuidv7();
    const tally: Tally = { undone: 0, skipped: [], skippedCount: 0, counts: {} };
    await tx.query(
      insertChangeSet(ctx, { id: undo, kind: 'undo', status: 'done', summary: { counts: {} }, undoes: id }),
    );
    for (const object of catalog.objects) {
      // What is accepted from review only ever changes records that are there.
      if (set.kind === 'proposal') break;
      if (!ctx.access.objects[object.name]?.actions.includes('undo')) continue;
      const inScope = deps.scope(ctx, object) ?? sql`true`;
      const relations = relationsTo(catalog.objects, object);
      await removeCreated(tx, ctx, object, inScope, relations, id, undo, tally);
      await bringBack(tx, ctx, object, inScope, id, undo, tally);
      await removeRestored(tx, ctx, object, inScope, id, undo, tally);
    }
    await undoUpdates(tx, deps, ctx, catalog, id, undo, tally);

    const summary: Summary = { counts: tally.counts };
    await tx.query(sql`update ${sets} set summary = ${JSON.stringify(summary)}::jsonb where id = ${undo}`);
    await tx.query(sql`update ${sets} set status = 'undone', undone_by = ${undo} where id = ${id}`);
    // Undoing an undo brings the first set back into force.
    if (set.undoes) await tx.query(sql`update ${sets} set status = 'done', undone_by = null where id = ${set.undoes}`);
    const { undone, skipped, skippedCount, approval } = tally;
    const told = { changeSet: undo, undone, skipped, skippedCount, ...(approval !== undefined && { approval }) };
    return { result: told, summary };
  });
}

/** Records the set created go to the recycle bin, but those that someone touched or that others' records point to. */
async function removeCreated(
  tx: Tx,
  ctx: Ctx,
  object: ObjectDef,
  inScope: Sql,
  relations: { table: string; column: string }[],
  id: string,
  undo: string,
  tally: Tally,
): Promise<void> {
  const table = tableOf(ctx.workspace, object.name);
  const pointed = relations.map(
    ({ table: child, column }) =>
      sql`or exists (select from ${tableOf(ctx.workspace, child)} c
        where c.${ident(column)} = t.id and c.deleted_at is null and c.created_in <> ${id}::uuid)`,
  );
  const kept = await tx.query<{ id: string; fields: string[] }>(sql`
    select t.id, coalesce((select array_agg(distinct k) from ${tableOf(ctx.workspace, 'delta')} d, jsonb_object_keys(d.before) k
        where d.record = t.id and d.change_set <> ${id}::uuid and k not like '$%'), '{}') as fields
    from ${table} t
    where t.created_in = ${id}::uuid and t.deleted_at is null and ${inScope} and (
      (t.version > 1 and exists (select from ${tableOf(ctx.workspace, 'delta')} d where d.record = t.id and d.change_set <> ${id}::uuid))
      ${joined(pointed)})`);
  for (const row of kept) skip(tally, object.name, row.id, row.fields);
  const [gone] = await tx.query<{ n: number }>(sql`
    with u as (
      update ${table} t set deleted_at = ${ctx.at}, deleted_in = ${undo}::uuid, version = version + 1, updated_at = ${ctx.at}, updated_by = ${ctx.actor}
      where created_in = ${id}::uuid and deleted_at is null and ${inScope}
        ${kept.length > 0 ? sql`and not (id = any(${kept.map((row) => row.id)}::uuid[]))` : empty}
      returning id
    ), f as (
      update ${tableOf(ctx.workspace, 'freshness')} f set due_at = null, due_value = 0 from u where f.record = u.id
    )
    select count(*)::int as n from u`);
  count(tally, object.name, 'deleted', gone?.n ?? 0);
}

/** Records the set deleted come back, unless a unique value of theirs was taken meanwhile. */
export async function bringBack(
  tx: Tx,
  ctx: Ctx,
  object: ObjectDef,
  inScope: Sql,
  id: string,
  undo: string,
  tally: Tally,
  only?: readonly string[],
): Promise<void> {
  const table = tableOf(ctx.workspace, object.name);
  const free = object.fields
    .filter((field) => field.unique && !field.retired)
    .map((field) => {
      const column = ident(field.name);
      const same = mayBeSealed(field)
        ? sql`${distinctSql(sql`o.${column}`)} = ${distinctSql(sql`t.${column}`)}`
        : sql`o.${column} = t.${column}`;
      return sql`and not exists (select from ${table} o where o.deleted_at is null and ${same})`;
    });
  const rows = await tx.query<{ n: number }>(sql`
    with u as (
      update ${table} t set deleted_at = null, deleted_in = null, version = t.version + 1, updated_at = ${ctx.at}, updated_by = ${ctx.actor}
      from (select id, deleted_at as at, deleted_in as in_set from ${table} where deleted_in = ${id}::uuid ${among(only, sql`id`)}) old
      where t.id = old.id and t.deleted_in = ${id}::uuid and ${inScope} ${joined(free)}
      returning t.id, t.version, old.at, old.in_set
    ), f as (
      -- planned anew in the background: plan_version 0 is never the one in force
      update ${tableOf(ctx.workspace, 'freshness')} f set plan_version = 0 from u where f.record = u.id
    ), d as (
      insert into ${tableOf(ctx.workspace, 'delta')} (record, version, object, change_set, at, actor, source, kind, before)
      select id, version, ${object.id}::int, ${undo}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}, ${ctx.source}, 'r',
        jsonb_build_object('$deleted_at', at, '$deleted_in', in_set) from u
    )
    select count(*)::int as n from u`);
  count(tally, object.name, 'restored', rows[0]?.n ?? 0);
  const left = await tx.query<{ id: string }>(
    sql`select id from ${table} t where deleted_in = ${id}::uuid and ${inScope} ${among(only, sql`t.id`)} limit ${NAMED_RECORDS}`,
  );
  for (const row of left) skip(tally, object.name, row.id, []);
}

/** Records the set had restored go back to the bin if nothing happened to them since. */
export async function removeRestored(
  tx: Tx,
  ctx: Ctx,
  object: ObjectDef,
  inScope: Sql,
  id: string,
  undo: string,
  tally: Tally,
  only?: readonly string[],
): Promise<void> {
  const rows = await tx.query<{ id: string }>(sql`
    with r as (
      select record, version from ${tableOf(ctx.workspace, 'delta')}
      where change_set = ${id}::uuid and object = ${object.id} and kind = 'r' ${among(only)}
    ), u as (
      update ${tableOf(ctx.workspace, object.name)} t
      set deleted_at = ${ctx.at}, deleted_in = ${undo}::uuid, version = t.version + 1, updated_at = ${ctx.at}, updated_by = ${ctx.actor}
      from r where t.id = r.record and t.version = r.version and t.deleted_at is null and ${inScope} returning t.id, t.version
    ), f as (
      update ${tableOf(ctx.workspace, 'freshness')} f set due_at = null, due_value = 0 from u where f.record = u.id
    ), d as (
      insert into ${tableOf(ctx.workspace, 'delta')} (record, version, object, change_set, at, actor, source, kind, before)
      select id, version, ${object.id}::int, ${undo}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}, ${ctx.source}, 'd', '{}' from u
    )
    select id from u`);
  count(tally, object.name, 'deleted', rows.length);
}

function relationsTo(objects: ObjectDef[], target: ObjectDef): { table: string; column: string }[] {
  return objects.flatMap((object) =>
    object.fields
      .filter((field) => field.type === 'relation' && field.target === target.name)
      .map((field) => ({ table: object.name, column: field.name })),
  );
}

function joined(parts: Sql[]): Sql {
  return parts.length > 0 ? join(parts, ' ') : empty;
}
