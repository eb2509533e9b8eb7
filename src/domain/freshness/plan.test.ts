import { describe, expect, it } from 'vitest';
import { DAY_MS, YEAR_MS } from './hazard.ts';
import { type CellTuple, cellState, compilePlan, recordFreshness } from './plan.ts';

const NOW = Date.UTC(2026, 0, 1);
const field = (fieldId: number, rest: object = {}) => ({
  fieldId,
  weight: 1,
  hazard: { rate: 0.22, shape: 1 },
  threshold: 0.9,
  minutes: 1,
  ...rest,
});
const plan = compilePlan(1, [
  {
    id: 0,
    fields: [field(1, { weight: 3 }), field(2, { hazard: { rate: 0.5, shape: 1 } }), field(3, { intervalDays: 30 })],
    contactMinutes: 2,
    contactSuccess: 0.5,
  },
  { id: 7, fields: [field(1, { threshold: undefined })] },
]);

describe('record freshness', () => {
  it('is the weighted mean of beliefs, missing cells counting zero', () => {
    const state = { baseAt: NOW - YEAR_MS, baseConfidence: 0.95, missing: [3] };
    const fresh = recordFreshness(plan, state, NOW);
    expect(fresh.score).toBeCloseTo((3 * 0.95 * Math.exp(-0.22) + 0.95 * Math.exp(-0.5)) / 5, 12);
    expect(fresh.cells.map((cell) => cell.state)).toEqual(['stale', 'stale', 'missing']);
  });

  it('knows the first crossing: T(ρ = 0.9), λ = 0.22 is 5.7469 months', () => {
    const fresh = recordFreshness(plan, { baseAt: NOW, baseConfidence: 1, missing: [2, 3] }, NOW);
    expect(((fresh.dueAt ?? 0) - NOW) / (YEAR_MS / 12)).toBeCloseTo(5.7469, 4);
    expect(cellState(plan, { baseAt: NOW, baseConfidence: 1 }, 1, (fresh.dueAt ?? 0) - DAY_MS)?.state).toBe('aging');
    expect(cellState(plan, { baseAt: NOW, baseConfidence: 1 }, 1, (fresh.dueAt ?? 0) + DAY_MS)?.state).toBe('stale');
  });

  it('reads sparse cells over the base, and fixed intervals over thresholds', () => {
    const cells: Record<string, CellTuple> = { 2: [0.99, NOW / 1000, 'phone', 'user:1', null] };
    const state = { baseAt: new Date(NOW - 10 * DAY_MS), baseConfidence: 0.97, cells };
    const fresh = recordFreshness(plan, state, new Date(NOW));
    expect(fresh.cells[1]?.confidence).toBeCloseTo(0.99, 12);
    expect(fresh.cells[2]?.dueAt).toBe(NOW + 20 * DAY_MS);
    expect(fresh.dueAt).toBe(NOW + 20 * DAY_MS);
    expect(fresh.dueValue).toBeGreaterThan(0);
  });

  it('uses the segment, falls back to segment 0, and never is null', () => {
    const state = { baseAt: NOW, baseConfidence: 1, segment: 7 };
    expect(recordFreshness(plan, state, NOW)).toMatchObject({ dueAt: null, dueValue: 0, score: 1 });
    expect(recordFreshness(plan, { ...state, segment: 99 }, NOW).cells).toHaveLength(3);
    expect(cellState(plan, state, 2, NOW)).toBeNull();
    expect(() => compilePlan(1, [])).toThrow(RangeError);
  });

  it('is due at once when it starts below the threshold', () => {
    const state = { baseAt: NOW - 5 * DAY_MS, baseConfidence: 0.85, missing: [3] };
    expect(recordFreshness(plan, state, NOW).dueAt).toBe(NOW - 5 * DAY_MS);
  });

  it('ages faster with frailty', () => {
    const state = { baseAt: NOW - YEAR_MS, baseConfidence: 1, frailty: 3 };
    expect(cellState(plan, state, 1, NOW)?.confidence).toBeCloseTo(Math.exp(-0.66), 12);
  });
});
