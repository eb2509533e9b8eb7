import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageAt, freshTime, indexAtAge, indexAtBelief, meanFreshness, survival } from './hazard.ts';
import { budgetCurve, budgetFor, inverseGain, optimise } from './optimum.ts';
import { logGamma } from './special.ts';

const groups = (rates: number[], weights: number[] = []) =>
  rates.map((rate, i) => ({ weight: weights[i] ?? 1, hazard: { rate, shape: 1 }, cost: 1 }));

describe('budget optimum: reference values', () => {
  it('equals the table of Cho & Garcia-Molina', () => {
    const plan = optimise(groups([1, 2, 3, 4, 5]), 5);
    for (const [i, f] of [1.14989, 1.35841, 1.35384, 1.13786, 0].entries())
      expect(plan.frequencies[i]).toBeCloseTo(f, 5);
    expect(plan.freshness).toBeCloseTo(0.373889, 6);
    expect(plan.price).toBeCloseTo(0.216432, 6);
    const uniform = [1, 2, 3, 4, 5].reduce((sum, rate) => sum + meanFreshness({ rate, shape: 1 }, 1), 0) / 5;
    expect(uniform).toBeCloseTo(0.365053, 6);
  });

  it('weighs', () => {
    const plan = optimise(groups([0.1, 0.22, 0.5, 2, 12], [1, 3, 2, 3, 1]), 10);
    for (const [i, f] of [0.724436, 1.873814, 2.226735, 5.175014, 0].entries())
      expect(plan.frequencies[i]).toBeCloseTo(f, 6);
    expect(plan.freshness).toBeCloseTo(0.804427, 6);
    expect(plan.price).toBeCloseTo(0.086943, 6);
    expect(plan.spent).toBeCloseTo(10, 9);
  });

  it('knows the threshold interval', () => {
    expect(12 * ageAt({ rate: 0.22, shape: 1 }, 0.9)).toBeCloseTo(5.7469, 4);
  });
});

const group = fc.record({
  count: fc.integer({ min: 1, max: 1000 }),
  weight: fc.double({ min: 0.1, max: 5, noNaN: true }),
  hazard: fc.record({ rate: fc.double({ min: 0.001, max: 30, noNaN: true }), shape: fc.constantFrom(1, 1, 1, 0.7, 2) }),
  cost: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

describe('budget optimum: properties', () => {
  it('spends the budget, and more budget never lowers freshness', () => {
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.1, max: 1e4, noNaN: true }),
        (list, budget) => {
          const less = optimise(list, budget);
          const more = optimise(list, 1.3 * budget);
          expect(less.spent / budget).toBeCloseTo(1, 6);
          expect(more.freshness).toBeGreaterThanOrEqual(less.freshness - 1e-9);
          expect(more.price).toBeLessThanOrEqual(less.price * (1 + 1e-9));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('beats every way of moving a little budget from one group to another', () => {
    const two = fc.tuple(group, group);
    fc.assert(
      fc.property(
        two,
        fc.double({ min: 1, max: 1e3, noNaN: true }),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        (list, budget, share) => {
          const value = (spend: number[]) =>
            list.reduce((sum, one, i) => {
              const interval = (one.count * one.cost) / (spend[i] ?? 0);
              return sum + one.count * one.weight * meanFreshness(one.hazard, interval);
            }, 0);
          const weights = list.reduce((sum, one) => sum + one.count * one.weight, 0);
          const rival = value([budget * share, budget * (1 - share)]) / weights;
          expect(optimise(list, budget).freshness).toBeGreaterThanOrEqual(rival - 1e-7);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes fixed rules first and says what they need', () => {
    const list = [
      { ...groups([0.3])[0], weight: 1, hazard: { rate: 0.3, shape: 1 }, cost: 1, fixedInterval: 0.25 },
      ...groups([1, 2]),
    ];
    const plan = optimise(list, 10);
    expect(plan.intervals[0]).toBe(0.25);
    expect(plan.required).toBe(4);
    expect(plan.spent).toBeCloseTo(10, 9);
    const poor = optimise(list, 3);
    expect(poor.spent).toBe(4);
    expect(poor.frequencies.slice(1)).toEqual([0, 0]);
  });

  it('finds the budget for a wanted freshness, and the price is the slope of the curve', () => {
    const list = groups([0.1, 0.22, 0.5, 2, 12], [1, 3, 2, 3, 1]);
    expect(budgetFor(list, 0.804427)).toBeCloseTo(10, 3);
    expect(optimise(list, budgetFor(list, 0.9)).freshness).toBeCloseTo(0.9, 6);
    const [a, b] = budgetCurve(list, [10, 10.001]);
    expect((((b?.freshness ?? 0) - (a?.freshness ?? 0)) / 0.001) * 10).toBeCloseTo(a?.price ?? 0, 4);
    expect(budgetFor(list, 1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('building blocks', () => {
  it('inverts the gain', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.999999, noNaN: true }), (y) => {
        const x = inverseGain(y);
        expect((x < 1e-3 ? (x * x) / 2 - x ** 3 / 3 + x ** 4 / 8 : 1 - (1 + x) * Math.exp(-x)) / y).toBeCloseTo(1, 7);
      }),
    );
  });

  it('integrates survival and inverts it', () => {
    for (const shape of [0.5, 0.8, 1.5, 3]) {
      const hazard = { rate: 0.7, shape };
      for (const age of [0.1, 1, 5]) {
        const n = 200_000;
        let sum = 0;
        for (let i = 0; i < n; i++) sum += survival(hazard, ((i + 0.5) / n) * age, 0.4);
        expect(freshTime(hazard, age, 0.4)).toBeCloseTo((sum * age) / n, 6);
        expect(ageAt(hazard, survival(hazard, age, 0.4), 0.4)).toBeCloseTo(age, 8);
      }
    }
    // ∫₀^∞ e^(−(0.7s)²) ds = √π / 1.4
    expect(freshTime({ rate: 0.7, shape: 2 }, 1e6)).toBeCloseTo(Math.sqrt(Math.PI) / 1.4, 8);
    expect(freshTime({ rate: 0.7, shape: 1 }, 2)).toBeCloseTo((1 - Math.exp(-1.4)) / 0.7, 12);
  });

  it('gives the same index by age and by belief, rising with age', () => {
    for (const hazard of [
      { rate: 0.3, shape: 1 },
      { rate: 0.3, shape: 1.8 },
    ]) {
      expect(indexAtBelief(hazard, 2, survival(hazard, 1.7))).toBeCloseTo(indexAtAge(hazard, 2, 1.7), 9);
      expect(indexAtAge(hazard, 2, 1.8)).toBeGreaterThan(indexAtAge(hazard, 2, 1.7));
      expect(indexAtBelief(hazard, 2, 0)).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });

  it('knows ln Γ', () => {
    expect(logGamma(1)).toBeCloseTo(0, 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(101)).toBeCloseTo(363.73937555556347, 9);
  });
});
