import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { someWorkspace } from '../edge.ts';
import type { FormDeps } from './deps.ts';
import { forgetSubmissions, waitingSubmissions } from './submission-store.ts';
import { takeSubmissions } from './take-submissions.ts';

interface Workspaces {
  workspaces(): Promise<string[]>;
}

/** Makes records of what came in: woken by what comes, and each minute for what another process took. Comparing is arithmetic that would hold up pages. */
export function takeSubmissionsJob(deps: FormDeps & Workspaces) {
  return defineJob({
    name: 'forms.take',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    apart: true,
    due: () =>
      someWorkspace(
        deps,
        async (workspace) => (await waitingSubmissions(deps.db, workspace, deps.now(), 1)).length > 0,
      ),
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await takeSubmissions(deps, workspace))) {
          // Portion by portion until nothing is left; the job thread comes behind people's requests anyway.
        }
    },
  });
}

export function forgetSubmissionsJob(deps: Pick<FormDeps, 'db' | 'now'> & Workspaces) {
  return defineJob({
    name: 'forms.forget',
    payload: z.object({}),
    schedule: { cron: '53 3 * * *' },
    handler: async () => {
      for (const workspace of await deps.workspaces()) await forgetSubmissions(deps.db, workspace, deps.now());
    },
  });
}
