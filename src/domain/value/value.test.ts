import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OCTANTS, octantOf, rfmOf, suggestThresholds, yearsBetween } from './index.ts';

const thresholds = { count: 4, amount: 100_000, years: 2 };

describe('the cube', () => {
  it.each([
    [{ count: 9, amount: 500_000, years: 5 }, 'diamond'],
    [{ count: 9, amount: 500_000, years: 1 }, 'rising'],
    [{ count: 1, amount: 500_000, years: 5 }, 'gold'],
    [{ count: 1, amount: 500_000, years: 0 }, 'potential'],
    [{ count: 4, amount: 99_999, years: 2 }, 'loyal'],
    [{ count: 4, amount: 0, years: 1.9 }, 'active'],
    [{ count: 0, amount: 0, years: 8 }, 'old-friend'],
    [{ count: 3, amount: 99_999.99, years: 1.99 }, 'watch'],
  ])('%j → %s', (deals, octant) => {
    expect(octantOf(deals, thresholds)).toBe(octant);
  });

  it('has a corner for everybody, and more of anything never leads to a corner with less of it', () => {
    const deals = fc.record({
      count: fc.integer({ min: 0, max: 10 }),
      amount: fc.integer({ min: 0, max: 300_000 }),
      years: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    const highOf = (value: string) => OCTANTS.find((one) => one.value === value)?.high ?? [];
    fc.assert(
      fc.property(deals, deals, (a, b) => {
        const more = {
          count: Math.max(a.count, b.count),
          amount: Math.max(a.amount, b.amount),
          years: Math.max(a.years, b.years),
        };
        const [less, much] = [highOf(octantOf(a, thresholds)), highOf(octantOf(more, thresholds))];
        expect(less.every((is, n) => !is || much[n] === true)).toBe(true);
      }),
    );
    expect(new Set(OCTANTS.map(({ high }) => high.join())).size).toBe(8);
  });
});

describe('RFM', () => {
  const cuts = { recency: [30, 60, 90, 180], frequency: [1, 2, 4, 8], monetary: [1e3, 1e4, 1e5, 1e6] };
  it.each([
    [{ days: 5, count: 8, amount: 2e6 }, '5-5-5'],
    [{ days: 400, count: 0, amount: 0 }, '1-1-1'],
    [{ days: 30, count: 1, amount: 1e3 }, '5-2-2'],
    [{ days: 31, count: 3, amount: 99_999 }, '4-3-3'],
  ])('%j → %s', (facts, rfm) => {
    expect(rfmOf(facts, cuts)).toBe(rfm);
  });
});

describe('thresholds from the data', () => {
  const spread = {
    buyers: 200,
    customers: 900,
    medianCount: 2.5,
    medianAmount: 23_871,
    medianYears: 1.6,
    fourFifths: null,
  };
  it('are medians as people would say them', () => {
    expect(suggestThresholds(spread)).toEqual({ count: 3, amount: 24_000, years: 1.5 });
  });
  it('never call somebody frequent who bought once', () => {
    expect(suggestThresholds({ ...spread, medianCount: 1 })?.count).toBe(2);
  });
  it('say nothing where too few bought', () => {
    expect(suggestThresholds({ ...spread, buyers: 19 })).toBeNull();
  });
  it('years between days', () => {
    expect(yearsBetween('2020-01-01', '2024-01-01')).toBeCloseTo(4, 1);
    expect(yearsBetween('2024-01-01', '2020-01-01')).toBe(0);
  });
});
