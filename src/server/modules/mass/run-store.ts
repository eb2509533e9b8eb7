import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { MassAction, MassTarget } from '../../../contract/mass.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { MassCounts, MassSample, Portion } from '../../records/mass/door.ts';
import type { Ctx } from '../../records/types.ts';

export type RunState = 'looking' | 'ready' | 'running' | 'done' | 'cancelled' | 'failed';
export type RunAction = MassAction | { kind: 'undo'; changeSet: string };

/** Row of table mass_run. */
export interface Run {
  id: string;
  state: RunState;
  object: string;
  action: RunAction;
  target: MassTarget;
  actor: string;
  role: 'admin' | 'member';
  source: Ctx['source'];
  lang: 'zh' | 'en';
  reason: string | null;
  at: Date;
  found: number;
  total: number;
  done: number;
  preview: (MassCounts & { samples: MassSample[] }) | null;
  counts: Partial<MassCounts>;
  change_set: string | null;
  /** Request for approval that it waits for, or began by. */
  approval: string | null;
  starts: boolean;
  cancel: boolean;
  error: { code: string; message: { zh: string; en: string } } | null;
  started_at: Date | null;
  finished_at: Date | null;
  [column: string]: unknown;
}

const runs = (workspace: string): Sql => tableOf(workspace, 'mass_run');
const portions = (workspace: string): Sql => tableOf(workspace, 'mass_portion');

/** Kept so long after they ended; their change sets stay. */
const KEPT = 200;

export async function newRun(
  on: Queryable,
  ctx: Ctx,
  run: { action: RunAction; target: MassTarget; starts: boolean; state?: RunState; changeSet?: string },
): Promise<string> {
  const id = uuidv7();
  await on.query(sql`insert into ${runs(ctx.workspace)} (id, state, object, action, target, actor, role, source, lang, reason, at, starts, change_set)
    values (${id}, ${run.state ?? 'looking'}, ${run.target.object}, ${JSON.stringify(run.action)}::jsonb, ${JSON.stringify(run.target)}::jsonb, ${ctx.actor},
      ${ctx.access.admin ? 'admin' : 'member'}, ${ctx.source}, ${ctx.lang}, ${ctx.reason ?? null}, ${ctx.at}, ${run.starts}, ${run.changeSet ?? null})`);
  await on.query(sql`delete from ${runs(ctx.workspace)} where id in
    (select id from ${runs(ctx.workspace)} where state not in ('looking', 'running') order by id desc offset ${KEPT})`);
  return id;
}

export async function readRun(on: Queryable, workspace: string, id: string): Promise<Run> {
  const [run] = await on.query<Run>(sql`select * from ${runs(workspace)} where id = ${id}`);
  if (!run) throw new AppError('not-found');
  return run;
}

/** Those of these that are still kept. */
export function runsOf(on: Queryable, workspace: string, ids: string[]): Promise<Run[]> {
  return on.query<Run>(sql`select * from ${runs(workspace)} where id = any(${ids}::uuid[])`);
}

/** Newest first; `actor`: only his. */
export function listRuns(on: Queryable, workspace: string, actor: string | null): Promise<Run[]> {
  return on.query<Run>(
    sql`select * from ${runs(workspace)} where ${actor}::text is null or actor = ${actor} order by id desc limit 50`,
  );
}

