import sql, { empty } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { SUBMISSION_STATES } from '../../../contract/forms.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Answers } from './read-answers.ts';

export type SubmissionState = (typeof SUBMISSION_STATES)[number];

export interface Why {
  code: string;
  /** Where an issue of the write door is the cause. */
  message?: Label;
}

export interface Named {
  object: string;
  id: string;
}

/** Row of table form_submission. */
export interface Submission {
  id: string;
  form: string;
  at: Date;
  lang: 'zh' | 'en';
  answers: Answers | null;
  consents: { purpose: string; separate: boolean }[];
  state: SubmissionState;
  why: Why | null;
  object: string | null;
  record: string | null;
  candidates: Named[];
  change_set: string | null;
  tries: number;
  done_at: Date | null;
  done_by: string | null;
  [column: string]: unknown;
}

const table = (workspace: string) => tableOf(workspace, 'form_submission');

export interface NewSubmission {
  form: string;
  at: Date;
  lang: 'zh' | 'en';
  challenge: Buffer;
  digest: Buffer;
  answers: Answers;
  consents: Submission['consents'];
  state: 'received' | 'junk';
  /** Submissions that the form takes at most. */
  most?: number | undefined;
}

/**
 * Takes what somebody sent, by one statement: once that is committed nothing of it is lost. `again`: this very one came before. `used`: something else
 * came with the same challenge. `full`: the form takes no more.
 */
export async function insertSubmission(
  db: Db,
  workspace: string,
  one: NewSubmission,
): Promise<'taken' | 'again' | 'used' | 'full'> {
  const values = sql`${uuidv7()}::uuid, ${one.form}::uuid, ${one.at}::timestamptz, ${one.lang}, ${one.challenge}::bytea, ${one.digest}::bytea,
    ${JSON.stringify(one.answers)}::jsonb, ${JSON.stringify(one.consents)}::jsonb, ${one.state}, ${one.at}::timestamptz`;
  const into = sql`insert into ${table(workspace)} (id, form, at, lang, challenge, digest, answers, consents, state, next_try_at)`;
  const rows =
    one.most === undefined || one.state === 'junk'
      ? await db.query(
          sql`${into} values (${values}) on conflict (challenge) do nothing returning 1 as n`,
          `form-take ${workspace}`,
        )
      : await db.query(sql`with place as (update ${tableOf(workspace, 'form')} set taken = taken + 1
            where id = ${one.form}::uuid and taken < ${one.most} and not exists (select from ${table(workspace)} where challenge = ${one.challenge}::bytea) returning 1)
          ${into} select ${values} from place on conflict (challenge) do nothing returning 1 as n`);
  if (rows.length > 0) return 'taken';
  const [known] = await db.query<{ same: boolean }>(
    sql`select digest = ${one.digest}::bytea as same from ${table(workspace)} where challenge = ${one.challenge}::bytea`,
  );
  if (!known) return 'full';
  return known.same ? 'again' : 'used';
}

/** Oldest first. */
export function waitingSubmissions(on: Queryable, workspace: string, now: Date, limit: number): Promise<Submission[]> {
  return on.query<Submission>(sql`select * from ${table(workspace)}
    where state = 'received' and next_try_at <= ${now}::timestamptz order by next_try_at, id limit ${limit}`);
}

/** Another process did it between our look and our write. */
export class DoneMeanwhile extends Error {}

export interface Done {
  id: string;
  state: SubmissionState;
  why?: Why | undefined;
  object?: string | undefined;
  record?: string | undefined;
  candidates?: Named[];
  /** The answers stay: somebody still has to look at them. */
  keep?: boolean;
}

/** In the transaction that does what follows: both are there, or neither. @param from states that are left */
export async function markDone(
  tx: Queryable,
  workspace: string,
  done: readonly Done[],
  stroke: { changeSet: string | null; at: Date; by: string | null; from: readonly SubmissionState[] },
): Promise<void> {
  const rows =
    await tx.query(sql`update ${table(workspace)} s set state = x.state, why = x.why, object = x.object, record = x.record,
      candidates = coalesce(x.candidates, '[]'), answers = case when coalesce(x.keep, false) then s.answers end,
      change_set = ${stroke.changeSet}::uuid, done_at = ${stroke.at}::timestamptz, done_by = ${stroke.by}
    from jsonb_to_recordset(${JSON.stringify(done)}::jsonb)
      as x(id uuid, state text, why jsonb, object text, record uuid, candidates jsonb, keep boolean)
    where s.id = x.id and s.state = any(${[...stroke.from]}::text[]) returning s.id`);
  if (rows.length !== done.length) throw new DoneMeanwhile();
}

