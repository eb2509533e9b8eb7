import { z } from 'zod';
import { localDay, wallAt } from '../../../domain/fields/calendar.ts';
import { dayAfter } from '../../../domain/occasion/occasions.ts';
import { defineJob } from '../../platform/queue/job.ts';
import type { GreetingDeps } from './deps.ts';
import { proposeGreetings } from './propose-greetings.ts';
import { sendGreetings } from './send-greetings.ts';

export interface GreetingJobDeps extends GreetingDeps {
  workspaces(): Promise<{ id: string; timeZone: string }[]>;
  /** Hours in which nobody is written to; holidays are none of that: greetings come on them. */
  isQuiet(workspace: string, timeZone: string): Promise<boolean>;
}

/** From this hour on tomorrow's are put before people, so that there is a working day to look at them. */
const HOUR = 9;

/** One workspace at this moment: tomorrow's proposals, and today's letters. */
export async function runGreetings(deps: GreetingJobDeps, workspace: string, timeZone: string) {
  const now = deps.now();
  const today = localDay(now, timeZone);
  const proposed = wallAt(now, timeZone).hour >= HOUR ? await proposeGreetings(deps, workspace, dayAfter(today)) : 0;
  const sent = (await deps.isQuiet(workspace, timeZone)) ? 0 : await sendGreetings(deps, workspace, today);
  return { proposed, sent };
}

/** Every quarter of an hour. */
export function greetingsJob(deps: GreetingJobDeps) {
  return defineJob({
    name: 'greetings.run',
    payload: z.object({}),
    schedule: { cron: '11,26,41,56 * * * *' },
    handler: async ({ signal }) => {
      for (const { id, timeZone } of await deps.workspaces())
        if (!signal.aborted) await runGreetings(deps, id, timeZone);
    },
  });
}
