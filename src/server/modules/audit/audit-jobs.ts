import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { type SealDeps, sealAll, sealDue } from './seal.ts';

/** Gives entries their leaves and signs the tree: woken soon after something was done, every minute for what other processes did. */
export function sealJob(deps: SealDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'audit.seal',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    due: async () => {
      for (const workspace of await deps.workspaces()) if (await sealDue(deps.db, workspace)) return true;
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await sealAll(deps, workspace, signal);
    },
  });
}
