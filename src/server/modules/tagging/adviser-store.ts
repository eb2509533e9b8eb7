import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Seal } from '../../platform/outgoing/seal.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** A language model at an address that speaks as OpenAI's does. */
export interface AdviserSettings {
  on: boolean;
  /** Up to and without `/chat/completions`. */
  address: string;
  model: string;
  /** Texts asked about within 24 hours at most. */
  daily: number;
}

export interface Adviser extends AdviserSettings {
  key: string | null;
}

const ADVISER_OFF: AdviserSettings = { on: false, address: '', model: '', daily: 500 };

const about = (workspace: string): string => `${workspace}/tag-adviser`;

/** The settings, and whether a key is kept. */
export async function readAdviser(
  on: Queryable,
  workspace: string,
): Promise<AdviserSettings & { sealed: Buffer | null }> {
  const [row] = await on.query<{ settings: AdviserSettings; secret: Buffer | null }>(
    sql`select settings, secret from ${tableOf(workspace, 'tag_adviser')}`,
  );
  return { ...ADVISER_OFF, ...row?.settings, sealed: row?.secret ?? null };
}

export async function openAdviser(on: Queryable, seal: Seal, workspace: string): Promise<Adviser> {
  const { sealed, ...settings } = await readAdviser(on, workspace);
  return { ...settings, key: sealed ? String(seal.open(sealed, about(workspace))) : null };
}

/** A key that isn't given stays as it was; an empty one is forgotten. */
export async function saveAdviser(
  on: Queryable,
  seal: Seal,
  workspace: string,
  { key, by, ...settings }: AdviserSettings & { key?: string | undefined; by: string },
): Promise<void> {
  const sealed = key ? seal.close(key, about(workspace)) : null;
  await on.query(sql`insert into ${tableOf(workspace, 'tag_adviser')} as a (settings, secret, updated_by)
    values (${JSON.stringify(settings)}::jsonb, ${sealed}, ${by})
    on conflict (one) do update set settings = excluded.settings, updated_at = now(), updated_by = excluded.updated_by,
      secret = ${key === undefined ? sql`a.secret` : sql`excluded.secret`}`);
}

/** Row of table tag_question. */
export interface Question {
  id: string;
  source_object: string;
  source_record: string;
  tries: number;
  [column: string]: unknown;
}

const questions = (workspace: string) => tableOf(workspace, 'tag_question');

/** Texts that were written, or written anew. */
export async function putQuestions(
  tx: Tx,
  workspace: string,
  object: string,
  records: readonly string[],
  at: Date,
): Promise<void> {
  const rows = records.map((record) => ({ id: uuidv7(), record }));
  if (rows.length === 0) return;
  await tx.query(sql`insert into ${questions(workspace)} (id, source_object, source_record, at)
    select id, ${object}, record, ${at} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, record uuid)
    on conflict (source_record) do update set state = 'waiting', tries = 0, next_try_at = '-infinity', at = excluded.at, error = null`);
}

export function waitingQuestions(on: Queryable, workspace: string, now: Date, limit: number): Promise<Question[]> {
  return on.query<Question>(sql`select * from ${questions(workspace)}
    where state = 'waiting' and next_try_at <= ${now}::timestamptz order by next_try_at, id limit ${limit}`);
}

/** Asked within 24 hours. */
export async function askedToday(on: Queryable, workspace: string, now: Date): Promise<number> {
  const [row] = await on.query<{ n: number }>(sql`select count(*)::int as n from ${questions(workspace)}
    where done_at > ${now}::timestamptz - interval '1 day'`);
  return row?.n ?? 0;
}

/** Another process, or a new version of the text, was faster. */
export class AskedMeanwhile extends Error {}

export async function closeQuestion(
  tx: Tx,
  workspace: string,
  id: string,
  done: { now: Date; proposed: number },
): Promise<void> {
  const rows =
    await tx.query(sql`update ${questions(workspace)} set state = 'done', done_at = ${done.now}, proposed = ${done.proposed}, error = null
    where id = ${id} and state = 'waiting' returning id`);
  if (rows.length === 0) throw new AskedMeanwhile();
}

/** Tries, and how long until the next one. */
const PAUSES_S = [10, 60, 600, 3600];

export async function putOffQuestion(
  on: Queryable,
  workspace: string,
  { id, tries }: Question,
  failed: { now: Date; error: string; forGood: boolean },
): Promise<void> {
  const pause = PAUSES_S[tries];
  const state = failed.forGood || pause === undefined ? 'failed' : 'waiting';
  // It was asked all the same: the day's number counts calls, not answers.
  await on.query(sql`update ${questions(workspace)} set state = ${state}, tries = tries + 1, error = ${failed.error}, done_at = ${failed.now},
      next_try_at = ${failed.now}::timestamptz + make_interval(secs => ${pause ?? 0})
    where id = ${id} and state = 'waiting'`);
}

export async function questionCounts(
  on: Queryable,
  workspace: string,
  now: Date,
): Promise<{ waiting: number; asked: number; proposed: number; error: string | null }> {
  const [row] = await on.query<{ waiting: number; asked: number; proposed: number; error: string | null }>(sql`
    select count(*) filter (where state = 'waiting')::int as waiting,
      count(*) filter (where done_at > ${now}::timestamptz - interval '1 day')::int as asked,
      coalesce(sum(proposed) filter (where done_at > ${now}::timestamptz - interval '1 day'), 0)::int as proposed,
      (select error from ${questions(workspace)} where error is not null order by done_at desc nulls last limit 1) as error
    from ${questions(workspace)}`);
  return row ?? { waiting: 0, asked: 0, proposed: 0, error: null };
}
