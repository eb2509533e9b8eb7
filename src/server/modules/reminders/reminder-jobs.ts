import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Db } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { ReminderDeps } from './deps.ts';
import { markUnverified } from './mark-unverified.ts';
import { isQuiet, mayDisturb } from './office-hours.ts';
import { sendDigests } from './send-digests.ts';
import { readReminderSettings } from './settings.ts';
import { tellQuiet } from './tell-quiet.ts';

export interface ReminderJobDeps extends ReminderDeps {
  workspaces(): Promise<{ id: string; timeZone: string }[]>;
}

/** Is it a time, in this workspace, at which people may be written to? */
export async function mayDisturbNow(
  deps: Pick<ReminderDeps, 'db' | 'now'>,
  workspace: string,
  timeZone: string,
): Promise<boolean> {
  return mayDisturb(deps.now(), timeZone, await readReminderSettings(deps.db, workspace));
}

/** Are these the hours in which nobody is written to, workday or not? Greetings come on holidays. */
export async function isQuietNow(
  deps: Pick<ReminderDeps, 'db' | 'now'>,
  workspace: string,
  timeZone: string,
): Promise<boolean> {
  return isQuiet(deps.now(), timeZone, (await readReminderSettings(deps.db, workspace)).quiet);
}

/** The ladder and the rule of 180 days; nothing is told in quiet hours, it is made up for at the first run afterwards. */
export async function runRules(deps: ReminderDeps, workspace: string, timeZone: string) {
  const settings = await readReminderSettings(deps.db, workspace);
  if (!mayDisturb(deps.now(), timeZone, settings)) return { told: 0, marked: 0, cleared: 0 };
  const told = await tellQuiet(deps, workspace, settings);
  return { told, ...(await markUnverified(deps, workspace, settings.unverifiedDays)) };
}

export async function runDigests(deps: ReminderDeps, workspace: string, timeZone: string): Promise<number> {
  const settings = await readReminderSettings(deps.db, workspace);
  return mayDisturb(deps.now(), timeZone, settings) ? sendDigests(deps, workspace, settings, timeZone) : 0;
}

/** What was read half a year ago, and messages that left three months ago, serve nobody; their causes do not come again. */
async function forgetOld(db: Db, workspace: string, now: Date): Promise<void> {
  await db.query(
    sql`delete from ${tableOf(workspace, 'notification')} where read_at < ${now}::timestamptz - interval '180 days'`,
  );
  await db.query(sql`delete from xianke.outgoing where workspace = ${workspace} and created_at < ${now}::timestamptz - interval '90 days'
    and state not in ('waiting', 'sending')`);
}

/** Rules hourly, a little before the quarter at which digests are made: what they tell is in them. Digests each quarter, off the full hour. */
export function reminderJobs(deps: ReminderJobDeps) {
  return [
    defineJob({
      name: 'reminders.rules',
      payload: z.object({}),
      schedule: { cron: '2 * * * *' },
      handler: async ({ signal }) => {
        for (const { id, timeZone } of await deps.workspaces()) {
          if (signal.aborted) return;
          await runRules(deps, id, timeZone);
          await forgetOld(deps.db, id, deps.now());
        }
      },
    }),
    defineJob({
      name: 'reminders.digests',
      payload: z.object({}),
      schedule: { cron: '7,22,37,52 * * * *' },
      handler: async ({ signal }) => {
        for (const { id, timeZone } of await deps.workspaces())
          if (!signal.aborted) await runDigests(deps, id, timeZone);
      },
    }),
  ];
}
