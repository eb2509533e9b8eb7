import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { someWorkspace } from '../edge.ts';
import { waitingErasures } from './erasure-store.ts';
import { type ErasureDeps, runErasure } from './run-erasure.ts';
import { scrub } from './scrub.ts';

interface JobDeps extends ErasureDeps {
  workspaces(): Promise<string[]>;
}

/** What was decided: soon after, and every ten minutes what a kill or a file in use left waiting. */
export function eraseJob(deps: JobDeps) {
  return defineJob({
    name: 'privacy.erase',
    payload: z.object({}),
    schedule: { cron: '*/10 * * * *' },
    due: () => someWorkspace(deps, async (workspace) => (await waitingErasures(deps.db, workspace)).length > 0),
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        for (const id of await waitingErasures(deps.db, workspace)) await runErasure(deps, workspace, id, signal);
    },
  });
}

/** At night: old versions of rows leave the database's files. */
export function scrubJob(deps: JobDeps) {
  return defineJob({
    name: 'privacy.scrub',
    payload: z.object({}),
    schedule: { cron: '50 3 * * *' },
    handler: async () => {
      for (const workspace of await deps.workspaces()) await scrub(deps.db, workspace);
    },
  });
}
