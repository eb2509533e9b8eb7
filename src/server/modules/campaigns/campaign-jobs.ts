import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { JobCall } from '../../platform/queue/queue.ts';
import { advanceCampaigns } from './advance.ts';
import { busyCampaigns } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { onTheWay } from './settle.ts';
import { type TellDeps, tellEvidence } from './tell-evidence.ts';

interface Workspaces {
  workspaces(): Promise<string[]>;
}

/** Asked for by name where a campaign begins. */
export const WORK = { name: 'campaigns.work', payload: z.object({}) } satisfies JobCall;

/** Looks, sends, and decides trials: woken by what people do, and each minute for what the rate and the clock allow. */
export function campaignsJob(deps: CampaignDeps & Workspaces) {
  return defineJob({
    ...WORK,
    schedule: { cron: '* * * * *' },
    due: async () => {
      for (const workspace of await deps.workspaces())
        if ((await busyCampaigns(deps.db, workspace)).length > 0 || (await onTheWay(deps, workspace)).length > 0)
          return true;
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        if (!signal.aborted) await advanceCampaigns(deps, workspace, signal);
    },
  });
}

/** What happened to letters becomes evidence about addresses; nobody waits for it. */
export function tellEvidenceJob(deps: TellDeps & Workspaces) {
  return defineJob({
    name: 'campaigns.tell',
    payload: z.object({}),
    schedule: { cron: '*/2 * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await tellEvidence(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}
