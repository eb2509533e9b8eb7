import sql from 'sql-template-tag';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

/** A merge as kept; its id is its change set's. */
export interface KeptMerge {
  changeSet: string;
  object: string;
  winner: string;
  /** Version of the winner right after. */
  winnerVersion: number;
  losers: string[];
}

export interface StoredMerge extends KeptMerge {
  at: Date;
  actor: string;
  reason: string | null;
  undoneAt: Date | null;
}

export async function keepMerge(tx: Tx, ctx: Ctx, merge: KeptMerge): Promise<void> {
  const { changeSet, object, winner, winnerVersion, losers } = merge;
  await tx.query(sql`insert into ${tableOf(ctx.workspace, 'record_merge')}
    (change_set, object, winner, winner_version, losers, at, actor)
    values (${changeSet}, ${object}, ${winner}, ${winnerVersion}, ${losers}::uuid[], ${ctx.at}, ${ctx.actor})`);
  await tx.query(sql`insert into ${tableOf(ctx.workspace, 'record_redirect')} (record, object, winner, change_set)
    select loser, ${object}, ${winner}::uuid, ${changeSet}::uuid from unnest(${losers}::uuid[]) loser
    on conflict (record) do update set winner = excluded.winner, change_set = excluded.change_set`);
}

/** @returns false when someone took it back first */
export async function markUnmerged(tx: Tx, ctx: Ctx, merge: string, undoneIn: string | null): Promise<boolean> {
  const rows = await tx.query(sql`update ${tableOf(ctx.workspace, 'record_merge')}
    set undone_at = ${ctx.at}, undone_by = ${ctx.actor}, undone_in = ${undoneIn}
    where change_set = ${merge} and undone_at is null returning change_set`);
  await tx.query(sql`delete from ${tableOf(ctx.workspace, 'record_redirect')} where change_set = ${merge}`);
  return rows.length > 0;
}

export async function findMerge(on: Queryable, workspace: string, id: string): Promise<StoredMerge | null> {
  const [found] = await readMerges(on, workspace, sql`m.change_set = ${id}::uuid`);
  return found ?? null;
}

/** Merges a record won or lost in, newest first. */
export function mergesOf(on: Queryable, workspace: string, object: string, record: string): Promise<StoredMerge[]> {
  return readMerges(
    on,
    workspace,
    sql`m.object = ${object} and (m.winner = ${record}::uuid or m.losers @> array[${record}::uuid])`,
  );
}

async function readMerges(on: Queryable, workspace: string, where: ReturnType<typeof sql>): Promise<StoredMerge[]> {
  return on.query<StoredMerge & Record<string, unknown>>(sql`
    select m.change_set as "changeSet", m.object, m.winner, m.winner_version as "winnerVersion", m.losers, m.at, m.actor,
      c.reason, m.undone_at as "undoneAt"
    from ${tableOf(workspace, 'record_merge')} m
    left join ${tableOf(workspace, 'change_set')} c on c.id = m.change_set
    where ${where} order by m.change_set desc limit 100`);
}

/** Where a merged record is now, through merges of merges; null when it was never merged, or taken apart again. */
export async function followRedirect(
  on: Queryable,
  workspace: string,
  object: string,
  record: string,
): Promise<{ record: string; merge: string; at: Date } | null> {
  const redirects = tableOf(workspace, 'record_redirect');
  const [found] = await on.query<{ record: string; merge: string; at: Date }>(sql`
    with recursive way (record, merge, step) as (
      select winner, change_set, 1 from ${redirects} where record = ${record}::uuid and object = ${object}
      union all select r.winner, r.change_set, way.step + 1 from way join ${redirects} r on r.record = way.record where step < 100
    ) select way.record, way.merge, m.at from way join ${tableOf(workspace, 'record_merge')} m on m.change_set = way.merge
    order by step desc limit 1`);
  return found ?? null;
}
