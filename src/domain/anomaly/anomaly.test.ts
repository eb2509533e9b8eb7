import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../freshness/random.ts';
import { firstDigits, judge, learnPattern, UNKNOWN } from './index.ts';

/** Firms whose amounts keep within a few percent to a quarter of their own level. */
function histories(count: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const level = 5 + 0.6 * normal(random);
    return Array.from({ length: 6 }, () => Math.round(10 ** (level + 0.06 * normal(random))));
  });
}
const pattern = learnPattern(histories(2000, 1));

describe('what a field is like', () => {
  it('is learned from histories: where records lie, how far apart, how far one strays', () => {
    expect(pattern.centre).toBeCloseTo(5, 1);
    expect(pattern.spread).toBeCloseTo(0.6, 1);
    expect(pattern.within).toBeCloseTo(0.06, 1);
    expect(pattern.values).toBe(12_000);
  });

  it('is not thrown off by records that someone spoiled', () => {
    const spoiled = histories(2000, 1).map((history, i) => (i % 50 === 0 ? [...history, 9e12] : history));
    const learned = learnPattern(spoiled);
    expect(learned.centre).toBeCloseTo(pattern.centre, 1);
    expect(learned.within).toBeCloseTo(pattern.within, 1);
  });

  it('stays what is assumed while nothing is known', () => {
    expect(learnPattern([])).toEqual(UNKNOWN);
    expect(learnPattern([[0, -5]])).toEqual(UNKNOWN);
    const one = learnPattern([[100_000, 110_000]]);
    expect(one.holdAbove[2]).toBeCloseTo(UNKNOWN.holdAbove[2], 0);
  });
});

describe('a new value', () => {
  const own = [118_000, 121_000, 119_500, 125_000];
  it.each([
    [1_250_000_000, 'unit', 125_000],
    [12.5, 'unit', 125_000],
    [1_250_000, 'digit', 125_000],
    [12_500, 'digit', 125_000],
    [125_000_000, 'unit', 125_000],
  ] as const)('%d after about 120,000 is a slip (%s), %d was meant', (value, code, meant) => {
    expect(judge(value, own, pattern)).toMatchObject({ code, meant });
  });

  it('is far off without a known slip', () => {
    const found = judge(40_000_000_000, own, pattern);
    expect(found).toMatchObject({ code: 'far' });
    expect(found).not.toHaveProperty('meant');
    expect(found?.usual).toBeGreaterThan(110_000);
  });

  it.each([125_000, 110_000, 150_000, 100_000])('%d is ordinary', (value) => {
    expect(judge(value, own, pattern)).toBeNull();
  });

  it('may be anything its like are while the record has no history', () => {
    expect(judge(30_000, [], pattern)).toBeNull();
    expect(judge(900_000, [], pattern)).toBeNull();
    expect(judge(1_000_000_000, [], pattern)).toMatchObject({ code: 'unit' });
  });

  it('of nothing, less than nothing or no number is not judged', () => {
    for (const value of [0, -1000, Number.NaN, Number.POSITIVE_INFINITY]) expect(judge(value, own, pattern)).toBeNull();
  });

  it('does not become ordinary because one slip went through before', () => {
    expect(judge(1_210_000_000, [...own, 1_250_000_000], pattern)).toMatchObject({ code: 'unit' });
  });

  it('is held in at most one of two hundred ordinary changes, whatever the seed', () => {
    for (const seed of [2, 3, 4]) {
      const fresh = histories(4000, seed);
      const held = fresh.filter((history) => judge(history.at(-1) ?? 0, history.slice(0, -1), pattern)).length;
      expect(held / fresh.length).toBeLessThanOrEqual(0.005);
    }
  });

  it('is judged alike in 元 and in 分', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 10_000_000 }), fc.integer({ min: 0, max: 1999 }), (value, firm) => {
        const history = histories(2000, 1)[firm] ?? [];
        const cents = { ...pattern, centre: pattern.centre + 2 };
        const inCents = history.map((one) => one * 100);
        const [a, b] = [judge(value, history, pattern), judge(value * 100, inCents, cents)];
        expect(a?.code).toBe(b?.code);
        if (a && b) expect(a.score).toBeCloseTo(b.score, 6);
      }),
      { numRuns: 30 },
    );
  });
});

describe('first digits', () => {
  const random = seededRandom(5);
  const grown = Array.from({ length: 5000 }, () => 10 ** (3 + 4 * random()));
  it('of amounts that grew by themselves conform', () => {
    expect(firstDigits(grown)).toMatchObject({ values: 5000, conforms: true });
  });
  it('of amounts just below an approval limit do not', () => {
    const limited = grown.map((value, i) => (i % 5 === 0 ? 49_900 - i : value));
    expect(firstDigits(limited).conforms).toBe(false);
  });
  it('say nothing of few amounts, or of amounts within one power of ten', () => {
    expect(firstDigits(grown.slice(0, 100)).conforms).toBeNull();
    expect(firstDigits(grown.map((value) => 1000 + (value % 8000))).conforms).toBeNull();
  });
});
