import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frailtyOf } from './frailty.ts';
import { memoryless } from './hazard.ts';
import { reliabilityOf } from './reliability.ts';

const find = (changed: boolean, age = 1, weight = 1) => ({ age, changed, weight, hazard: memoryless(0.25) });

describe('frailty of a record', () => {
  it('is 1 before anything was found, rises with changes found, falls with values found right', () => {
    expect(frailtyOf([])).toBe(1);
    expect(frailtyOf([find(true)])).toBeCloseTo((3 + 1) / (3 + 1 - Math.exp(-0.25)), 9);
    expect(frailtyOf([find(false)])).toBeLessThan(1);
    expect(frailtyOf([find(true), find(true), find(true)])).toBeGreaterThan(frailtyOf([find(true)]));
  });

  it('is as before once a find is taken back, leaves out what no plan tracks, and has bounds', () => {
    expect(frailtyOf([find(true), find(true, 1, -1)])).toBe(1);
    expect(frailtyOf([{ ...find(true), hazard: undefined }])).toBe(1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0.01, max: 9, noNaN: true })), { maxLength: 60 }),
        (all) => {
          const factor = frailtyOf(all.map(([changed, age]) => find(changed, age)));
          return factor >= 0.25 && factor <= 4;
        },
      ),
    );
  });
});

describe('reliability of a verifier', () => {
  const nobody = { rechecked: 0, held: 0, expectedHeld: 0, changed: 0, expected: 0 };

  it('is full before anything is known and while re-checks hold as often as they should', () => {
    expect(reliabilityOf(nobody)).toBe(1);
    expect(reliabilityOf({ ...nobody, rechecked: 40, held: 37, expectedHeld: 36.2, changed: 6, expected: 7 })).toBe(1);
  });

  it('falls as re-checks fail, slowly for a few, and where changes are never found', () => {
    const once = reliabilityOf({ ...nobody, rechecked: 1, held: 0, expectedHeld: 0.95 });
    expect(once).toBeGreaterThan(0.9);
    const often = reliabilityOf({ ...nobody, rechecked: 40, held: 15, expectedHeld: 37 });
    expect(often).toBeCloseTo(25 / 47, 9);
    expect(reliabilityOf({ ...nobody, changed: 0, expected: 20 })).toBeCloseTo(5 / 25, 9);
    // Two of three changes found is chance.
    expect(reliabilityOf({ ...nobody, changed: 2, expected: 3 })).toBe(1);
    expect(reliabilityOf({ rechecked: 99, held: 0, expectedHeld: 95, changed: 0, expected: 99 })).toBe(0.1);
  });
});
