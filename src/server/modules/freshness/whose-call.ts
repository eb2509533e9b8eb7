import { callsForIt, personFor, turnOf } from '../../../domain/freshness/duties.ts';
import { cellState, segmentOf } from '../../../domain/freshness/plan.ts';
import { settledAt } from '../../../domain/freshness/tuple.ts';
import { recordStateOf } from '../../records/read/freshness-lens.ts';
import type { Ctx } from '../../records/types.ts';
import type { Plans } from './plans.ts';
import type { TeamToday } from './team-store.ts';
import type { DueRow, KnownBundle } from './today-bundles.ts';

/**
 * Whether a colleague calls this customer today: it is his turn, or he has. Goes by what is due, not by what the actor may see, so that everybody comes
 * to the same answer. (What is looked up in papers waits for nobody.)
 */
export function othersCall(
  plans: Plans,
  ctx: Ctx,
  today: TeamToday,
  owner: string,
  id: string,
  { states }: KnownBundle,
): boolean {
  const callers = new Set<string>();
  for (const { object, state } of states) {
    // In the bin nothing is due.
    if (state.due_at === null) continue;
    const { plan } = plans.objectPlan(ctx.workspace, object);
    const record = recordStateOf(state);
    for (const field of segmentOf(plan, record).fields) {
      if (cellState(plan, record, field.fieldId, ctx.at)?.state !== 'stale') continue;
      const person = personFor(field.responsible, state.owner, id, today.team);
      if (person !== null && callsForIt(field.responsible)) callers.add(person);
    }
  }
  if (turnOf([...callers], id, today.day) !== owner) return true;
  return states.some(({ state }) => calledByOther(state, owner, today.midnight));
}

const CALLS: readonly unknown[] = ['phone', 'visit'];

function calledByOther({ cells }: DueRow, owner: string, since: Date): boolean {
  return Object.values(cells ?? {}).some((tuple) => {
    const by = tuple[3];
    return (
      CALLS.includes(tuple[2]) &&
      settledAt(tuple) * 1000 >= since.getTime() &&
      by?.startsWith('user:') === true &&
      by !== `user:${owner}`
    );
  });
}
