import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../freshness/random.ts';
import type { Stage } from '../schema/stages.ts';
import { backTests, forecastOf, funnelOf, type Journey, journeyOf, type Replaced, weightedOf } from './index.ts';
import { valueAt } from './journey.ts';
import { medianStay } from './median-stay.ts';

const DAY = 86_400_000;
const label = { zh: '', en: '' };
const STAGES: Stage[] = [
  { value: 'lead', label, kind: 'open', probability: 0.1 },
  { value: 'talk', label, kind: 'open', probability: 0.5 },
  { value: 'won', label, kind: 'won', probability: 1 },
  { value: 'service', label, kind: 'won', probability: 1 },
  { value: 'lost', label, kind: 'lost', probability: 0 },
];

/** A deal from its steps: [stage, day]. */
const deal = (id: string, ...steps: [string, number][]): Journey => ({
  id,
  stages: steps.map(([value, day]) => ({ value, at: day * DAY })),
  amounts: [{ value: 100, at: (steps[0]?.[1] ?? 0) * DAY }],
});

describe('the way of a record', () => {
  test('comes back from what its changes replaced', () => {
    const value = fc.constantFrom('lead', 'talk', 'won', null);
    const changes = fc.array(fc.record({ stage: value, touch: fc.boolean(), amount: fc.integer({ min: 0, max: 5 }) }));
    fc.assert(
      fc.property(value, changes, (first, later) => {
        // Played forwards as the write door does it: each change notes what it replaced.
        let now: { stage: string | null; amount: number | null } = { stage: first, amount: 1 };
        const seen = [{ at: 0, ...now }];
        const replaced: Replaced[] = [];
        later.forEach(({ stage, touch, amount }, i) => {
          const at = i + 1;
          replaced.push({ at, ...(touch && { stage: now.stage }), ...(!touch && { amount: now.amount }) });
          now = touch ? { ...now, stage } : { ...now, amount };
          seen.push({ at, ...now });
        });
        const journey = journeyOf({ id: 'a', created: 0, ...now }, replaced);
        for (const { at, stage, amount } of seen) {
          expect(valueAt(journey.stages, at)?.value).toBe(stage);
          expect(valueAt(journey.amounts, at)?.value).toBe(amount);
        }
      }),
    );
  });
});

