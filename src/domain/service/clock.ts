import { addWork, type WorkCalendar, workBetween } from '../calendar/work-time.ts';

/** What a clock does in a phase of a record. */
export type Phase = 'runs' | 'pauses' | 'done';

/** From this moment on. */
export interface Turn {
  at: Date;
  phase: Phase;
}

export interface Reading {
  phase: Phase;
  /** Working milliseconds used up until the last turn. */
  spent: number;
  /** When the time is up, or was; of what is done, when it would have been. null: it stands still with time left, never ran, or the calendar has no hours. */
  due: Date | null;
  /** Since when it is done. */
  doneAt: Date | null;
}

/**
 * A service clock read off the turns of a record: working time counts only while it runs, and what is opened again goes on with what was left.
 * @param turns oldest first, the first one when the clock starts
 * @param target working milliseconds that there are
 */
export function readClock(calendar: WorkCalendar, turns: readonly Turn[], target: number): Reading {
  let spent = 0;
  let due: Date | null = null;
  let ran = false;
  let doneAt: Date | null = null;
  for (const [n, { at, phase }] of turns.entries()) {
    const next = turns[n + 1];
    if (phase === 'done') doneAt ??= at;
    else doneAt = null;
    if (phase !== 'runs') continue;
    ran = true;
    if (!next) {
      due ??= addWork(calendar, at, target - spent);
      continue;
    }
    const worked = workBetween(calendar, at, next.at);
    if (due === null && spent + worked >= target) due = addWork(calendar, at, target - spent);
    spent += worked;
  }
  const phase = turns.at(-1)?.phase ?? 'pauses';
  if (phase === 'done' && due === null && ran && doneAt) due = addWork(calendar, doneAt, target - spent);
  return { phase, spent, due, doneAt };
}

export const SERVICE_STATES = ['late', 'near', 'running', 'paused', 'missed', 'met'] as const;
/** How a record stands, most urgent first. */
export type ServiceState = (typeof SERVICE_STATES)[number];

/** @param near working milliseconds before the time is up from which on it is near */
export function stateOf(
  calendar: WorkCalendar,
  { phase, due, doneAt }: Reading,
  near: number,
  now: Date,
): ServiceState | null {
  if (phase === 'done') {
    if (due === null) return null;
    return doneAt !== null && doneAt > due ? 'missed' : 'met';
  }
  if (due !== null && due <= now) return 'late';
  if (phase === 'pauses') return 'paused';
  if (due === null) return 'running';
  return workBetween(calendar, now, due) <= near ? 'near' : 'running';
}

/** When a running clock gets to another state by itself; null: never. */
export function nextTurnOf(calendar: WorkCalendar, { phase, due }: Reading, near: number, now: Date): Date | null {
  if (phase === 'done' || due === null || due <= now) return null;
  if (phase === 'pauses') return due;
  const warned = addWork(calendar, due, -near);
  return warned !== null && warned > now ? warned : due;
}

/** The most urgent of several clocks of one record. */
export function worstOf(states: readonly (ServiceState | null)[]): ServiceState | null {
  return SERVICE_STATES.find((state) => states.includes(state)) ?? null;
}
