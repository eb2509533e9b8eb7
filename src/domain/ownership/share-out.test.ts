import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOut } from './share-out.ts';

const people = fc
  .array(fc.nat(500), { minLength: 1, maxLength: 12 })
  .map((loads) => loads.map((load, n) => ({ account: `u${n}`, load })));

it('gives out everything, evenly give or take one', () => {
  fc.assert(
    fc.property(fc.nat(5000), people, (count, all) => {
      const shares = shareOut(count, all, 'even');
      expect(shares.reduce((a, b) => a + b, 0)).toBe(count);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

it('levels loads: who got something has at most one more than anybody, and nobody below was passed over', () => {
  fc.assert(
    fc.property(fc.nat(5000), people, (count, all) => {
      const shares = shareOut(count, all, 'load');
      expect(shares.reduce((a, b) => a + b, 0)).toBe(count);
      const after = all.map(({ load }, n) => load + (shares[n] ?? 0));
      const least = Math.min(...after);
      for (const [n, share] of shares.entries()) if (share > 0) expect(after[n]).toBeLessThanOrEqual(least + 1);
    }),
  );
});

it('of three with 10, 2 and 0, nine go where there is least', () => {
  const all = [10, 2, 0].map((load, n) => ({ account: `u${n}`, load }));
  expect(shareOut(9, all, 'load')).toEqual([0, 4, 5]);
  expect(shareOut(9, all, 'even')).toEqual([3, 3, 3]);
});
