import { z } from 'zod';
import type { Db } from '../../platform/postgres/db.ts';
import type { Job } from '../../platform/queue/job.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { inPortions } from '../../platform/queue/pace.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Committed } from '../../records/write/types.ts';
import { someWorkspace } from '../edge.ts';
import { outboxWaits } from '../freshness/index.ts';
import { FOLLOWER, type FollowDeps, followChanges } from './follow-changes.ts';
import { matchableObjects } from './matchable.ts';
import type { Scanned } from './scan-object.ts';
import { type Report, tracked } from './scan-progress.ts';

/** Keeps keys and pairs up with what was written: woken by changes, and every minute for those of other processes. */
export function followDuplicatesJob(deps: FollowDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'duplicates.follow',
    apart: true,
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    due: () => someWorkspace(deps, (workspace) => outboxWaits(deps.db, workspace, FOLLOWER)),
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await inPortions(signal, () => followChanges(deps, workspace));
    },
  });
}

/** Looks through whole objects, or one. */
export const SCAN = {
  name: 'duplicates.scan',
  payload: z.object({ workspace: z.string().optional(), object: z.string().optional() }),
};

/** When the nightly scan begins, in the queue's zone (China, which keeps one time all year). */
const NIGHTLY = { hour: 2, minute: 40, utcOffset: 8 };

/** The next time that all objects are looked through. */
export function nextScanAt(now: Date): Date {
  const { hour, minute, utcOffset } = NIGHTLY;
  const next = new Date(now);
  next.setUTCHours((hour - utcOffset + 24) % 24, minute, 0, 0);
  if (next <= now) next.setUTCDate(next.getUTCDate() + 1);
  return next;
}

/** Looks through objects as a whole: all of them every night, one when asked or after a large import. */
export function scanDuplicatesJob(deps: {
  db: Db;
  catalog: CatalogStore;
  workspaces(): Promise<string[]>;
  /** Where the comparison runs. */
  scan: (workspace: string, object: string, signal: AbortSignal, report: Report) => Promise<Scanned>;
}): Job<typeof SCAN.payload> {
  return defineJob({
    ...SCAN,
    schedule: { cron: `${NIGHTLY.minute} ${NIGHTLY.hour} * * *` },
    retries: 2,
    handler: async ({ payload, signal, progress }) => {
      const done: Record<string, Scanned> = {};
      for (const workspace of payload.workspace ? [payload.workspace] : await deps.workspaces()) {
        const objects = matchableObjects(await deps.catalog.get(workspace));
        for (const [index, { id, name }] of objects.entries()) {
          if (signal.aborted) return done;
          if (payload.object !== undefined && payload.object !== name) continue;
          await progress(index, objects.length, { object: name });
          done[`${workspace}.${name}`] = await tracked(deps.db, workspace, id, (report) =>
            deps.scan(workspace, name, signal, report),
          );
        }
      }
      return done;
    },
  });
}

/** Whether a committed fact may make duplicates or end them. */
export function mayBeDuplicate({ summary }: Committed): boolean {
  return Object.values(summary.counts).some(({ created, updated, deleted, restored }) =>
    [created, updated, deleted, restored].some((n) => (n ?? 0) > 0),
  );
}
