import type { Stage } from '../schema/stages.ts';

/** A value that held from a moment on, ms since 1970. */
export interface Since<Value> {
  value: Value;
  at: number;
}

/** The way of one deal: its stages and amounts, oldest first; the first of each from its creation. */
export interface Journey {
  id: string;
  stages: Since<string | null>[];
  amounts: Since<number>[];
}

/** What one change replaced; a field that it did not touch is absent. */
export interface Replaced {
  at: number;
  stage?: string | null;
  amount?: number | null;
}

/** The way from what a record is now and what its changes replaced (reverse deltas), oldest first. */
export function journeyOf(
  record: { id: string; created: number; stage: string | null; amount: number | null },
  replaced: readonly Replaced[],
): Journey {
  return {
    id: record.id,
    stages: unrolled(record.created, record.stage, replaced, (one) => one.stage),
    amounts: unrolled(record.created, record.amount, replaced, (one) => one.amount).map(({ value, at }) => ({
      value: value ?? 0,
      at,
    })),
  };
}

/** A delta says what was before it: what came with it is what the next one replaced, or the present value. */
function unrolled<Value>(
  created: number,
  now: Value,
  replaced: readonly Replaced[],
  before: (one: Replaced) => Value | undefined,
): Since<Value>[] {
  const found: Since<Value>[] = [];
  let at = created;
  for (const one of replaced) {
    const value = before(one);
    if (value === undefined) continue;
    found.push({ value, at });
    at = one.at;
  }
  found.push({ value: now, at });
  // A change that changed nothing here (its undo followed at once) is no step.
  return found.filter((step, i) => i === 0 || step.value !== found[i - 1]?.value);
}

/** Value that held at a moment; undefined before the first. */
export function valueAt<Value>(steps: readonly Since<Value>[], at: number): Since<Value> | undefined {
  return steps.findLast((step) => step.at <= at);
}

/** Stages by value, with their place in the order. */
export interface StageOrder {
  stages: readonly Stage[];
  of(value: string | null | undefined): (Stage & { place: number }) | undefined;
}

export function orderOf(stages: readonly Stage[]): StageOrder {
  const known = new Map(stages.map((stage, place) => [stage.value, { ...stage, place }]));
  return { stages, of: (value) => (value === null || value === undefined ? undefined : known.get(value)) };
}

/** When it was won for the first time, and whether that held: a deal that went back to an open stage was not won. */
export function endOf(journey: Journey, order: StageOrder, now: number): { kind: 'won' | 'lost'; at: number } | null {
  const steps = journey.stages.filter((step) => step.at <= now);
  const last = order.of(steps.at(-1)?.value);
  if (!last || last.kind === 'open') return null;
  let at = steps.at(-1)?.at ?? now;
  for (const step of [...steps].reverse()) {
    if (order.of(step.value)?.kind !== last.kind) break;
    at = step.at;
  }
  return { kind: last.kind, at };
}

/** It came into the system when it was over already: it tells nothing about the way. */
export const cameFinished = (journey: Journey, order: StageOrder): boolean => {
  const first = order.of(journey.stages[0]?.value);
  return first !== undefined && first.kind !== 'open';
};
