import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, memoryless } from './hazard.ts';
import { compilePlan, recordFreshness } from './plan.ts';
import type { CellTuple } from './tuple.ts';

// Moments are epoch milliseconds and intervals are lengths: no wall clock takes part, so none can move a due date.

const plan = compilePlan(1, [
  {
    id: 0,
    fields: [
      { fieldId: 1, weight: 1, hazard: memoryless(0.25), threshold: 0.9, minutes: 1 },
      { fieldId: 2, weight: 1, hazard: memoryless(0.25), intervalDays: 30, minutes: 1 },
    ],
  },
]);
const verified = (iso: string): CellTuple => [0.99, Date.parse(iso) / 1000, 'phone', 'user:1', null];
const dueOf = (iso: string, now: number) =>
  recordFreshness(plan, { baseAt: 0, baseConfidence: 1, cells: { 1: verified(iso), 2: verified(iso) } }, now).cells.map(
    (cell) => cell.dueAt,
  );

describe('clocks', () => {
  it('a due date is the same whatever the clock says: forwards, backwards, before the verification', () => {
    const at = '2026-05-01T08:00:00Z';
    const first = dueOf(at, Date.parse(at));
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), (days) => {
        expect(dueOf(at, Date.parse(at) + days * DAY_MS)).toEqual(first);
      }),
    );
  });

  it('a clock that went back makes nothing fresher than it was found', () => {
    const state = { baseAt: 0, baseConfidence: 1, cells: { 1: verified('2026-05-01T08:00:00Z') } };
    const [cell] = recordFreshness(plan, state, Date.parse('2020-01-01T00:00:00Z')).cells;
    expect(cell?.confidence).toBe(0.99);
  });

  it('thirty days are thirty days over a leap day, a daylight change and a zone', () => {
    const due = (iso: string) => new Date(dueOf(iso, 0)[1] ?? 0).toISOString();
    expect(due('2024-02-15T00:00:00+08:00')).toBe('2024-03-15T16:00:00.000Z');
    expect(due('2023-02-15T00:00:00+08:00')).toBe('2023-03-16T16:00:00.000Z');
    // Clocks in New York go forward on 2026-03-08: the hour on the wall moves, the moment does not.
    expect(due('2026-03-01T12:00:00-05:00')).toBe('2026-03-31T17:00:00.000Z');
  });
});
