import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { ErasureReport } from '../../../contract/privacy.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { EraseMode } from '../../records/erase/types.ts';
import type { Ctx } from '../../records/types.ts';

export type Ground = 'subject' | 'withdrawn' | 'expired' | 'purpose' | 'unlawful' | 'other';

/** Row of table `erasure`. */
export interface Erasure {
  id: string;
  at: Date;
  by: string;
  mode: EraseMode;
  ground: Ground;
  cause: string | null;
  state: 'waiting' | 'working' | 'done' | 'failed';
  change_set: string;
  report: Partial<ErasureReport>;
  error: string | null;
  finished_at: Date | null;
  unscrubbed: string[];
  [column: string]: unknown;
}

export interface ErasureRecord {
  record: string;
  object: string;
  mode: EraseMode;
  [column: string]: unknown;
}

const erasures = (workspace: string): Sql => tableOf(workspace, 'erasure');

/** Writes the decision down; a job does it. */
export async function newErasure(
  on: Queryable,
  ctx: Pick<Ctx, 'workspace' | 'at' | 'actor'>,
  order: { mode: EraseMode; ground: Ground; cause?: string | undefined; records: readonly ErasureRecord[] },
): Promise<string> {
  const id = uuidv7();
  await on.query(sql`
    with made as (insert into ${erasures(ctx.workspace)} (id, at, by, mode, ground, cause, change_set)
      values (${id}, ${ctx.at}, ${ctx.actor}, ${order.mode}, ${order.ground}, ${order.cause ?? null}, ${uuidv7()}) returning id)
    insert into ${tableOf(ctx.workspace, 'erasure_record')} (erasure, record, object, mode)
    select made.id, x.record, x.object, x.mode from made,
      jsonb_to_recordset(${JSON.stringify(order.records)}::jsonb) as x(record uuid, object text, mode text) on conflict do nothing`);
  return id;
}

export async function readErasure(on: Queryable, workspace: string, id: string): Promise<Erasure> {
  const [row] = await on.query<Erasure>(sql`select * from ${erasures(workspace)} where id = ${id}`);
  if (!row) throw new AppError('not-found');
  return row;
}

export function listErasures(on: Queryable, workspace: string, limit: number): Promise<Erasure[]> {
  return on.query<Erasure>(sql`select * from ${erasures(workspace)} order by at desc, id desc limit ${limit}`);
}

export async function waitingErasures(on: Queryable, workspace: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id from ${erasures(workspace)} where state in ('waiting', 'working') order by at`,
  );
  return rows.map(({ id }) => id);
}

export async function setErasure(
  on: Queryable,
  workspace: string,
  id: string,
  set: {
    state: Erasure['state'];
    report?: ErasureReport;
    error?: string | null;
    finishedAt?: Date;
    unscrubbed?: string[];
  },
): Promise<void> {
  const { state, report, error, finishedAt, unscrubbed } = set;
  await on.query(sql`update ${erasures(workspace)} set state = ${state},
    report = coalesce(${report ? JSON.stringify(report) : null}::jsonb, report), error = ${error ?? null},
    finished_at = coalesce(${finishedAt ?? null}::timestamptz, finished_at), unscrubbed = coalesce(${unscrubbed ?? null}::text[], unscrubbed)
    where id = ${id}`);
}

/** Of those that are not done, children before what they belong to. */
export function nextRecords(on: Queryable, workspace: string, id: string, limit: number): Promise<ErasureRecord[]> {
  return on.query<ErasureRecord>(sql`select record, object, mode from ${tableOf(workspace, 'erasure_record')}
    where erasure = ${id} and not done order by record desc limit ${limit}`);
}

export async function markDone(tx: Tx, workspace: string, id: string, records: readonly string[]): Promise<void> {
  await tx.query(
    sql`update ${tableOf(workspace, 'erasure_record')} set done = true where erasure = ${id} and record = any(${records}::uuid[])`,
  );
}

/** How many records of each object, done or not. */
export async function countRecords(on: Queryable, workspace: string, id: string): Promise<Record<string, number>> {
  const rows = await on.query<{ object: string; n: number }>(
    sql`select object, count(*)::int as n from ${tableOf(workspace, 'erasure_record')} where erasure = ${id} group by 1`,
  );
  return Object.fromEntries(rows.map(({ object, n }) => [object, n]));
}
