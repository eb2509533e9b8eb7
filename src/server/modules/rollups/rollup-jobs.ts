import sql from 'sql-template-tag';
import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import { inPortions } from '../../platform/queue/pace.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { sourcesOf } from '../../records/rollups/recompute.ts';
import { fillRollups } from './fill-rollups.ts';
import { followRollups, type RollupDeps } from './follow-rollups.ts';

interface Workspaces {
  workspaces(): Promise<string[]>;
}

/** Keeps roll-ups right behind what is written: woken by commits, and each minute for those of other processes. */
export function followRollupsJob(deps: RollupDeps & Workspaces) {
  return defineJob({
    name: 'rollups.follow',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    due: async () => {
      for (const workspace of await deps.workspaces()) {
        if (sourcesOf(await deps.catalog.get(workspace)).size > 0) return true;
        await passBy(deps, workspace);
      }
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await followRollups(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}

/** Where there are none, changes pass by: one that is declared later looks at everything. */
async function passBy({ db }: RollupDeps, workspace: string): Promise<void> {
  await db.query(sql`update ${tableOf(workspace, 'outbox_cursor')} set txid = pg_snapshot_xmin(pg_current_snapshot()),
      change_set = '00000000-0000-0000-0000-000000000000', record = null
    where consumer = 'rollups' and txid < pg_snapshot_xmin(pg_current_snapshot())`);
}

/** Works out roll-ups for records that were there before them, in the pauses of everything else. */
export function fillRollupsJob(deps: RollupDeps & Workspaces) {
  return defineJob({
    name: 'rollups.fill',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await inPortions(signal, () => fillRollups(deps, workspace));
    },
  });
}
