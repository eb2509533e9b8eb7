import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanDifference, meanWithInterval, type Unit } from './means.ts';
import { quarterBefore, quarterOf, quarterOfDay } from './quarter.ts';
import { studentQuantile, studentTails } from './student.ts';
import { surveyAccuracy } from './survey.ts';
import { compareShares, fisherExact } from './table.ts';

const units = (values: number[], weight = 1): Unit[] => values.map((value) => ({ value, weight }));

describe('Student’s t', () => {
  it.each([
    // Abramowitz & Stegun, table 26.10 (two-sided 5 % and 1 %).
    [0.05, 1, 12.706],
    [0.05, 4, 2.776],
    [0.05, 9, 2.262],
    [0.01, 9, 3.25],
    [0.05, 30, 2.042],
    [0.05, 1e6, 1.96],
  ])('exceeds its quantile with probability %f at %d degrees of freedom: %f', (tails, df, t) => {
    expect(studentQuantile(tails, df)).toBeCloseTo(t, 3);
    expect(studentTails(studentQuantile(tails, df), df)).toBeCloseTo(tails, 9);
  });
  it('has the Cauchy distribution at one degree of freedom', () => {
    expect(studentTails(1, 1)).toBeCloseTo(0.5, 12);
  });
});

describe('two shares', () => {
  it.each([
    // Newcombe 1998, table II, method 10.
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
  ])('%d/%d and %d/%d differ by %f…%f', (a, n, b, m, low, high) => {
    const { difference } = compareShares({ hits: a, n }, { hits: b, n: m });
    expect(difference.low).toBeCloseTo(low, 4);
    expect(difference.high).toBeCloseTo(high, 4);
  });

  it('are tested exactly where counts are small', () => {
    // The lady tasting tea, and Fisher's convicted twins (as in R, help(fisher.test)): 0.4857, 0.0005367.
    expect(fisherExact({ hits: 3, n: 4 }, { hits: 1, n: 4 })).toBeCloseTo(0.4857, 4);
    expect(fisherExact({ hits: 2, n: 17 }, { hits: 10, n: 13 })).toBeCloseTo(0.000_5367, 6);
    expect(compareShares({ hits: 60, n: 100 }, { hits: 40, n: 100 }).exact).toBeNull();
    expect(compareShares({ hits: 3, n: 30 }, { hits: 1, n: 40 }).exact).not.toBeNull();
  });

  it('say nothing of groups below twenty, however far apart', () => {
    expect(compareShares({ hits: 19, n: 19 }, { hits: 0, n: 500 }).verdict).toBe('few');
    expect(compareShares({ hits: 20, n: 20 }, { hits: 0, n: 500 }).verdict).toBe('apart');
    expect(compareShares({ hits: 50, n: 100 }, { hits: 45, n: 100 }).verdict).toBe('not-apart');
    expect(compareShares({ hits: 0, n: 0 }, { hits: 0, n: 0 }).verdict).toBe('few');
  });

  it('hold whichever comes first', () => {
    const group = fc
      .tuple(fc.integer({ min: 1, max: 200 }), fc.nat(200))
      .map(([n, k]) => ({ n, hits: Math.min(n, k) }));
    fc.assert(
      fc.property(group, group, (a, b) => {
        const [there, back] = [compareShares(a, b), compareShares(b, a)];
        expect(there.difference.low).toBeCloseTo(-back.difference.high, 9);
        expect(there.difference.low).toBeLessThanOrEqual(there.difference.value + 1e-12);
        expect(there.verdict).toBe(back.verdict);
        const p = fisherExact(a, b);
        expect(p).toBeCloseTo(fisherExact(b, a), 9);
        expect(p > 0 && p <= 1).toBe(true);
      }),
    );
  });
});

