import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { lookAtFields } from './look-fields.ts';
import { type RetentionDeps, runRetention } from './run-retention.ts';

/** Every night: retention rules are applied, and once a week fields are looked at for what they hold. */
export function retentionJob(deps: RetentionDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'privacy.retention',
    payload: z.object({}),
    schedule: { cron: '20 3 * * *' },
    handler: async () => {
      const now = deps.now();
      for (const workspace of await deps.workspaces()) {
        await runRetention(deps, workspace);
        if (now.getUTCDay() === 0) await lookAtFields(deps.db, workspace, await deps.catalog.get(workspace), now);
      }
    },
  });
}
