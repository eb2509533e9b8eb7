import sql, { raw } from 'sql-template-tag';
import type { LiveEvent } from '../../../contract/events.ts';
import type { Log } from '../log.ts';
import type { Db } from '../postgres/db.ts';
import type { Hub } from './hub.ts';

const INTERVAL_MS = 300;
const BATCH = 500;
/** More records than this in one change set, and pages are told the object only. */
const MOST_IDS = 200;

/** What change_set.summary holds for small sets: [object, record, fields, version]. */
interface ChangeSetRow {
  id: string;
  txid: string;
  actor: string;
  summary: { counts?: Record<string, unknown>; records?: [string, string, string[], number][] };
}

/**
 * Tells the hub what any process wrote: polls the change sets of a workspace, only while somebody listens. Not NOTIFY:
 * that takes a lock at commit which serialises all writers. A change set is passed on when no older transaction still
 * runs (pg_snapshot_xmin), so none is missed whatever the order of commits. Returns how to stop.
 */
export function follow(db: Db, hub: Hub, log: Log, schemaOf: (workspace: string) => string): () => Promise<void> {
  const running = new Map<string, { stop: boolean; ended: Promise<void> }>();
  hub.onInterest((workspace, wanted) => {
    const current = running.get(workspace);
    if (current) current.stop = true;
    running.delete(workspace);
    if (!wanted) return;
    const state = { stop: false, ended: Promise.resolve() };
    state.ended = poll(db, schemaOf(workspace), state, log, (event) => hub.publish(workspace, event));
    running.set(workspace, state);
  });
  return async () => {
    for (const state of running.values()) state.stop = true;
    await Promise.all([...running.values()].map((state) => state.ended));
  };
}

async function poll(
  db: Db,
  schema: string,
  state: { stop: boolean },
  log: Log,
  publish: (event: LiveEvent) => void,
): Promise<void> {
  let last: string | undefined;
  while (!state.stop) {
    try {
      last ??= await horizon(db);
      const rows = await readNew(db, schema, last);
      for (const row of rows) for (const event of eventsOf(row)) publish(event);
      last = rows.at(-1)?.txid ?? last;
      if (rows.length === BATCH) continue;
    } catch (error) {
      log.debug({ err: error }, 'live updates wait for the database');
    }
    await pause();
  }
}

async function horizon(db: Db): Promise<string> {
  // Everything below xmin is settled; what is at or above it is still to be told.
  const [row] = await db.query<{ last: string }>(
    sql`select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text as last`,
  );
  return row?.last ?? '0';
}

/** Whole transactions at a time: a batch never ends between two change sets of one transaction. */
function readNew(db: Db, schema: string, last: string): Promise<ChangeSetRow[]> {
  const table = raw(`"${schema.replaceAll('"', '""')}".change_set`);
  return db.query<ChangeSetRow>(
    sql`select id, txid::text as txid, actor, summary from ${table} c
      where txid > ${last}::xid8 and txid < pg_snapshot_xmin(pg_current_snapshot())
      order by c.txid fetch first ${BATCH} rows with ties`,
  );
}

/** One event per object that the set touched. */
export function eventsOf(row: Pick<ChangeSetRow, 'id' | 'actor' | 'summary'>): LiveEvent[] {
  const { records = [], counts = {} } = row.summary;
  return Object.keys(counts).map((object) => {
    const touched = records.filter(([name]) => name === object);
    const ids = touched.length > 0 && touched.length <= MOST_IDS ? [...new Set(touched.map(([, id]) => id))] : null;
    const fields = ids && [...new Set(touched.flatMap(([, , names]) => names))];
    return { type: 'changed', changeSet: row.id, object, ids, fields, actor: row.actor };
  });
}

const pause = () => new Promise((resolve) => setTimeout(resolve, INTERVAL_MS).unref());
