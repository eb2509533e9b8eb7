import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Found } from './texts.ts';

export type MentionState = 'found' | 'waiting' | 'done' | 'lost' | 'gone' | 'old' | 'refused';

/** Row of table tag_mention. */
export interface StoredMention extends Omit<Found, 'at'> {
  id: string;
  at: Date;
  state: MentionState;
  tries: number;
  [column: string]: unknown;
}

const mentions = (workspace: string) => tableOf(workspace, 'tag_mention');
const COLUMNS = sql`id uuid, record uuid, field text, tag text, source_object text, source_record uuid, source_field text, phrase text, place int,
  length int, at timestamptz`;

/**
 * Keeps what was found. What stands behind a tag already stays as it is but for its place; what a person refused stays refused.
 * @returns how many wait to be acted on
 */
export async function keepFound(
  on: Queryable,
  workspace: string,
  found: readonly Found[],
  as: { state: 'waiting' | 'found'; run: string | null; now: Date },
): Promise<number> {
  if (found.length === 0) return 0;
  const rows = found.map((one) => ({ ...one, id: uuidv7() }));
  // A look does not take from the follower what waits for it.
  const again = as.state === 'waiting' ? ['found', 'lost', 'gone', 'old'] : ['lost', 'gone', 'old', 'found'];
  const kept = await on.query<{ state: string }>(sql`
    insert into ${mentions(workspace)} as m (id, record, field, tag, source_object, source_record, source_field, phrase, place, length, at, found_at, state, run)
    select id, record, field, tag, source_object, source_record, source_field, phrase, place, length, at, ${as.now}::timestamptz, ${as.state}, ${as.run}::uuid
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(${COLUMNS})
    on conflict (record, field, tag, source_record, source_field) do update
      set phrase = excluded.phrase, place = excluded.place, length = excluded.length, at = excluded.at,
        state = case when m.state = any(${again}::text[]) then excluded.state else m.state end,
        run = case when m.state = any(${again}::text[]) then excluded.run else m.run end, tries = 0
    returning state`);
  return kept.filter(({ state }) => state === 'waiting').length;
}

/** What these records said before and say no longer. @returns how many wait to be acted on */
export async function loseOthers(
  tx: Tx,
  workspace: string,
  sources: readonly string[],
  found: readonly Found[],
): Promise<number> {
  const keys = found.map((one) => [one.record, one.field, one.tag, one.source_record, one.source_field].join(' '));
  const rows = await tx.query(sql`update ${mentions(workspace)} set state = 'lost', tries = 0, next_try_at = '-infinity'
    where source_record = any(${[...sources]}::uuid[]) and state in ('waiting', 'done')
      and concat_ws(' ', record, field, tag, source_record, source_field) <> all(${keys}::text[]) returning id`);
  return rows.length;
}

/** Whether a text ever set a tag here. */
export async function hasMentions(on: Queryable, workspace: string): Promise<boolean> {
  const [row] = await on.query<{ some: boolean }>(sql`select exists (select from ${mentions(workspace)}) as some`);
  return row?.some ?? false;
}

/** Those to be acted on now, whole customers at a time. */
export function waitingMentions(
  on: Queryable,
  workspace: string,
  of: { run: string | null; now: Date; customers: number },
): Promise<StoredMention[]> {
  const open =
    of.run === null
      ? sql`state in ('waiting', 'lost') and next_try_at <= ${of.now}::timestamptz`
      : sql`state = 'found' and run = ${of.run}::uuid`;
  return on.query<StoredMention>(sql`select * from ${mentions(workspace)} where ${open}
    and record in (select distinct record from ${mentions(workspace)} where ${open} order by record limit ${of.customers}) order by record, at, id`);
}

/** `record field tag` of these that other evidence stands behind. */
export async function otherEvidence(
  on: Queryable,
  workspace: string,
  records: readonly string[],
): Promise<Set<string>> {
  const rows = await on.query<{ key: string }>(sql`select distinct concat_ws(' ', record, field, tag) as key
    from ${mentions(workspace)} where record = any(${[...records]}::uuid[]) and state in ('done', 'waiting')`);
  return new Set(rows.map(({ key }) => key));
}

/** Another process acted on them meanwhile. */
export class ActedMeanwhile extends Error {}

/** In the transaction that acts: both are there, or neither. */
export async function markActed(tx: Tx, workspace: string, acted: readonly StoredMention[]): Promise<void> {
  const rows =
    await tx.query(sql`update ${mentions(workspace)} m set state = case when x.state = 'lost' then 'gone' else 'done' end, tries = 0
    from jsonb_to_recordset(${JSON.stringify(acted.map(({ id, state }) => ({ id, state })))}::jsonb) as x(id uuid, state text)
    where m.id = x.id and m.state = x.state returning m.id`);
  if (rows.length !== acted.length) throw new ActedMeanwhile();
}

/** Tries, and how long until the next one; then it is given up. */
const PAUSES_S = [1, 5, 30, 120, 600, 1800];

export async function putOffMentions(
  on: Queryable,
  workspace: string,
  some: readonly StoredMention[],
  now: Date,
): Promise<void> {
  if (some.length === 0) return;
  await on.query(sql`update ${mentions(workspace)} set tries = tries + 1,
      state = case when tries >= ${PAUSES_S.length} then 'gone' else state end,
      next_try_at = ${now}::timestamptz + make_interval(secs => (${PAUSES_S}::int[])[least(tries + 1, ${PAUSES_S.length})])
    where id = any(${some.map(({ id }) => id)}::uuid[])`);
}

/** A person took these tags away: what was heard until then does not bring them back. */
export async function refuseMentions(
  tx: Tx,
  workspace: string,
  removed: readonly { record: string; field: string; tag: string }[],
): Promise<void> {
  if (removed.length === 0) return;
  await tx.query(sql`update ${mentions(workspace)} m set state = 'refused'
    from jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) as x(record uuid, field text, tag text)
    where m.record = x.record and m.field = x.field and m.tag = x.tag and m.state in ('found', 'waiting', 'done', 'lost')`);
}

/** What stands behind the tags of a customer, newest first. */
export function evidenceOf(on: Queryable, workspace: string, record: string): Promise<StoredMention[]> {
  return on.query<StoredMention>(
    sql`select * from ${mentions(workspace)} where record = ${record} and state in ('done', 'waiting') order by at desc, id desc`,
  );
}

/** Tags that ended: what was heard of them is past. */
export async function ageMentions(
  tx: Tx,
  workspace: string,
  ended: readonly { record: string; field: string; tag: string }[],
): Promise<void> {
  await tx.query(sql`update ${mentions(workspace)} m set state = 'old'
    from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as x(record uuid, field text, tag text)
    where m.record = x.record and m.field = x.field and m.tag = x.tag and m.state = 'done'`);
}

export async function dropFound(on: Queryable, workspace: string, run: string): Promise<void> {
  await on.query(sql`delete from ${mentions(workspace)} where run = ${run} and state = 'found'`);
}
