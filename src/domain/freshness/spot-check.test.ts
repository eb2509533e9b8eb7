import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import { accuracyOf, sampleSize } from './spot-check.ts';

describe('sampleSize', () => {
  it('is 385 for ± 5 % of many, fewer of few, never more than there are', () => {
    expect(sampleSize(0.05, 1e9)).toBe(385);
    expect(sampleSize(0.05, 1000)).toBe(278);
    expect(sampleSize(0.03, 1e9, 0.9)).toBe(385);
    expect(sampleSize(0.001, 50)).toBe(50);
  });
});

describe('accuracyOf', () => {
  it('knows the published case: 81 of 263 is 0.255–0.366 (Newcombe 1998, method 3)', () => {
    const found = accuracyOf(81, 263);
    expect(found?.low).toBeCloseTo(0.2553, 4);
    expect(found?.high).toBeCloseTo(0.3662, 4);
    expect(accuracyOf(0, 0)).toBeNull();
    expect(accuracyOf(20, 20)?.high).toBe(1);
  });

  it('holds the truth in about 95 of 100 checks of 60 records, 93 % of them right', () => {
    const random = seededRandom(4);
    let held = 0;
    for (let round = 0; round < 2000; round++) {
      let right = 0;
      for (let i = 0; i < 60; i++) if (random() < 0.93) right += 1;
      const found = accuracyOf(right, 60);
      if (found && found.low <= 0.93 && found.high >= 0.93) held += 1;
    }
    expect(held / 2000).toBeGreaterThan(0.92);
    expect(held / 2000).toBeLessThan(0.98);
  });
});
