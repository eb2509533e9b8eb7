import { describe, expect, it } from 'vitest';
import { chanceOfSoFew, patternsOf } from './verifier.ts';

describe('verifiers', () => {
  it('chance is the Poisson tail: e⁻⁵ for none of five, 1 for many', () => {
    expect(chanceOfSoFew(0, 5)).toBeCloseTo(Math.exp(-5), 12);
    expect(chanceOfSoFew(2, 4)).toBeCloseTo(Math.exp(-4) * (1 + 4 + 8), 12);
    expect(chanceOfSoFew(50, 5)).toBeCloseTo(1, 9);
    expect(chanceOfSoFew(0, 2)).toBeNull();
  });

  it('names box-ticking, and leaves the diligent and the new alone', () => {
    expect(patternsOf({ verifications: 300, burst: 45, changed: 0, expected: 21 })).toEqual(['burst', 'never-changes']);
    expect(patternsOf({ verifications: 300, burst: 4, changed: 18, expected: 21 })).toEqual([]);
    expect(patternsOf({ verifications: 5, burst: 5, changed: 0, expected: 0.3 })).toEqual([]);
  });
});
