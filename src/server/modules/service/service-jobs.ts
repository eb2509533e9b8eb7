import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { ServiceDeps } from './deps.ts';
import { followRecords } from './follow-records.ts';
import { tendRecords } from './tend-records.ts';

/** Keeps service times right: woken by commits, and each minute for what gets near or late. */
export function serviceJob(deps: ServiceDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'service.tend',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) {
        while (!signal.aborted && (await followRecords(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
        while (!signal.aborted && (await tendRecords(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
      }
    },
  });
}
