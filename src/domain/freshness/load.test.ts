import { describe, expect, it } from 'vitest';
import { memoryless } from './hazard.ts';
import { clusterMean, loadOf, restingInterval } from './load.ts';
import { compilePlan, type FieldPlan } from './plan.ts';
import { seededRandom } from './random.ts';

const rule = (fieldId: number, more: Partial<FieldPlan>): FieldPlan => ({
  fieldId,
  weight: 1,
  hazard: memoryless(0.2),
  minutes: 1,
  ...more,
});
const plan = (...fields: FieldPlan[]) => compilePlan(1, [{ id: 0, fields, contactMinutes: 2, contactSuccess: 0.5 }]);
const state = { baseAt: 0, baseConfidence: 1 };

describe('loadOf', () => {
  it('pays the contact once, and lets rarer fields join the next contact', () => {
    // Every 73 days and every 100: five contacts a year are asked, tried ten times, the second field joins every other.
    const load = loadOf([{ plan: plan(rule(1, { intervalDays: 73.05 }), rule(2, { intervalDays: 100 })), state }]);
    expect(load.contacts).toBeCloseTo(10, 6);
    expect(load.verifications).toBeCloseTo(7.5, 6);
    expect(load.minutes).toBeCloseTo(27.5, 6);
  });

  it('counts what has no rule as getting older, and empty fields not at all', () => {
    const two = plan(rule(1, { intervalDays: 36.525 }), rule(2, {}));
    expect(loadOf([{ plan: two, state }]).fresh).toBeLessThan(1);
    expect(loadOf([{ plan: two, state: { ...state, missing: [2] } }]).weight).toBe(1);
    expect(loadOf([{ plan: plan(rule(2, {})), state }])).toMatchObject({ minutes: 0, contacts: 0 });
  });

  it('thresholds give −ln(ρ/0.99)/λ', () => {
    expect(restingInterval({ hazard: memoryless(0.22), threshold: 0.9 })).toBeCloseTo(-Math.log(0.9 / 0.99) / 0.22, 9);
  });
});

describe('clusterMean', () => {
  it('has an interval that holds the truth in about 90 of 100 samples of clustered rows', () => {
    const random = seededRandom(11);
    let held = 0;
    const rounds = 1000;
    for (let round = 0; round < rounds; round++) {
      const clusters = Array.from({ length: 60 }, () => {
        const level = random();
        const count = 5 + Math.floor(random() * 20);
        let sum = 0;
        for (let i = 0; i < count; i++) sum += level + random() - 0.5;
        return { sum, count };
      });
      const { value, error } = clusterMean(clusters);
      if (Math.abs(value - 0.5) <= error) held += 1;
    }
    expect(held / rounds).toBeGreaterThan(0.86);
    expect(held / rounds).toBeLessThan(0.93);
  });
});
