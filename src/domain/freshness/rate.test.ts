import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential, gamma, seededRandom } from './random.ts';
import { estimateRate, JEFFREYS, modeRate, type Observation, poolEvidence, priorAround, rateEvidence } from './rate.ts';
import { shrinkRates } from './shrink.ts';
import { chooseHazard, fitHazards } from './weibull.ts';

const seen = (changed: number[], unchanged: number[]): Observation[] => [
  ...changed.map((interval) => ({ interval, changed: true })),
  ...unchanged.map((interval) => ({ interval, changed: false })),
];
const row1 = rateEvidence(seen([1, 0.5], [1, 1, 1, 0.25]));

/** n verifications of cells with a rate, at intervals between 0.1 and 1.1 years. */
function simulate(rate: number, n: number, seed: number, interval?: number): Observation[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => {
    const tau = interval ?? 0.1 + random();
    return { interval: tau, changed: exponential(random) < rate * tau };
  });
}

describe('rate from verifications: reference values', () => {
  it('maximum likelihood', () => {
    expect(modeRate(row1)).toBeCloseTo(0.5066608619754, 12);
    const hundred = rateEvidence(seen(Array(20).fill(0.5), Array(80).fill(0.5)));
    expect(modeRate(hundred)).toBeCloseTo(0.4462871026284, 12);
  });

  it('maximum a posteriori', () => {
    expect(modeRate(row1, { shape: 2.2, exposure: 10 })).toBeCloseTo(0.2289611930174, 12);
    expect(modeRate(rateEvidence([]), { shape: 2, exposure: 8 })).toBeCloseTo(0.125, 12);
  });

  it('has the right ends', () => {
    expect(modeRate(rateEvidence(seen([], [1])))).toBe(0);
    expect(modeRate(rateEvidence(seen([1], [])))).toBe(Number.POSITIVE_INFINITY);
    expect(modeRate(rateEvidence(seen([1e-9], [1e6])))).toBeCloseTo(1e-6, 12);
  });
});

