import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { type LearnDeps, learnAmounts } from './learn-amounts.ts';

/** Every night, in the queue's zone: what amounts are like now. */
export function learnAmountsJob(deps: LearnDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'anomalies.learn',
    apart: true,
    payload: z.object({}),
    schedule: { cron: '10 3 * * *' },
    handler: async ({ signal }) => {
      const learned: Record<string, number> = {};
      for (const workspace of await deps.workspaces()) {
        if (signal.aborted) break;
        learned[workspace] = await learnAmounts(deps, workspace);
      }
      return learned;
    },
  });
}