/** Runs that nobody may be working on: after a crash they are taken up again. */
export async function waitingRuns(on: Queryable, workspace: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id from ${runs(workspace)} where state in ('looking', 'running') order by id`,
  );
  return rows.map(({ id }) => id);
}

/** Sets columns, only from these states. false when it was in none of them. */
export async function moveRun(
  on: Queryable,
  workspace: string,
  id: string,
  set: Sql,
  from: RunState[],
): Promise<boolean> {
  const rows = await on.query(
    sql`update ${runs(workspace)} set ${set} where id = ${id} and state = any(${from}::text[]) returning id`,
  );
  return rows.length > 0;
}

/** Keeps the records that a run is about, as rows of n, records, versions, and of an assignment value. Once: a second attempt finds them there. Returns how many records. */
export async function keepPortions(on: Queryable, workspace: string, run: string, rows: Sql): Promise<number> {
  await on.query(sql`insert into ${portions(workspace)} (run, n, records, versions, value)
    select ${run}::uuid, p.n, p.records, p.versions, to_jsonb(p)->>'value' from (${rows}) p on conflict do nothing`);
  const [row] = await on.query<{ n: number }>(
    sql`select coalesce(sum(cardinality(records)), 0)::int as n from ${portions(workspace)} where run = ${run}`,
  );
  return row?.n ?? 0;
}

/** The records of a run as a relation of id and seen. */
export function itemsOf(workspace: string, run: string, value: string | null = null): Sql {
  return sql`(select u.id, u.seen from ${portions(workspace)} p cross join lateral unnest(p.records, p.versions) as u(id, seen)
    where p.run = ${run}::uuid and (${value}::text is null or p.value = ${value}))`;
}

/** Who gets records of an assignment, and how many. */
export function receiversOf(
  on: Queryable,
  workspace: string,
  run: string,
): Promise<{ account: string; count: number }[]> {
  return on.query<{ account: string; count: number }>(sql`
    select value as account, sum(cardinality(records))::int as count from ${portions(workspace)}
    where run = ${run} and value is not null group by value order by 2 desc, 1`);
}

/** Numbers of portions that are not written, or not looked at. */
export async function openPortions(
  on: Queryable,
  workspace: string,
  run: string,
  what: 'done' | 'found',
): Promise<number[]> {
  const open = what === 'done' ? sql`not done` : sql`found is null`;
  const rows = await on.query<{ n: number }>(
    sql`select n from ${portions(workspace)} where run = ${run} and ${open} and cardinality(records) > 0 order by n`,
  );
  return rows.map(({ n }) => n);
}

export async function readPortion(
  on: Queryable,
  workspace: string,
  run: string,
  n: number,
): Promise<Portion & { value: string | null }> {
  const [row] = await on.query<Portion & { value: string | null; [column: string]: unknown }>(
    sql`select records, versions, value from ${portions(workspace)} where run = ${run} and n = ${n}`,
  );
  return row ?? { records: [], versions: [], value: null };
}

export async function narrowPortion(
  on: Queryable,
  workspace: string,
  run: string,
  n: number,
  keep: Portion,
  found: MassCounts,
): Promise<void> {
  await on.query(sql`update ${portions(workspace)} set records = ${keep.records}::uuid[], versions = ${keep.versions}::int[], found = ${JSON.stringify(found)}::jsonb
    where run = ${run} and n = ${n}`);
}

export async function foundIn(
  on: Queryable,
  workspace: string,
  run: string,
): Promise<{ counts: MassCounts[]; first: string[] }> {
  const counts = await on.query<{ found: MassCounts }>(
    sql`select found from ${portions(workspace)} where run = ${run} and found is not null`,
  );
  const first = await on.query<{
    id: string;
  }>(sql`select u.id from ${portions(workspace)} p cross join lateral unnest(p.records) as u(id)
    where p.run = ${run}::uuid order by p.n limit 8`);
  return { counts: counts.map(({ found }) => found), first: first.map(({ id }) => id) };
}

/** Marks a portion written, in the transaction that writes it. false: somebody else has. */
export async function markWritten(on: Queryable, workspace: string, run: string, n: number): Promise<boolean> {
  const rows = await on.query(
    sql`update ${portions(workspace)} set done = true where run = ${run} and n = ${n} and not done returning n`,
  );
  return rows.length > 0;
}

export async function dropPortions(on: Queryable, workspace: string, run: string): Promise<void> {
  await on.query(sql`delete from ${portions(workspace)} where run = ${run}`);
}

export { runs as runTable };