describe('posterior on a grid', () => {
  it('is the Gamma distribution when nothing was found changed', () => {
    // Gamma(2, 10 + 5): mean 2/15, 5 % and 95 % points from tables of chi-square with 4 degrees of freedom (0.710723, 9.487729) / 30.
    const estimate = estimateRate(rateEvidence(seen([], [2, 3])), { shape: 2, exposure: 10 });
    expect(estimate.mean).toBeCloseTo(2 / 15, 6);
    expect(estimate.low).toBeCloseTo(0.710723 / 30, 4);
    expect(estimate.high).toBeCloseTo(9.487729 / 30, 4);
    expect(estimate.mode).toBeCloseTo(1 / 15, 9);
  });

  it('holds its 90 % promise between 85 and 95 %', () => {
    for (const [rate, n] of [
      [0.25, 60],
      [0.25, 300],
      [1, 20],
      [2, 12],
    ] as const) {
      let covered = 0;
      for (let seed = 1; seed <= 300; seed++) {
        const { low, high } = estimateRate(rateEvidence(simulate(rate, n, seed)), JEFFREYS);
        if (low <= rate && rate <= high) covered++;
      }
      expect(covered / 300, `rate ${rate}, n ${n}`).toBeGreaterThan(0.85);
      expect(covered / 300, `rate ${rate}, n ${n}`).toBeLessThan(0.95);
    }
  });

  it('narrows onto the true rate as data grow', () => {
    const error = [100, 1_000, 10_000, 100_000].map((n) => {
      const estimate = estimateRate(rateEvidence(simulate(0.4, n, 11)));
      expect(estimate.low).toBeLessThan(estimate.high);
      return estimate.high - estimate.low;
    });
    expect(error).toEqual([...error].sort((a, b) => b - a));
    expect(estimateRate(rateEvidence(simulate(0.4, 100_000, 11))).mean).toBeCloseTo(0.4, 1.5);
  });

  it('orders mean, median and ends sensibly for any data', () => {
    const observation = fc.record({ interval: fc.double({ min: 0.01, max: 5, noNaN: true }), changed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 30 }), (observations) => {
        const estimate = estimateRate(rateEvidence(observations), priorAround(0.25, 1));
        expect(estimate.low).toBeGreaterThan(0);
        expect(estimate.low).toBeLessThan(estimate.median);
        expect(estimate.median).toBeLessThan(estimate.high);
        expect(Number.isFinite(estimate.mean)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('loses nothing that matters by merging many distinct intervals', () => {
    const observations = simulate(0.8, 5_000, 3);
    const merged = modeRate(rateEvidence(observations));
    const parts = Array.from({ length: 10 }, (_, i) => rateEvidence(observations.slice(500 * i, 500 * i + 500)));
    expect(rateEvidence(observations).intervals.length).toBeLessThan(600);
    expect(modeRate(poolEvidence(parts)) / merged).toBeCloseTo(1, 4);
  });
});

describe('two-level empirical Bayes', () => {
  const prior = priorAround(0.2485, 2);

  it('keeps a segment with 3 observations near its field and lets one with 300 stand alone', () => {
    const groups = [0.1, 0.15, 0.3, 0.5, 0.8].map((rate, i) => rateEvidence(simulate(rate, 300, 100 + i)));
    const small = rateEvidence(simulate(3, 3, 9));
    const shrunk = shrinkRates([...groups, small], prior);
    expect(shrunk.groups[4]?.mean ?? 0).toBeGreaterThan(0.65);
    expect(shrunk.groups[0]?.mean ?? 1).toBeLessThan(0.15);
    expect(shrunk.groups[5]?.mean ?? 9).toBeLessThan(3 * shrunk.parent.mean);
  });

  it('shrinks harder when the segments are alike', () => {
    const alike = Array.from({ length: 12 }, (_, i) => rateEvidence(simulate(0.3, 80, 200 + i)));
    const unlike = Array.from({ length: 12 }, (_, i) => rateEvidence(simulate(0.05 * 1.5 ** i, 80, 300 + i)));
    expect(shrinkRates(alike, prior).prior.shape).toBeGreaterThan(5 * shrinkRates(unlike, prior).prior.shape);
  });

  it('beats both no pooling and full pooling', () => {
    const random = seededRandom(5);
    const rates = Array.from({ length: 60 }, () => 0.1 * gamma(random, 3));
    const groups = rates.map((rate, i) => rateEvidence(simulate(rate, 5 + Math.floor(40 * random()), 400 + i)));
    const shrunk = shrinkRates(groups, prior);
    const error = (guess: (i: number) => number) => rates.reduce((sum, rate, i) => sum + (guess(i) - rate) ** 2, 0);
    const learned = error((i) => shrunk.groups[i]?.mean ?? 0);
    expect(learned).toBeLessThan(error((i) => modeRate(groups[i] ?? row1)));
    expect(learned).toBeLessThan(error(() => modeRate(poolEvidence(groups))));
    const covered = rates.filter(
      (rate, i) => rate >= (shrunk.groups[i]?.low ?? 9) && rate <= (shrunk.groups[i]?.high ?? 0),
    );
    expect(covered.length / rates.length).toBeGreaterThan(0.8);
  });
});

describe('hazard with memory', () => {
  const wearing = (shape: number, n: number, seed: number): Observation[] => {
    const random = seededRandom(seed);
    return Array.from({ length: n }, () => {
      const born = 3 * random();
      const interval = 0.2 + random();
      const life = 2 * ((born / 2) ** shape + exponential(random)) ** (1 / shape);
      return { born, interval, changed: life < born + interval };
    });
  };

  it('is found when it is there, and not when it is not or when data are few', () => {
    const fit = chooseHazard(wearing(2.5, 2_000, 1));
    expect(fit.hazard.shape).toBeGreaterThan(2.1);
    expect(fit.hazard.shape).toBeLessThan(2.9);
    expect(fit.hazard.rate).toBeCloseTo(0.5, 1);
    expect(chooseHazard(wearing(1, 2_000, 2)).hazard.shape).toBe(1);
    expect(chooseHazard(wearing(2.5, 150, 3)).hazard.shape).toBe(1);
  });

  it('agrees with the exponential fit at shape 1', () => {
    const observations = wearing(1, 500, 4);
    const { exponential: plain } = fitHazards(observations);
    expect(plain.hazard.rate).toBeCloseTo(modeRate(rateEvidence(observations)), 12);
  });
});
