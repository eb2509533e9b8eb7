import sql from 'sql-template-tag';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Summary } from '../../records/write/types.ts';

/** A committed change set, as reactions see it. */
export interface OutboxSet {
  id: string;
  txid: string;
  at: Date;
  actor: string;
  source: string;
  kind: string;
  undoes: string | null;
  /** Of an import: the name of its file. */
  reason: string | null;
  summary: Partial<Summary>;
}

/** How far a reader is: all sets before (txid, change_set), and of that one the records up to `record` (null: all). */
export interface Place {
  txid: string;
  changeSet: string;
  record: string | null;
}

export interface Portion {
  tx: Tx;
  place: Place;
  /** In commit order; the first is the one the last portion stopped in, when `place.record` is set. */
  sets: OutboxSet[];
}

/** Sets looked at in one transaction. Short ones: a long one would hold up live updates, which wait for the oldest. */
const SETS = 200;

/**
 * Gives a consumer the next sets that nobody can any more commit before, in one transaction with where it says it got to: what it writes there
 * happens exactly once. One reader at a time; who comes second finds nothing to do.
 * @param handle returns the new place, or null when it did nothing
 * @returns whether there may be more
 */
export async function readOutbox(
  db: Db,
  workspace: string,
  consumer: string,
  handle: (portion: Portion) => Promise<Place | null>,
): Promise<boolean> {
  const cursors = tableOf(workspace, 'outbox_cursor');
  await db.query(sql`insert into ${cursors} (consumer) values (${consumer}) on conflict do nothing`);
  return db.tx(async (tx) => {
    const [row] = await tx.query<{ txid: string; change_set: string; record: string | null }>(
      sql`select txid::text as txid, change_set, record from ${cursors} where consumer = ${consumer} for update skip locked`,
    );
    if (!row) return false;
    const place: Place = { txid: row.txid, changeSet: row.change_set, record: row.record };
    const sets = await nextSets(tx, workspace, place);
    const next = sets.length > 0 ? await handle({ tx, place, sets }) : null;
    if (!next) return false;
    await tx.query(sql`update ${cursors} set txid = ${next.txid}::xid8, change_set = ${next.changeSet}::uuid, record = ${next.record}::uuid
      where consumer = ${consumer}`);
    return true;
  });
}

/** Whether a consumer has sets before it. */
export async function outboxWaits(on: Queryable, workspace: string, consumer: string): Promise<boolean> {
  const [row] = await on.query<{ txid: string; change_set: string; record: string | null }>(
    sql`select txid::text as txid, change_set, record from ${tableOf(workspace, 'outbox_cursor')} where consumer = ${consumer}`,
  );
  // Nobody has read for it yet.
  if (!row) return true;
  const place = { txid: row.txid, changeSet: row.change_set, record: row.record };
  return (await nextSets(on, workspace, place, 1)).length > 0;
}

function nextSets(
  on: Queryable,
  workspace: string,
  { txid, changeSet, record }: Place,
  limit = SETS,
): Promise<OutboxSet[]> {
  return on.query<OutboxSet & Record<string, unknown>>(sql`
    select id, txid::text as txid, at, actor, source, kind, undoes, reason, summary from ${tableOf(workspace, 'change_set')} c
    where txid >= ${txid}::xid8 and txid < pg_snapshot_xmin(pg_current_snapshot()) and status <> 'running'
      and (txid > ${txid}::xid8 or id > ${changeSet}::uuid or (id = ${changeSet}::uuid and ${record !== null}::boolean))
    order by c.txid, c.id limit ${limit}`);
}

/** Lets everything pass that is there now: who has nothing to look for needs not read it. */
export async function passBy(on: Queryable, workspace: string, consumer: string): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'outbox_cursor')} set txid = pg_snapshot_xmin(pg_current_snapshot()),
      change_set = '00000000-0000-0000-0000-000000000000', record = null
    where consumer = ${consumer} and txid < pg_snapshot_xmin(pg_current_snapshot())`);
}

/** The place after a set. */
export function placeAfter(set: OutboxSet): Place {
  return { txid: set.txid, changeSet: set.id, record: null };
}
