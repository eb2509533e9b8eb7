import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { Ctx } from '../../records/types.ts';
import type { Committed } from '../../records/write/types.ts';
import { type AssignDeps, assignNew } from './assign-new.ts';
import { advanceHandover, type HandoverDeps } from './hand-over.ts';
import { runningHandovers } from './handover-store.ts';

export interface OwnershipJobDeps extends HandoverDeps, AssignDeps {
  /** The administrator who hands over, as he is now. */
  actingAs: (workspace: string, actor: string) => Promise<Ctx>;
  workspaces(): Promise<string[]>;
}

/** Hands over what is left. Asked for when somebody leaves; each quarter of an hour for what a crash left behind. */
export function handOverJob(deps: OwnershipJobDeps) {
  return defineJob({
    name: 'ownership.hand-over',
    payload: z.object({}),
    schedule: { cron: '*/15 * * * *' },
    handler: async ({ signal, attempt }) => {
      for (const workspace of await deps.workspaces())
        for (const id of await runningHandovers(deps.db, workspace)) {
          const as = (actor: string) => deps.actingAs(workspace, actor);
          await advanceHandover(deps, as, workspace, id, { signal, attempt });
        }
    },
  });
}

/** Gives out new records that nobody owns. */
export function assignNewJob(deps: OwnershipJobDeps) {
  return defineJob({
    name: 'ownership.assign',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await assignNew(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}

/** Whether a commit may have brought records that nobody owns. */
export const mayBeNew = ({ summary }: Committed): boolean =>
  Object.values(summary.counts).some(({ created = 0 }) => created > 0);
