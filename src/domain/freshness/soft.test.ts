import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDef } from '../schema/types.ts';
import { bayes } from './cell.ts';
import { evidenceKind } from './evidence.ts';
import { DAY_MS, YEAR_MS } from './hazard.ts';
import type { Finding } from './observe.ts';
import { compilePlan } from './plan.ts';
import { seededRandom } from './random.ts';
import { modeRate } from './rate.ts';
import { type SoftLine, settleWithSoft, shareOfFind, softFindingsOf } from './soft.ts';
import { addObservation, evidenceOfSums } from './sums.ts';
import type { CellTuple } from './tuple.ts';

const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe('the share of a find', () => {
  it('is all for what settles the value, nothing for what says nothing, and never outside', () => {
    expect(shareOfFind(0.7, 1)).toEqual({ outcome: 'r', share: 1 });
    expect(shareOfFind(0.7, 0)).toEqual({ outcome: 'c', share: 1 });
    expect(shareOfFind(0.7, 0.7)).toBeNull();
    fc.assert(
      fc.property(probability, probability, (before, after) => {
        const found = shareOfFind(before, after);
        if (before === after) return found === null;
        return found !== null && found.share > 0 && found.share <= 1 && (found.outcome === 'r') === after > before;
      }),
    );
  });

  it('pulls the rate with the slope of the likelihood, so that on average over what may be seen it stays', () => {
    fc.assert(
      fc.property(probability, probability, probability, (p, ifRight, ifWrong) => {
        const slope = (l1: number, l0: number) => {
          const found = shareOfFind(p, bayes(p, l1, l0));
          if (!found) return 0;
          return found.outcome === 'r' ? found.share / p : -found.share / (1 - p);
        };
        const seen = p * ifRight + (1 - p) * ifWrong;
        const mean = seen * slope(ifRight, ifWrong) + (1 - seen) * slope(1 - ifRight, 1 - ifWrong);
        expect(slope(ifRight, ifWrong)).toBeCloseTo((ifRight - ifWrong) / seen, 6);
        expect(mean).toBeCloseTo(0, 6);
      }),
    );
  });
});

const MOBILE = { id: 7, name: 'mobile', type: 'phone', tracked: true, label: { zh: '手机', en: 'Mobile' } } as FieldDef;
const NOW = Date.parse('2026-03-01T00:00:00Z');

describe('a rate learned from signals alone', () => {
  it('comes to the true one, whatever it was taken for first', () => {
    const random = seededRandom(11);
    const kinds = ['call-connected', 'call-unanswered', 'call-dead'].flatMap((kind) => evidenceKind(kind) ?? []);
    // What is left over is a call that tells nothing at all.
    const draw = (right: boolean) => {
      let left = random();
      for (const kind of kinds) {
        left -= (right ? kind.ifRight : kind.ifWrong) ?? 0;
        if (left < 0) return kind;
      }
      return undefined;
    };
    for (const [truth, guess] of [
      [0.8, 0.2],
      [0.15, 0.8],
    ] as const) {
      let rate: number = guess;
      // Rounds, as the product fits anew: each takes beliefs from the rate before.
      for (let round = 0; round < 12; round++) {
        const sums = { observations: 0, unchanged: 0, intervals: {} };
        const plan = compilePlan(1, [
          { id: 0, fields: [{ fieldId: 7, weight: 1, hazard: { rate, shape: 1 }, threshold: 0.9, minutes: 1 }] },
        ]);
        for (let i = 0; i < 4000; i++) {
          const age = 0.2 + random();
          const kind = draw(random() < Math.exp(-truth * age));
          if (!kind) continue;
          const settled = Math.floor((NOW - age * YEAR_MS) / 1000);
          const cell: CellTuple = [1, settled, 'phone', 'user:a', null];
          const found = softFindingsOf(plan, [MOBILE], {
            record: 'r',
            at: new Date(NOW),
            kind,
            fields: ['mobile'],
            cells: { 7: cell },
            baseAt: new Date(0),
            baseConfidence: 1,
            segment: 0,
            frailty: 1,
          });
          for (const one of found) addObservation(sums, one.age, one.outcome === 'c', one.share);
        }
        rate = modeRate(evidenceOfSums(sums));
      }
      expect(rate / truth).toBeGreaterThan(0.8);
      expect(rate / truth).toBeLessThan(1.25);
    }
  });

  it('takes nothing from events, echoes, or doubt on the day the value was settled', () => {
    const plan = compilePlan(1, [
      { id: 0, fields: [{ fieldId: 7, weight: 1, hazard: { rate: 0.3, shape: 1 }, threshold: 0.9, minutes: 1 }] },
    ]);
    const of = (kind: string, daysAgo: number) => {
      const row = evidenceKind(kind);
      if (!row) throw new Error(kind);
      const cell: CellTuple = [0.99, (NOW - daysAgo * DAY_MS) / 1000, 'phone', 'user:a', null];
      const base = { baseAt: new Date(0), baseConfidence: 0.76, segment: 0, frailty: 1 };
      const at = new Date(NOW);
      return softFindingsOf(plan, [MOBILE], {
        record: 'r',
        at,
        kind: row,
        fields: ['mobile'],
        cells: { 7: cell },
        ...base,
      });
    };
    expect(of('call-dead', 300)).toMatchObject([{ outcome: 'c', kind: 'call-dead' }]);
    expect(of('call-dead', 0.5)).toEqual([]);
    expect(of('after-call', 300)).toEqual([]);
    expect(of('sibling-changed', 300)).toEqual([]);
    expect(of('call-refused', 300)).toEqual([]);
  });
});

describe('a find after signals', () => {
  const at = (days: number): number => NOW - days * DAY_MS;
  const cell: CellTuple = [0.9, at(100) / 1000, 'phone', 'user:a', null, at(365.25) / 1000, 'call-connected'];
  const finding: Finding = {
    record: 'r',
    field: 7,
    at: NOW,
    age: 1,
    born: null,
    outcome: 'r',
    predicted: 0.8,
    how: 'v',
    actor: 'user:a',
  };
  const line = (days: number, more: Partial<SoftLine>): SoftLine => ({
    record: 'r',
    field: 7,
    at: at(days),
    age: 0.5,
    outcome: 'r',
    share: 0.8,
    kind: 'call-connected',
    weight: 1,
    ...more,
  });

  it('counts the time once: what signals told is taken off', () => {
    expect(settleWithSoft(finding, cell, [line(100, {})], 1)).toEqual({ age: expect.closeTo(0.6, 9), taken: [] });
    // What was undone, and what spoke before the value was settled, took nothing.
    expect(settleWithSoft(finding, cell, [line(100, { weight: 0 }), line(400, {})], 1).age).toBe(1);
  });

  it('takes doubt back once, and gives it back when the find is undone', () => {
    const doubt = line(100, { outcome: 'c', kind: 'call-dead' });
    expect(settleWithSoft(finding, cell, [doubt], 1)).toEqual({ age: 1, taken: [doubt] });
    const taken = { ...doubt, weight: 0 };
    expect(settleWithSoft(finding, cell, [taken], 1).taken).toEqual([]);
    expect(settleWithSoft(finding, cell, [taken], -1).taken).toEqual([taken]);
  });
});
