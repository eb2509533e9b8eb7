import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { advanceRun } from './advance-run.ts';
import type { MassDeps } from './deps.ts';
import { readRun } from './run-store.ts';

/** A look at one is not to wait behind a long one. */
const AT_ONCE = 3;
const LOOKS_AT_ONCE = 2;

const payload = z.object({ workspace: z.string(), run: z.string() });

/**
 * The look at what an operation would do: somebody waits for it, so it does not stand behind work that yields to everybody else. What has to be read
 * record by record, and the writing, goes on in the job thread.
 * @param deps.db people's connections
 * @param deps.advance hands a run to `massJob`
 */
export function massLookJob(deps: MassDeps & { advance(workspace: string, run: string): Promise<void> }) {
  return defineJob({
    name: 'mass.look',
    payload,
    concurrency: LOOKS_AT_ONCE,
    handler: async ({ payload: { workspace, run: id }, signal, attempt }) => {
      const { action, state } = await readRun(deps.db, workspace, id);
      if (state === 'looking' && action.kind !== 'replace' && action.kind !== 'standardise')
        await advanceRun(deps, workspace, id, { signal, attempt, looksOnly: true });
      const now = await readRun(deps.db, workspace, id);
      if (now.state === 'looking' || now.state === 'running') await deps.advance(workspace, id);
    },
  });
}

/** Mass operations: looking at what they would do, and doing it. */
export function massJob(deps: MassDeps) {
  return defineJob({
    name: 'mass.advance',
    payload,
    concurrency: AT_ONCE,
    apart: true,
    handler: ({ payload, signal, attempt }) => advanceRun(deps, payload.workspace, payload.run, { signal, attempt }),
  });
}
