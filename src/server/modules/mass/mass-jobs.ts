import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { advanceRun } from './advance-run.ts';
import type { MassDeps } from './deps.ts';

/** A look at one is not to wait behind a long one. */
const AT_ONCE = 3;

/** Mass operations: looking at what they would do, and doing it. */
export function massJob(deps: MassDeps) {
  return defineJob({
    name: 'mass.advance',
    payload: z.object({ workspace: z.string(), run: z.string() }),
    concurrency: AT_ONCE,
    apart: true,
    handler: ({ payload, signal, attempt }) => advanceRun(deps, payload.workspace, payload.run, { signal, attempt }),
  });
}
