import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { Committed } from '../../records/write/types.ts';
import { type ReactDeps, reactToRecords } from './react-to-records.ts';

/** Lets written records speak: woken when one that may is written, and every minute for those that other processes wrote. */
export function reactJob(deps: ReactDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'evidence.react',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await reactToRecords(deps, workspace)));
    },
  });
}

/** Whether a committed fact may be evidence, or take some back. */
export function mayBeEvidence(deps: Pick<ReactDeps, 'reactions'>, { kind, summary }: Committed): boolean {
  if (kind === 'evidence') return false;
  return deps.reactions.some(({ object }) => {
    const { created = 0, updated = 0, deleted = 0, restored = 0 } = summary.counts[object] ?? {};
    return created + updated + deleted + restored > 0;
  });
}
