import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDef } from '../schema/types.ts';
import { DAY_MS, YEAR_MS } from './hazard.ts';
import { findingsOf, type Replaced } from './observe.ts';
import { defaultPlan } from './plan.ts';
import { seededRandom } from './random.ts';
import { estimateRate, priorAround, rateEvidence } from './rate.ts';
import { scoreSplit } from './split.ts';
import { addObservation, evidenceOfSums, type RateSums } from './sums.ts';

const field = (id: number, name: string): FieldDef => ({
  id,
  object: 'customer',
  name,
  label: { zh: name, en: name },
  type: 'phone',
  tracked: true,
  priority: 'high',
  position: id,
});
const FIELDS = [field(7, 'phone'), field(8, 'fax')];
const PLAN = defaultPlan(FIELDS, 1);
const T0 = Date.parse('2024-02-29T08:00:00Z');

const change = (before: Record<string, unknown>, at: number, more: Partial<Replaced> = {}): Replaced => ({
  record: 'r',
  at: new Date(at),
  actor: 'user:1',
  source: 'page',
  before,
  baseAt: new Date(T0),
  baseConfidence: 0.97,
  segment: 0,
  missing: [],
  ...more,
});
const verifiedAt = (ms: number) => [0.99, ms / 1000, 'phone', 'user:1', null];

describe('findingsOf', () => {
  it('tells right, changed and gone; a value verified and changed is one observation', () => {
    const at = T0 + YEAR_MS;
    const $c = { 7: verifiedAt(T0 + YEAR_MS / 2), 8: null };
    const one = (before: Record<string, unknown>, more?: Partial<Replaced>) =>
      findingsOf(PLAN, FIELDS, change({ $c, ...before }, at, more)).map(({ field: id, outcome, age }) => [
        id,
        outcome,
        age,
      ]);
    expect(one({ $v: ['phone', 'fax'] })).toEqual([
      [7, 'r', 0.5],
      [8, 'r', 1],
    ]);
    expect(one({ $v: ['phone'], phone: '1' })).toEqual([[7, 'c', 0.5]]);
    expect(one({ phone: '1' }, { missing: [7] })).toEqual([[7, 'g', 0.5]]);
  });

  it('a filled blank, a slip of the pen, mere evidence and a clock that went back are none', () => {
    const $c = { 7: verifiedAt(T0) };
    expect(findingsOf(PLAN, FIELDS, change({ $c, phone: null }, T0 + YEAR_MS))).toEqual([]);
    expect(findingsOf(PLAN, FIELDS, change({ $c, phone: '1' }, T0 + DAY_MS / 2))).toEqual([]);
    expect(findingsOf(PLAN, FIELDS, change({ $c, $e: ['call-dead', ['phone']] }, T0 + YEAR_MS))).toEqual([]);
    expect(findingsOf(PLAN, FIELDS, change({ $c, $v: ['phone'] }, T0 - DAY_MS))).toEqual([]);
  });

  it('what a file brought is about a year older than the import; signals do not shorten an interval', () => {
    const [first] = findingsOf(
      PLAN,
      FIELDS,
      change({ $c: { 7: null }, $v: ['phone'] }, T0 + YEAR_MS, { baseConfidence: 0.76 }),
    );
    // ln(.97/.76)/.2485 = 0.98 years.
    expect(first?.age).toBeCloseTo(1.982, 2);
    const cell = [0.98, (T0 + 0.9 * YEAR_MS) / 1000, 'phone', 'user:1', null, T0 / 1000, 'call-connected'];
    const [signalled] = findingsOf(PLAN, FIELDS, change({ $c: { 7: cell }, $v: ['phone'] }, T0 + YEAR_MS));
    expect(signalled?.age).toBe(1);
    expect(signalled?.predicted).toBeGreaterThan(0.95);
  });

  it('counts elapsed time, whatever the wall clock did: leap day, daylight change', () => {
    // 29 Feb → 1 Mar is a day; New York's 23-hour day of 2024-03-10 is 23 hours.
    const days = (from: string, to: string) =>
      (findingsOf(PLAN, FIELDS, change({ $c: { 7: verifiedAt(Date.parse(from)) }, $v: ['phone'] }, Date.parse(to)))[0]
        ?.age ?? 0) * 365.25;
    expect(days('2024-02-29T00:00:00+08:00', '2024-03-01T00:00:00+08:00')).toBeCloseTo(1, 9);
    expect(days('2024-03-10T00:00:00-05:00', '2024-03-11T00:00:00-04:00')).toBeCloseTo(23 / 24, 9);
  });
});

describe('sums', () => {
  it('estimate as the observations themselves do, to a percent, and forget what is undone', () => {
    const observation = fc.record({ interval: fc.double({ min: 0.01, max: 8, noNaN: true }), changed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 5, maxLength: 60 }), fc.array(observation), (kept, undone) => {
        const sums: RateSums = { observations: 0, unchanged: 0, intervals: {} };
        for (const { interval, changed } of [...undone, ...kept]) addObservation(sums, interval, changed);
        for (const { interval, changed } of undone) addObservation(sums, interval, changed, -1);
        const prior = priorAround(0.25, 2);
        const [a, b] = [estimateRate(evidenceOfSums(sums), prior), estimateRate(rateEvidence(kept), prior)];
        expect(a.observations).toBe(b.observations);
        expect(Math.abs(Math.log(a.mean / b.mean))).toBeLessThan(0.01);
      }),
      { numRuns: 50 },
    );
  });
});

describe('scoreSplit', () => {
  const random = seededRandom(7);
  const seen = (rate: number, n: number) =>
    rateEvidence(
      Array.from({ length: n }, () => {
        const interval = 0.2 + random();
        return { interval, changed: random() < 1 - Math.exp(-rate * interval) };
      }),
    );

  it('finds a split that matters and passes one that does not', () => {
    const prior = priorAround(0.25, 2);
    const real = scoreSplit([seen(0.1, 200), seen(0.8, 200)], prior);
    expect(real.gain).toBeGreaterThan(10);
    expect(real.rates[1]).toBeGreaterThan(2 * (real.rates[0] ?? 0));
    expect(scoreSplit([seen(0.3, 200), seen(0.3, 200)], prior).gain).toBeLessThan(1);
  });
});