describe('the funnel', () => {
  const now = 100 * DAY;
  const found = funnelOf(
    [
      deal('won', ['lead', 1], ['talk', 11], ['won', 31], ['service', 40]),
      deal('jumped', ['lead', 2], ['won', 22]),
      deal('lost early', ['lead', 3], ['lost', 8]),
      deal('lost late', ['lead', 4], ['talk', 9], ['lost', 50]),
      deal('open', ['lead', 5], ['talk', 70]),
      deal('entered when over', ['won', 6]),
      deal('of another time', ['lead', 99], ['won', 99]),
    ],
    STAGES,
    { from: 0, to: 50 * DAY, now },
  );

  test('counts who came to a stage or beyond, and what is open as open', () => {
    expect(found).toMatchObject({
      deals: 5,
      cameFinished: 1,
      won: ['won', 'jumped'],
      lost: ['lost early', 'lost late'],
    });
    const [lead, talk] = found.steps;
    expect(lead?.reached).toHaveLength(5);
    expect(talk?.reached).toEqual(['won', 'jumped', 'lost late', 'open']);
    expect(talk?.here).toEqual(['open']);
    // Of four that left the first stage beyond it or for good.
    expect(lead?.onward).toMatchObject({ n: 5, value: 4 / 5 });
    expect(talk?.onward).toMatchObject({ n: 3, value: 2 / 3 });
    expect(found.winRate).toMatchObject({ n: 4, value: 0.5 });
    expect(found.winRate?.low).toBeGreaterThan(0.1);
  });

  test('does not take a stay that goes on for a short one', () => {
    // 10, 20, 5, 5, 65 days in the first stage.
    expect(found.steps[0]?.stay).toEqual({ days: 10, n: 5, ongoing: 0 });
    // 20 and 41 ended, 30 goes on: a half of all left after 41 at the earliest.
    expect(found.steps[1]?.stay).toEqual({ days: 41, n: 3, ongoing: 1 });
    expect(medianStay([{ days: 3, over: false }])).toEqual({ days: null, n: 1, ongoing: 1 });
  });

  test('counts no more at a stage than came there', () => {
    const stage = fc.constantFrom('lead', 'talk', 'won', 'lost');
    const ways = fc.array(fc.array(fc.tuple(stage, fc.integer({ min: 0, max: 90 })), { minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(ways, (all) => {
        const deals = all.map((steps, i) => deal(String(i), ...steps.sort((a, b) => a[1] - b[1])));
        const { steps, deals: n, won, lost } = funnelOf(deals, STAGES, { from: 0, to: now, now });
        expect(won.length + lost.length).toBeLessThanOrEqual(n);
        for (const [i, step] of steps.entries()) {
          expect(step.reached.length).toBeLessThanOrEqual(steps[i - 1]?.reached.length ?? n);
          // A deal that went back is here and has gone on before.
          expect(step.onward?.n ?? 0).toBeLessThanOrEqual(step.reached.length);
          expect(step.here.length).toBeLessThanOrEqual(step.reached.length);
        }
      }),
    );
  });
});

/** Deals that begin over two years, each with a fixed chance per stage. */
function firm(seed: number, deals: number, chance: number): Journey[] {
  const random = seededRandom(seed);
  return Array.from({ length: deals }, (_, i) => {
    const begun = random() * 730;
    const steps: [string, number][] = [['lead', begun]];
    const talk = begun + 5 + random() * 30;
    if (random() < chance) {
      steps.push(['talk', talk]);
      steps.push([random() < chance ? 'won' : 'lost', talk + 5 + random() * 40]);
    } else steps.push(['lost', talk]);
    const known = steps.filter(([, day]) => day <= 730);
    return { ...deal(String(i), ...known), amounts: [{ value: 50 + random() * 100, at: begun * DAY }] };
  }).filter((one) => one.stages.length > 0);
}

describe('the forecast', () => {
  const now = 730 * DAY;

  test('says what comes, about as often as its interval promises', () => {
    let [tests, hits] = [0, 0];
    for (let seed = 1; seed <= 12; seed++)
      for (const test of backTests(firm(seed, 600, 0.6), STAGES, { now, days: 60, most: 3 })) {
        tests += 1;
        hits += test.within ? 1 : 0;
        expect(test.forecast.low).toBeLessThanOrEqual(test.forecast.value);
        expect(test.forecast.high).toBeGreaterThanOrEqual(test.forecast.value);
      }
    expect(tests).toBe(36);
    // 80 % are promised; binomial noise of 36 draws allows 23 … 35.
    expect(hits).toBeGreaterThanOrEqual(23);
    expect(hits).toBeLessThanOrEqual(35);
  });

  test('knows nothing of the future it is tested on', () => {
    const past = firm(3, 400, 0.6);
    const [test] = backTests(past, STAGES, { now, days: 60, most: 1 });
    // Whatever happens after the day changes what came, not what was said.
    const other = past.map((one) => ({ ...one, stages: one.stages.filter((step) => step.at <= now - 60 * DAY) }));
    const [again] = backTests(
      other.filter((one) => one.stages.length > 0),
      STAGES,
      { now, days: 60, most: 1 },
    );
    expect(again?.forecast).toEqual(test?.forecast);
    expect(again?.came).toBe(0);
  });

  test('is silent where too few went before', () => {
    expect(forecastOf(firm(1, 15, 0.5), STAGES, { now, days: 60 })).toBeNull();
    expect(backTests(firm(1, 15, 0.5), STAGES, { now, days: 60 })).toEqual([]);
  });

  test('by the chances set: amount × chance, for what is expected in time', () => {
    const open = [
      { stage: 'lead', amount: 1000, expected: 5 },
      { stage: 'talk', amount: 1000, expected: 9 },
      { stage: 'talk', amount: 1000, expected: 11 },
      { stage: 'talk', amount: 1000, expected: null },
    ];
    expect(weightedOf(open, STAGES, 10)).toEqual({ value: 600, counted: 2, undated: 1 });
  });
});
