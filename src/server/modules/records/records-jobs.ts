import { z } from 'zod';
import type { Db } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { type IndexKeeper, refreshCommonGrams } from '../../records/read/door.ts';

/** Makes the indexes that lists asked for, at once when something new is wanted, and drops those nobody uses. */
export function tendIndexesJob(deps: { indexes: IndexKeeper; workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'records.tend-indexes',
    payload: z.object({}),
    schedule: { cron: '*/5 * * * *' },
    handler: async ({ signal }) => {
      const done: Record<string, { made: string[]; dropped: string[] }> = {};
      for (const workspace of await deps.workspaces()) {
        if (signal.aborted) break;
        done[workspace] = await deps.indexes.work(workspace);
      }
      return done;
    },
  });
}

/** Measures which fragments of names are common, so that search plans by what is there; every hour, and worth a run after an import. */
export function refreshSearchJob(deps: { db: Db; workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'records.refresh-search',
    payload: z.object({}),
    schedule: { cron: '17 * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) {
        if (signal.aborted) break;
        await refreshCommonGrams(deps.db, workspace);
      }
    },
  });
}
