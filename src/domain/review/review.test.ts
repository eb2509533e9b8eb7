import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, UNKNOWN } from '../anomaly/index.ts';
import { confidenceOf, trustOf } from './confidence.ts';
import { type Candidate, NO_TRIAL, ruleFor, tried } from './decide.ts';
import { holdBy, rulesFor } from './hold.ts';
import { originsOf } from './origin.ts';
import { same, standingOf } from './three-way.ts';
import { type DecideRule, type HoldRule, ORIGINS } from './types.ts';

const value = fc.oneof(
  fc.constant(null),
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
);

describe('three ways', () => {
  it('a record nobody touched is clean, or says so already', () => {
    fc.assert(
      fc.property(value, value, (base, wanted) => {
        expect(standingOf(base, base, wanted)).toBe(same(base, wanted) ? 'already' : 'clean');
      }),
    );
  });

  it('what stands there and is wanted is never a conflict; a third thing always is', () => {
    fc.assert(
      fc.property(value, value, value, (base, now, wanted) => {
        expect(standingOf(base, wanted, wanted)).toBe('already');
        fc.pre(!same(now, base) && !same(now, wanted));
        expect(standingOf(base, now, wanted)).toBe('changed');
      }),
    );
  });

  it('nothing is nothing, order of a list and of parts is none, 12.50 is 12.5', () => {
    expect(same(null, '')).toBe(true);
    expect(same([], null)).toBe(true);
    expect(same(['a', 'b'], ['b', 'a'])).toBe(true);
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(same('12.50', '12.5')).toBe(true);
    expect(same('1250', '12.50')).toBe(false);
    expect(same('a', 'b')).toBe(false);
  });
});

const rule = (more: Partial<DecideRule>): DecideRule => ({
  id: 'r',
  name: 'r',
  from: [],
  fields: [],
  action: 'accept',
  ...more,
});
const candidate: Candidate = {
  origins: ['customer'],
  object: 'customer',
  field: 'mobile',
  confidence: 0.95,
  empty: false,
  stale: true,
  meant: false,
};
const arbitraryRule = fc.record({
  id: fc.uuid(),
  name: fc.string(),
  off: fc.boolean(),
  from: fc.uniqueArray(fc.constantFrom(...ORIGINS)),
  object: fc.option(fc.constantFrom('customer', 'contact'), { nil: undefined }),
  fields: fc.uniqueArray(fc.constantFrom('mobile', 'email')),
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  only: fc.option(fc.constantFrom('empty' as const, 'stale' as const), { nil: undefined }),
  action: fc.constantFrom('accept' as const, 'meant' as const, 'reject' as const, 'hold' as const),
});
const arbitraryCandidate = fc.record({
  origins: fc.uniqueArray(fc.constantFrom(...ORIGINS), { minLength: 1 }),
  object: fc.constantFrom('customer', 'contact'),
  field: fc.constantFrom('mobile', 'email'),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  empty: fc.boolean(),
  stale: fc.boolean(),
  meant: fc.boolean(),
});

describe('rules that decide', () => {
  it('every condition counts', () => {
    const fits = (more: Partial<DecideRule>, one: Partial<Candidate> = {}) =>
      ruleFor([rule(more)], { ...candidate, ...one }, () => true) !== null;
    expect(fits({})).toBe(true);
    expect(fits({ off: true })).toBe(false);
    expect(fits({ from: ['odd'] })).toBe(false);
    expect(fits({ from: ['odd', 'customer'] })).toBe(true);
    expect(fits({ object: 'contact' })).toBe(false);
    expect(fits({ fields: ['email'] })).toBe(false);
    expect(fits({ confidence: 0.96 })).toBe(false);
    expect(fits({ only: 'empty' })).toBe(false);
    expect(fits({ only: 'stale' })).toBe(true);
    expect(fits({ action: 'meant' })).toBe(false);
    expect(fits({ action: 'meant' }, { meant: true })).toBe(true);
  });

  it('the first that fits counts: rules behind it, and those that fit nothing, change nothing', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRule, { maxLength: 6 }), arbitraryCandidate, arbitraryRule, (rules, one, extra) => {
        const found = ruleFor(rules, one, () => true);
        if (found) expect(ruleFor([...rules, extra], one, () => true)).toBe(found);
        expect(ruleFor([{ ...extra, off: true }, ...rules], one, () => true)).toBe(found);
        expect(ruleFor(rules, one, () => false)).toBe(found);
      }),
    );
  });

  it('a trial adds up: every field is accepted, rejected or left', () => {
    const verdict = fc.constantFrom('accepted' as const, 'rejected' as const, null);
    const action = fc.constantFrom('accept' as const, 'meant' as const, 'reject' as const, 'hold' as const, null);
    fc.assert(
      fc.property(fc.array(fc.tuple(action, verdict)), (fields) => {
        const total = fields.reduce((trial, [what, people]) => tried(trial, what, people), NO_TRIAL);
        expect(total.accept + total.reject + total.hold).toBe(fields.length);
        expect(total.acceptedAgainst).toBeLessThanOrEqual(total.accept);
        expect(total.rejectedAgainst).toBeLessThanOrEqual(total.reject);
        expect(total.undecided + total.acceptedAgainst + total.rejectedAgainst).toBeLessThanOrEqual(
          total.accept + total.reject,
        );
      }),
    );
  });
});

