import sql from 'sql-template-tag';
import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';
import type { JobCall } from '../../platform/queue/queue.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { passBy } from '../freshness/index.ts';
import type { FindDeps } from './deps.ts';
import { FOLLOWER, followRules } from './follow-changes.ts';
import { type PerformDeps, performFirings } from './perform-firings.ts';
import { tickRules } from './tick-rules.ts';

interface Workspaces {
  workspaces(): Promise<string[]>;
}

/** Days that the log of firings is kept; causes of changes that old do not come again. */
const KEPT_DAYS = 400;

/** What rules ask for is done by this job; the one that finds it runs elsewhere and needs no more than its name. */
export const PERFORM = { name: 'automation.perform', payload: z.object({}) } satisfies JobCall;

/** Finds rules that changes wake: woken by commits, and each minute for those of other processes. Judging is arithmetic that would hold up pages. */
export function followRulesJob(deps: FindDeps & Workspaces) {
  return defineJob({
    name: 'automation.follow',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    apart: true,
    due: async () => {
      for (const workspace of await deps.workspaces()) {
        await deps.automation.ready(workspace);
        if (deps.automation.of(workspace).rules.some(({ off }) => !off)) return true;
        // Where no rule is on, changes pass by: one that is switched on later is not about them.
        await passBy(deps.db, workspace, FOLLOWER);
      }
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await followRules(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}

/** Fires rules that the clock wakes. */
export function tickRulesJob(deps: FindDeps & Workspaces) {
  return defineJob({
    name: 'automation.tick',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await tickRules(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}

export function performRulesJob(deps: PerformDeps & Workspaces) {
  return defineJob({
    ...PERFORM,
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await performFirings(deps, workspace))) {
          // Portion by portion until nothing is left.
        }
    },
  });
}

export function forgetFiringsJob({ db, now, workspaces }: Pick<FindDeps, 'db' | 'now'> & Workspaces) {
  return defineJob({
    name: 'automation.forget',
    payload: z.object({}),
    schedule: { cron: '41 3 * * *' },
    handler: async () => {
      for (const workspace of await workspaces())
        await db.query(sql`delete from ${tableOf(workspace, 'automation_firing')}
          where state <> 'waiting' and at < ${now()}::timestamptz - make_interval(days => ${KEPT_DAYS})`);
    },
  });
}
