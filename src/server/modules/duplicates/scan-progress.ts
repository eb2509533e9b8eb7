import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** How far a scan is: pages of records read, everything compared with everything, pairs kept. `total` null: nobody knows yet. */
export interface ScanProgress {
  phase: 'waiting' | 'reading' | 'comparing' | 'saving';
  done: number | null;
  total: number | null;
}

export type Report = (progress: ScanProgress) => void;

/** How often progress is written, which is also the sign of life. */
const WRITE_MS = 2_000;
/** Without a sign of life for so long, the process died; its job runs again by itself. */
const ALIVE = '60 seconds';
/** A scan waits for those of other objects, and a large one takes minutes. */
const PATIENT = '1 hour';

/** Notes that a scan was asked for; one that runs stays as it is. */
export async function markWaiting(on: Queryable, workspace: string, object: number): Promise<void> {
  const table = tableOf(workspace, 'match_scan');
  await on.query(sql`insert into ${table} as s (object, phase, begun_at, at) values (${object}, 'waiting', now(), now())
    on conflict (object) do update set phase = 'waiting', done = null, total = null, begun_at = now(), at = now()
    where s.at < now() - ${ALIVE}::interval`);
}

async function save(on: Queryable, workspace: string, object: number, progress: ScanProgress): Promise<void> {
  const { phase, done, total } = progress;
  await on.query(sql`insert into ${tableOf(workspace, 'match_scan')} as s (object, phase, done, total, begun_at, at)
    values (${object}, ${phase}, ${done}, ${total}, now(), now())
    on conflict (object) do update set phase = excluded.phase, done = excluded.done, total = excluded.total, at = now()`);
}

/** Runs a scan and keeps its progress where every process can read it. */
export async function tracked<T>(
  on: Queryable,
  workspace: string,
  object: number,
  run: (report: Report) => Promise<T>,
): Promise<T> {
  let latest: ScanProgress = { phase: 'reading', done: 0, total: null };
  let writing: Promise<void> = save(on, workspace, object, latest);
  await writing;
  const timer = setInterval(() => {
    // Progress is told, not promised: what keeps it from being written stops the scan too, and says so there.
    writing = writing.then(() => save(on, workspace, object, latest)).catch(() => undefined);
  }, WRITE_MS);
  try {
    return await run((progress) => {
      latest = progress;
    });
  } finally {
    clearInterval(timer);
    await writing;
    await on.query(sql`delete from ${tableOf(workspace, 'match_scan')} where object = ${object}`);
  }
}

/** Scans that wait or run, by object id. */
export async function scansOf(on: Queryable, workspace: string): Promise<Map<number, ScanProgress>> {
  const rows = await on.query<ScanProgress & { object: number }>(sql`
    select object, phase, done, total from ${tableOf(workspace, 'match_scan')}
    where at > now() - case phase when 'waiting' then ${PATIENT}::interval else ${ALIVE}::interval end`);
  return new Map(rows.map(({ object, phase, done, total }) => [object, { phase, done, total }]));
}