describe('rules that hold', () => {
  const holding = (more: Partial<HoldRule>): HoldRule => ({
    id: 'h',
    name: 'h',
    object: 'customer',
    fields: [],
    from: [],
    ...more,
  });
  const change = { object: 'customer', field: 'amount', before: '100', after: '450', trust: 0.97 };

  it('hold beyond so many times, both ways, and nothing within', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e9, noNaN: true }),
        fc.double({ min: 0.01, max: 1e9, noNaN: true }),
        fc.double({ min: 1.1, max: 1000, noNaN: true }),
        (before, after, times) => {
          const one = { ...change, before: String(before), after: String(after) };
          const held = holdBy([holding({ times })], one, () => true);
          const back = holdBy([holding({ times })], { ...one, before: one.after, after: one.before }, () => true);
          expect(held !== null).toBe(back !== null);
          expect(held !== null).toBe(Math.max(after / before, before / after) > times);
        },
      ),
    );
  });

  it('say why, and let pass what no condition is met of', () => {
    const by = (more: Partial<HoldRule>) => holdBy([holding(more)], change, () => true);
    expect(by({ times: 3 })).toEqual({ code: 'rule', rule: 'h', name: 'h', times: 4.5 });
    expect(by({ trustBelow: 0.98 })).toMatchObject({ trust: 0.97 });
    expect(by({ trustBelow: 0.97 })).toBeNull();
    expect(by({ fields: ['mobile'] })).toBeNull();
    expect(by({ object: 'contact' })).toBeNull();
    expect(holdBy([holding({ overwrites: true })], { ...change, before: null }, () => true)).toBeNull();
    expect(holdBy([holding({ filter: { all: [] } })], change, () => false)).toBeNull();
  });

  it('never hold what a customer says of himself: that has a setting of its own', () => {
    const rules = [holding({}), holding({ from: ['import'] }), holding({ by: 'member' }), holding({ off: true })];
    expect(rulesFor(rules, { origin: 'customer', admin: false })).toEqual([]);
    expect(rulesFor(rules, { origin: 'import', admin: true })).toHaveLength(2);
    expect(rulesFor(rules, { origin: 'colleague', admin: false })).toHaveLength(2);
  });
});

describe('confidence', () => {
  it('is the author’s word, less where an amount is odd, and the less the odder', () => {
    const own = [100_000, 102_000, 99_000, 101_000];
    const odd = judge(101_000 * 10_000, own, UNKNOWN);
    if (!odd) throw new Error('not odd');
    const trust = trustOf('page');
    expect(confidenceOf(trust)).toBe(trust);
    expect(confidenceOf(trust, odd)).toBeLessThan(0.5);
    expect(confidenceOf(trust, { ...odd, score: odd.score + 1 })).toBeLessThan(confidenceOf(trust, odd));
    expect(trustOf('import', 0.995)).toBe(0.995);
    expect(trustOf('page', 0, 0.5)).toBeCloseTo(0.485);
  });

  it('an odd change of a colleague is of both origins', () => {
    const held = { code: 'rule' as const, rule: 'x', name: 'x' };
    expect(originsOf('page')).toEqual(['colleague']);
    expect(originsOf('sync', [held])).toEqual(['outside', 'rule']);
  });
});
