import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { unfinishedApprovals } from './approval-store.ts';
import { type DecideDeps, tendApprovals } from './decide-approval.ts';
import { type RunDeps, runApproval } from './run-approval.ts';

/** After so many attempts an error of ours is told to who asked. */
const ATTEMPTS = 5;

/** Runs one approved request. */
export function runApprovalJob(deps: RunDeps) {
  return defineJob({
    name: 'approvals.run',
    payload: z.object({ workspace: z.string(), id: z.string() }),
    concurrency: 2,
    handler: ({ payload: { workspace, id }, attempt }) =>
      runApproval(deps, workspace, id, { lastAttempt: attempt >= ATTEMPTS }),
  });
}

/** Deadlines, and what a crash left between agreeing and doing. */
export function tendApprovalsJob(deps: RunDeps & DecideDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'approvals.tend',
    payload: z.object({}),
    schedule: { cron: '*/10 * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) {
        if (signal.aborted) return;
        await tendApprovals(deps, workspace, deps.now());
        for (const id of await unfinishedApprovals(deps.db, workspace))
          await runApproval(deps, workspace, id, { lastAttempt: false });
      }
    },
  });
}