/** Seconds until the next try. */
const PAUSES_S = [1, 5, 30, 120, 600];

/** What broke down is tried again, and then waits for a person with what was typed. */
export async function putOff(db: Db, workspace: string, one: Submission, now: Date): Promise<void> {
  const pause = PAUSES_S[one.tries];
  if (pause === undefined) {
    const done: Done = { id: one.id, state: 'held', why: { code: 'failed' }, keep: true };
    await markDone(db, workspace, [done], { changeSet: null, at: now, by: null, from: ['received'] });
    return;
  }
  await db.query(sql`update ${table(workspace)} set tries = tries + 1, next_try_at = ${now}::timestamptz + make_interval(secs => ${pause})
    where id = ${one.id}::uuid and state = 'received'`);
}

/** @param forms those whose submissions the reader may see */
export function listSubmissions(
  on: Queryable,
  workspace: string,
  query: {
    forms: readonly string[];
    states?: readonly SubmissionState[] | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<Submission[]> {
  const { forms, states, before, limit } = query;
  return on.query<Submission>(sql`select * from ${table(workspace)} where form = any(${[...forms]}::uuid[])
    ${states === undefined ? empty : sql`and state = any(${[...states]}::text[])`}
    ${before === undefined ? empty : sql`and id < ${before}::uuid`} order by id desc limit ${limit}`);
}

export async function findSubmission(on: Queryable, workspace: string, id: string): Promise<Submission | null> {
  const [row] = await on.query<Submission>(sql`select * from ${table(workspace)} where id = ${id}::uuid`);
  return row ?? null;
}

/** Submissions by state, and what was refused in the last 30 days by kind; by form. */
export async function countForms(
  on: Queryable,
  workspace: string,
  now: Date,
): Promise<Map<string, { counts: Record<string, number>; junk: Record<string, number> }>> {
  const rows = await on.query<{ form: string; what: string; junk: boolean; n: number }>(sql`
    select form, state as what, false as junk, count(*)::int as n from ${table(workspace)} group by 1, 2
    union all select form, kind, true, sum(n)::int from ${tableOf(workspace, 'form_junk')}
      where day > (${now}::timestamptz - interval '30 days')::date group by 1, 2`);
  const found = new Map<string, { counts: Record<string, number>; junk: Record<string, number> }>();
  for (const { form, what, junk, n } of rows) {
    const one = found.get(form) ?? { counts: {}, junk: {} };
    found.set(form, one);
    one[junk ? 'junk' : 'counts'][what] = n;
  }
  return found;
}

/** Days that what was put aside, and what nobody decided on, is kept; and counts of what was refused. */
const JUNK_DAYS = 30;
const HELD_DAYS = 180;
const COUNT_DAYS = 400;

/** What was typed goes when nobody needs it any more; rows of what became records stay, for they say where these came from. */
export async function forgetSubmissions(db: Db, workspace: string, now: Date): Promise<void> {
  const older = (days: number) => sql`${now}::timestamptz - make_interval(days => ${days})`;
  await db.query(sql`delete from ${table(workspace)} where state in ('junk', 'rejected') and at < ${older(JUNK_DAYS)}`);
  await db.query(sql`update ${table(workspace)} set state = 'rejected', answers = null, why = '{"code": "expired"}', done_at = ${now}
    where state = 'held' and at < ${older(HELD_DAYS)}`);
  await db.query(sql`delete from ${tableOf(workspace, 'form_junk')} where day < (${older(COUNT_DAYS)})::date`);
  await db.query(sql`delete from ${tableOf(workspace, 'form_key')} where at < ${older(2)}`);
}

/** Keys of records made a moment ago. */
export async function addKeys(
  tx: Tx,
  workspace: string,
  rows: readonly { object: number; key: number; record: string }[],
  at: Date,
) {
  if (rows.length === 0) return;
  await tx.query(sql`insert into ${tableOf(workspace, 'form_key')} (object, key, record, at)
    select object, key, record, ${at}::timestamptz from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(object int, key int, record uuid)`);
}

export async function recordsOfKeys(
  on: Queryable,
  workspace: string,
  object: number,
  keys: readonly number[],
): Promise<string[]> {
  if (keys.length === 0) return [];
  // Those that share most keys: a key that many share (a city, a line of business) must not hide the one that tells.
  const rows = await on.query<{ record: string }>(sql`
    select found.record from unnest(${[...keys]}::int[]) k(key) cross join lateral (
      select f.record from ${tableOf(workspace, 'form_key')} f where f.object = ${object} and f.key = k.key order by f.at desc limit 40
    ) found group by found.record order by count(*) desc, found.record limit 40`);
  return rows.map(({ record }) => record);
}
