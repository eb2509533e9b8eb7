import sql, { empty } from 'sql-template-tag';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { ActionResult } from './plan-actions.ts';

export type FiringState = 'waiting' | 'done' | 'failed' | 'skipped' | 'blocked';

/** Row of table automation_firing. */
export interface StoredFiring {
  id: string;
  rule: string;
  rules_version: number;
  cause: string;
  object: string;
  record: string;
  at: Date;
  change_set: string | null;
  chain: string[];
  facts: { version?: number; fields?: string[]; count?: number; day?: string };
  state: FiringState;
  tries: number;
  next_try_at: Date;
  done_at: Date | null;
  wrote: string | null;
  touched: string[];
  results: ActionResult[] | null;
  error: FiringError | null;
  [column: string]: unknown;
}

/** Why a firing was not done. `message`: in Chinese and English, where an issue of the write door is the cause. */
export interface FiringError {
  code: string;
  message?: { zh: string; en: string };
}

const table = (workspace: string) => tableOf(workspace, 'automation_firing');

/** Oldest first. */
export function waitingFirings(on: Queryable, workspace: string, now: Date, limit: number): Promise<StoredFiring[]> {
  return on.query<StoredFiring>(sql`select * from ${table(workspace)}
    where state = 'waiting' and next_try_at <= ${now}::timestamptz order by next_try_at, id limit ${limit}`);
}

/** Another process did it between our look and our write. */
export class DoneMeanwhile extends Error {}

export interface Done {
  id: string;
  touched: string[];
  results: ActionResult[];
}

/** In the transaction that does what follows: both are there, or neither. */
export async function markDone(
  tx: Tx,
  workspace: string,
  done: readonly Done[],
  wrote: string | null,
  now: Date,
): Promise<void> {
  const rows =
    await tx.query(sql`update ${table(workspace)} f set state = 'done', done_at = ${now}::timestamptz, wrote = ${wrote}::uuid,
      touched = array(select jsonb_array_elements_text(x.touched)::uuid), results = x.results, error = null
    from jsonb_to_recordset(${JSON.stringify(done)}::jsonb) as x(id uuid, touched jsonb, results jsonb)
    where f.id = x.id and f.state = 'waiting' returning f.id`);
  if (rows.length !== done.length) throw new DoneMeanwhile();
}

export async function giveUp(
  on: Queryable,
  workspace: string,
  ids: readonly string[],
  state: 'failed' | 'skipped',
  error: FiringError,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await on.query(sql`update ${table(workspace)} set state = ${state}, done_at = ${now}::timestamptz, error = ${JSON.stringify(error)}::jsonb
    where id = any(${[...ids]}::uuid[]) and state = 'waiting'`);
}

/** Tries, and how long until the next one. */
const PAUSES_S = [1, 5, 30, 120, 600, 1800];

/** @returns whether it is tried again */
export async function putOff(
  on: Queryable,
  workspace: string,
  firing: StoredFiring,
  code: string,
  now: Date,
): Promise<boolean> {
  const pause = PAUSES_S[firing.tries];
  if (pause === undefined) {
    await giveUp(on, workspace, [firing.id], 'failed', { code }, now);
    return false;
  }
  await on.query(sql`update ${table(workspace)} set tries = tries + 1, next_try_at = ${now}::timestamptz + make_interval(secs => ${pause}),
    error = ${JSON.stringify({ code })}::jsonb where id = ${firing.id} and state = 'waiting'`);
  return true;
}

/** Newest first. */
export function listFirings(
  on: Queryable,
  workspace: string,
  query: { rule?: string | undefined; state?: FiringState | undefined; before?: string | undefined; limit: number },
): Promise<StoredFiring[]> {
  return on.query<StoredFiring>(sql`select * from ${table(workspace)} where true
    ${query.rule === undefined ? empty : sql`and rule = ${query.rule}::uuid`}
    ${query.state === undefined ? empty : sql`and state = ${query.state}`}
    ${query.before === undefined ? empty : sql`and id < ${query.before}::uuid`} order by id desc limit ${query.limit}`);
}
