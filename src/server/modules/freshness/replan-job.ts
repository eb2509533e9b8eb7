import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { type ReplanRun, replan } from './replan.ts';

/** Brings records to the policy in force; a second one for the same workspace waits for the first. */
export function replanJob(deps: Pick<ReplanRun, 'db' | 'catalogs' | 'plans' | 'now'>) {
  return defineJob({
    name: 'freshness.replan',
    apart: true,
    payload: z.object({ workspace: z.string() }),
    handler: ({ payload, signal, progress }) =>
      replan({ ...deps, workspace: payload.workspace, signal, progress: (done, total) => progress(done, total) }),
  });
}
