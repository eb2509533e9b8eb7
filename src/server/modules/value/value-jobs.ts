import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { computeValue, type ValueDeps } from './compute-value.ts';

/** Counts the value of customers every night, and when its settings change. */
export function computeValueJob(deps: ValueDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'value.compute',
    payload: z.object({}),
    schedule: { cron: '50 3 * * *' },
    apart: true,
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await computeValue(deps, workspace, signal);
    },
  });
}
