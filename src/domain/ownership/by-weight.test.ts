import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byWeight } from './by-weight.ts';

const person = (account: string, weight = 1, got = 0) => ({ account, weight, got });

it('takes turns, also when records come one by one', () => {
  const people = [person('wang'), person('zhao')];
  const one = byWeight(1, people)[0];
  expect(one).toBe('wang');
  expect(byWeight(1, [person('wang', 1, 1), person('zhao')])).toEqual(['zhao']);
  expect(byWeight(4, people)).toEqual(['wang', 'zhao', 'wang', 'zhao']);
});

it('gives by weight, nothing to nobody', () => {
  expect(byWeight(6, [person('wang', 2), person('zhao', 1)]).filter((one) => one === 'wang')).toHaveLength(4);
  expect(byWeight(3, [person('wang', 0)])).toEqual([]);
  expect(byWeight(3, [])).toEqual([]);
});

it('is never more than one record away from fair, however it is portioned', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(weights, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), (all, portions) => {
      const got = new Map(all.map((_, n) => [`p${n}`, 0]));
      for (const portion of portions)
        for (const account of byWeight(
          portion,
          all.map((weight, n) => person(`p${n}`, weight, got.get(`p${n}`))),
        ))
          got.set(account, (got.get(account) ?? 0) + 1);
      const total = [...got.values()].reduce((a, b) => a + b, 0);
      const weight = all.reduce((a, b) => a + b, 0);
      expect(total).toBe(portions.reduce((a, b) => a + b, 0));
      for (const [n, own] of all.entries()) {
        expect(got.get(`p${n}`)).toBeLessThanOrEqual(Math.ceil((total * own) / weight) + all.length);
        expect(got.get(`p${n}`)).toBeGreaterThanOrEqual(Math.floor((total * own) / weight) - all.length);
      }
    }),
  );
});
