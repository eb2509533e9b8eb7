import type { ReminderSettings } from '../../../contract/reminders.ts';
import type { Ctx } from '../../records/types.ts';
import { moveClock, readClock } from './clock.ts';
import { managersOf, type ReminderDeps, systemCtx } from './deps.ts';
import { contactSource, type Quiet, quietCustomers } from './last-contact.ts';
import { notify } from './notifications.ts';
import { putEvent } from './put-event.ts';

export const DAY_MS = 86_400_000;
/** Customers told of per step and run; the rest follow in the next run a quarter of an hour later. */
const MOST = 5000;
const NAMED = 5;

type Step = ReminderSettings['ladders'][number]['steps'][number];

/**
 * The ladder: owners hear of customers who have been without real contact for 7, 15, 30 days, once at each step; at the last one the managers as
 * well. One message per owner and step, never one per customer. @returns customers told of
 */
export async function tellQuiet(deps: ReminderDeps, workspace: string, settings: ReminderSettings): Promise<number> {
  const days = [...new Set(settings.ladders.flatMap((ladder) => ladder.steps.map((step) => step.days)))];
  let told = 0;
  for (const step of days) told += await tellStep(deps, workspace, settings, step);
  return told;
}

async function tellStep(
  deps: ReminderDeps,
  workspace: string,
  settings: ReminderSettings,
  days: number,
): Promise<number> {
  const now = deps.now();
  const source = contactSource(await deps.catalog.get(workspace));
  if (!source) return 0;
  const ctx = await systemCtx(deps, workspace, now);
  const accounts = await deps.accounts();
  const names = new Map(accounts.map((account) => [account.id, account.name]));
  return deps.db.tx(async (tx) => {
    const name = `quiet:${days}`;
    // The first time only what crosses from now on: nobody wants to hear at once of all that was quiet for years; health shows that.
    const since = await readClock(tx, workspace, name, new Date(now.getTime() - DAY_MS));
    const shift = (at: Date) => new Date(at.getTime() - days * DAY_MS);
    const crossed = await quietCustomers(tx, workspace, source, { after: shift(since), until: shift(now) }, MOST);
    const last = crossed.length === MOST ? crossed.at(-1)?.last : undefined;
    const upTo = last ? new Date(last.getTime() + days * DAY_MS) : now;
    const steps = await stepsOf(deps, ctx, settings, source.customer.name, crossed, days);
    const byOwner = new Map<string, { step: Step; customer: Quiet }[]>();
    for (const customer of crossed) {
      const step = steps.get(customer.id);
      if (!step || customer.owner === null) continue;
      byOwner.set(customer.owner, [...(byOwner.get(customer.owner) ?? []), { step, customer }]);
    }
    for (const [owner, list] of byOwner) {
      const cause = `quiet:${days}:${upTo.toISOString()}`;
      const facts = factsOf(
        list.map(({ customer }) => customer),
        days,
      );
      await notify(tx, workspace, { account: owner, cause, kind: 'quiet', ...facts }, now);
      const escalated = list.filter(({ step }) => step.to === 'manager').map(({ customer }) => customer);
      if (escalated.length > 0)
        for (const manager of managersOf(accounts).filter(({ id }) => id !== owner)) {
          const team = factsOf(escalated, days);
          const params = { ...team.params, owner: names.get(owner) ?? '' };
          await notify(
            tx,
            workspace,
            { account: manager.id, cause: `${cause}:${owner}`, kind: 'quiet-team', ...team, params },
            now,
          );
        }
      const event = {
        owner,
        days,
        customers: list.map(({ customer }) => customer.id),
        escalated: escalated.map(({ id }) => id),
      };
      await putEvent(deps, tx, workspace, `${cause}:${owner}`, 'reminder.quiet', event);
    }
    await moveClock(tx, workspace, name, upTo);
    return [...byOwner.values()].reduce((sum, list) => sum + list.length, 0);
  });
}

/** Who of these is on a step of so many days: by the first ladder that takes him. */
export async function stepsOf(
  deps: ReminderDeps,
  ctx: Ctx,
  settings: ReminderSettings,
  object: string,
  customers: Quiet[],
  days: number,
): Promise<Map<string, Step>> {
  const left = new Set(customers.map((customer) => customer.id));
  const found = new Map<string, Step>();
  for (const ladder of settings.ladders) {
    const step = ladder.steps.find((candidate) => candidate.days === days);
    const members = ladder.filter ? await membersOf(deps, ctx, object, ladder.filter, [...left]) : [...left];
    for (const id of members) {
      left.delete(id);
      if (step) found.set(id, step);
    }
  }
  return found;
}

export async function membersOf(
  deps: ReminderDeps,
  ctx: Ctx,
  object: string,
  filter: NonNullable<ReminderSettings['ladders'][number]['filter']>,
  ids: string[],
): Promise<string[]> {
  const members: string[] = [];
  for (let at = 0; at < ids.length; at += 500) {
    const page = await deps.read.list(ctx, {
      object,
      fields: [],
      filter: { all: [{ field: '$id', op: 'in', value: ids.slice(at, at + 500) }, filter] },
      page: { limit: 500 },
      count: 'none',
    });
    members.push(...page.rows.map((row) => row.id));
  }
  return members;
}

function factsOf(customers: Quiet[], days: number) {
  const titles =
    customers
      .slice(0, NAMED)
      .map((customer) => customer.title)
      .join('、') + (customers.length > NAMED ? '…' : '');
  const [only] = customers;
  return {
    params: { count: customers.length, days, titles },
    ...(customers.length === 1 && only && { object: 'customer', record: only.id }),
  };
}
