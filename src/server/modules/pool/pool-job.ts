import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { PoolDeps } from './deps.ts';
import { tendPool } from './return-records.ts';
import { readPools } from './settings.ts';

/** Tells of records that go back to the pool, and takes them back. Each hour, so that a night without power is made up for. */
export function poolJob(deps: PoolDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'pool.tend',
    payload: z.object({}),
    schedule: { cron: '23 * * * *' },
    due: async () => {
      for (const workspace of await deps.workspaces())
        if ((await readPools(deps.db, workspace)).rules.some(({ off }) => !off)) return true;
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await tendPool(deps, workspace, signal);
    },
  });
}
