import type { ReminderSettings } from '../../../contract/reminders.ts';
import type { Ctx } from '../../records/types.ts';
import type { ReminderDeps } from './deps.ts';
import { contactSource, quietOf } from './last-contact.ts';
import { DAY_MS, membersOf } from './tell-quiet.ts';

export interface Upcoming {
  object: string;
  id: string;
  title: string;
  lastContactAt: string;
  days: number;
  to: 'owner' | 'manager';
  at: string;
}

/** Customers of one owner who reach a step of the ladder within the next `within` days, soonest first: the escalation, seen beforehand. */
export async function upcomingFor(
  deps: ReminderDeps,
  ctx: Ctx,
  owner: string,
  settings: ReminderSettings,
  within: number,
): Promise<Upcoming[]> {
  const source = contactSource(await deps.catalog.get(ctx.workspace));
  const now = ctx.at.getTime();
  const days = settings.ladders.flatMap((ladder) => ladder.steps.map((step) => step.days));
  if (!source || days.length === 0) return [];
  const horizon = new Date(now - (Math.min(...days) - within) * DAY_MS);
  let left = await quietOf(deps.db, ctx.workspace, source, owner, horizon);
  const found: Upcoming[] = [];
  for (const ladder of settings.ladders) {
    const ids = left.map(({ id }) => id);
    const members = new Set(ladder.filter ? await membersOf(deps, ctx, source.customer.name, ladder.filter, ids) : ids);
    for (const customer of left.filter(({ id }) => members.has(id)))
      for (const step of [...ladder.steps].sort((a, b) => a.days - b.days)) {
        const at = customer.last.getTime() + step.days * DAY_MS;
        if (at <= now) continue;
        if (at <= now + within * DAY_MS)
          found.push({
            object: source.customer.name,
            id: customer.id,
            title: customer.title,
            lastContactAt: customer.last.toISOString(),
            days: step.days,
            to: step.to,
            at: new Date(at).toISOString(),
          });
        break;
      }
    left = left.filter(({ id }) => !members.has(id));
  }
  return found.sort((a, b) => a.at.localeCompare(b.at));
}
