import sql, { type Sql } from 'sql-template-tag';
import type { HandoverWish, LeavingView } from '../../../contract/ownership.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export type Ended = LeavingView['ends'];

/** Row of table handover. */
export interface Handover {
  id: string;
  account: string;
  at: Date;
  actor: string;
  reason: string | null;
  wish: HandoverWish;
  runs: { object: string; run: string | null }[];
  ended: Ended;
  state: 'running' | 'done' | 'failed' | 'undone';
  undone_at: Date | null;
  [column: string]: unknown;
}

const table = (workspace: string): Sql => tableOf(workspace, 'handover');

export async function insertHandover(
  on: Queryable,
  workspace: string,
  one: Pick<Handover, 'id' | 'account' | 'at' | 'actor' | 'wish' | 'runs' | 'ended'>,
): Promise<void> {
  await on.query(sql`insert into ${table(workspace)} (id, account, at, actor, reason, wish, runs, ended)
    values (${one.id}, ${one.account}, ${one.at}, ${one.actor}, ${one.wish.reason || null}, ${JSON.stringify(one.wish)}::jsonb,
      ${JSON.stringify(one.runs)}::jsonb, ${JSON.stringify(one.ended)}::jsonb)`);
}

export async function findHandover(on: Queryable, workspace: string, id: string): Promise<Handover | null> {
  const [row] = await on.query<Handover>(sql`select * from ${table(workspace)} where id = ${id}`);
  return row ?? null;
}

export function listHandovers(on: Queryable, workspace: string): Promise<Handover[]> {
  return on.query<Handover>(sql`select * from ${table(workspace)} order by id desc limit 100`);
}

export async function runningHandovers(on: Queryable, workspace: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id from ${table(workspace)} where state = 'running' order by id`,
  );
  return rows.map(({ id }) => id);
}

/** Says which mass operation does the part at `place`. false: another process was faster. */
export async function setRun(
  on: Queryable,
  workspace: string,
  id: string,
  place: number,
  run: string,
): Promise<boolean> {
  const path = `{${place},run}`;
  const rows =
    await on.query(sql`update ${table(workspace)} set runs = jsonb_set(runs, ${path}::text[], to_jsonb(${run}::text))
    where id = ${id} and runs #>> ${path}::text[] is null returning id`);
  return rows.length > 0;
}

export async function endHandover(
  on: Queryable,
  workspace: string,
  id: string,
  state: 'done' | 'failed',
): Promise<void> {
  await on.query(sql`update ${table(workspace)} set state = ${state} where id = ${id} and state = 'running'`);
}

/** false: it is not one that can be undone any more. */
export async function markUndone(
  on: Queryable,
  workspace: string,
  id: string,
  { at, actor }: { at: Date; actor: string },
): Promise<boolean> {
  const rows =
    await on.query(sql`update ${table(workspace)} set state = 'undone', undone_at = ${at}, undone_by = ${actor}
    where id = ${id} and state in ('done', 'failed') returning id`);
  return rows.length > 0;
}