describe('means of units', () => {
  // Student's sleep data (1908); R: t.test(extra ~ group) gives −3.3654832 … 0.2054832.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  it('differ as Welch says', () => {
    const { value, interval } = meanDifference(units(first), units(second));
    expect(value).toBeCloseTo(-1.58, 9);
    expect(interval?.low).toBeCloseTo(-3.365_483, 5);
    expect(interval?.high).toBeCloseTo(0.205_483, 5);
  });
  it('have Student’s interval (R: t.test of the differences gives 0.7001142 … 2.4598858)', () => {
    const { interval } = meanWithInterval(units(first.map((value, i) => (second[i] ?? 0) - value)));
    expect(interval?.low).toBeCloseTo(0.700_114, 5);
    expect(interval?.high).toBeCloseTo(2.459_886, 5);
  });
  it('have no interval where they are fewer than three', () => {
    expect(meanDifference(units([1, 2]), units([1, 2, 3, 4])).interval).toBeNull();
    expect(meanWithInterval(units([4])).interval).toBeNull();
    expect(meanWithInterval([]).value).toBe(0);
  });
  it('weigh by what is in them, and weights have no unit', () => {
    const mixed = [
      { value: 1, weight: 3 },
      { value: 5, weight: 1 },
      { value: 2, weight: 2 },
    ];
    expect(meanWithInterval(mixed).value).toBeCloseTo(2, 12);
    const more = meanWithInterval(mixed.map(({ value, weight }) => ({ value, weight: weight * 1000 })));
    expect(more.interval?.low).toBeCloseTo(meanWithInterval(mixed).interval?.low ?? 0, 9);
  });
});

describe('accuracy of a sample of records', () => {
  const sums = (records: [right: number, checked: number][]) => ({
    records: records.length,
    checked: records.reduce((sum, [, c]) => sum + c, 0),
    right: records.reduce((sum, [r]) => sum + r, 0),
    rr: records.reduce((sum, [r]) => sum + r * r, 0),
    rc: records.reduce((sum, [r, c]) => sum + r * c, 0),
    cc: records.reduce((sum, [, c]) => sum + c * c, 0),
  });
  it('is Wilson’s with one value a record out of endlessly many', () => {
    // 90 of 100: 0.8256–0.9448 (Newcombe 1998, two-sided intervals for the single proportion, score method).
    const found = surveyAccuracy(sums(Array.from({ length: 100 }, (_, i) => [i < 90 ? 1 : 0, 1])), 1e9);
    expect(found?.low).toBeCloseTo(0.8256, 3);
    expect(found?.high).toBeCloseTo(0.9448, 3);
  });
  it('is wider when values of a record are right or wrong together: five alike are worth one', () => {
    const single = surveyAccuracy(sums(Array.from({ length: 100 }, (_, i) => [i < 80 ? 1 : 0, 1])), 1e9);
    const alike = surveyAccuracy(sums(Array.from({ length: 100 }, (_, i) => [i < 80 ? 5 : 0, 5])), 1e9);
    expect(alike?.low).toBeCloseTo(single?.low ?? 0, 2);
  });
  it('narrows as the population is seen, to nothing when all of it is', () => {
    const seen = sums(Array.from({ length: 80 }, (_, i) => [i < 70 ? 1 : 0, 1]));
    const width = (population: number) => {
      const found = surveyAccuracy(seen, population);
      return (found?.high ?? 0) - (found?.low ?? 0);
    };
    expect(width(100)).toBeLessThan(width(1000));
    expect(width(80)).toBe(0);
  });
  it('is unknown before anything was looked at', () => {
    expect(surveyAccuracy(sums([]), 100)).toBeNull();
  });
});

describe('quarters', () => {
  it('have their days', () => {
    expect(quarterOf('2026Q4')).toEqual({ id: '2026Q4', first: '2026-10-01', end: '2027-01-01' });
    expect(quarterOfDay('2026-06-30').id).toBe('2026Q2');
    expect(quarterBefore(quarterOf('2026Q1')).id).toBe('2025Q4');
    expect(() => quarterOf('2026-3')).toThrow(RangeError);
  });
});
