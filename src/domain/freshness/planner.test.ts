import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibration.ts';
import { EVERY_CAUSE, FIELD, Population } from './causes.ts';
import { DAY_MS, indexAtAge } from './hazard.ts';
import { Learner } from './learner.ts';
import { FIRST_LIKENESS, refreshLevels } from './levels.ts';
import { cellKey, createPlanner, type Planner, verificationValue } from './planner.ts';
import { exponential, seededRandom } from './random.ts';
import { Recalibration } from './recalibration.ts';
import { Season } from './season.ts';
import { ShockProcess } from './shock.ts';

describe('index with an end', () => {
  it('is the index of the model when cells never end', () => {
    for (const [rate, age] of [
      [0.2, 1],
      [3, 0.1],
      [0.01, 20],
    ] as const) {
      expect(verificationValue(rate * age, rate, 1e-9)).toBeCloseTo(indexAtAge({ rate, shape: 1 }, 1, age), 6);
    }
  });

  it('rises with staleness and is bounded by the time that is left', () => {
    const positive = fc.double({ min: 1e-6, max: 20, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, positive, (hazard, more, rate, end) => {
        const value = verificationValue(hazard, rate, end);
        expect(verificationValue(hazard + more, rate, end)).toBeGreaterThanOrEqual(value * (1 - 1e-9) - 1e-12);
        expect(value).toBeLessThanOrEqual(1 / end + 1e-12);
      }),
    );
  });

  it('orders two cells as the best schedule of the next steps does', () => {
    // Two cells, one check every step, brute force over all schedules of 10 steps against always taking the higher index.
    const rates = [0.8, 0.25];
    const steps = 10;
    const total = (choose: (ages: number[], step: number) => number): number => {
      const ages = [1, 1];
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        ages[choose(ages, step)] = 0;
        for (const [i, rate] of rates.entries()) {
          const age = ages[i] ?? 0;
          sum += (Math.exp(-rate * age) - Math.exp(-rate * (age + 1))) / rate;
          ages[i] = age + 1;
        }
      }
      return sum;
    };
    let best = 0;
    for (let mask = 0; mask < 1 << steps; mask++)
      best = Math.max(
        best,
        total((_, step) => (mask >> step) & 1),
      );
    const value = (age: number, i: number) => indexAtAge({ rate: rates[i] ?? 0, shape: 1 }, 1, age);
    expect(total((ages) => (value(ages[0] ?? 0, 0) > value(ages[1] ?? 0, 1) ? 0 : 1)) / best).toBeGreaterThan(0.99);
  });
});

describe('common shock', () => {
  const fresh = (): ShockProcess => {
    const process = new ShockProcess(0, 0.1);
    for (let week = 1; week <= 52; week++) process.extend(week / 52);
    return process;
  };

  it('starts as its prior says', () => {
    expect(fresh().hazard(0.3, 0, 1)).toBeCloseTo(0.1 * Math.log(1 + 0.3 / 0.1), 12);
    expect(fresh().hazard(0.3, 0.25, 2)).toBeCloseTo(1.75 * 0.1 * Math.log(1 + 0.3 / 0.1), 12);
    expect(fresh().mean(0, 1)).toBeCloseTo(1, 12);
  });

  it('rises for siblings when one is found changed and falls when one is found unchanged', () => {
    const before = fresh().hazard(0.3, 0, 1);
    const [up, down] = [fresh(), fresh()];
    up.learn(0.3, 0, 1, true, before);
    down.learn(0.3, 0, 1, false, before);
    expect(up.hazard(0.3, 0, 1)).toBeGreaterThan(2 * before);
    expect(down.hazard(0.3, 0, 1)).toBeLessThan(before);
  });

  it('places a burst in time: after it, cells checked since are safe and the others are not', () => {
    const process = fresh();
    for (let i = 0; i < 40; i++)
      process.learn(0.3, 20 / 52, 22 / 52, i % 2 === 0, process.hazard(0.3, 20 / 52, 22 / 52));
    expect(1 - Math.exp(-process.hazard(0.3, 10 / 52, 22 / 52))).toBeGreaterThan(0.35);
    expect(1 - Math.exp(-process.hazard(0.3, 22 / 52, 50 / 52))).toBeLessThan(0.15);
  });

  it('keeps its meaning when old bins are dropped or joined', () => {
    const process = fresh();
    process.learn(0.3, 30 / 52, 40 / 52, true, process.hazard(0.3, 30 / 52, 40 / 52));
    const whole = process.mean(20 / 52, 1);
    const grid = Array.from({ length: 53 }, (_, i) => i / 52).filter((_, i) => i % 4 === 0);
    process.coarsen(grid);
    expect(process.mean(20 / 52, 1)).toBeCloseTo(whole, 9);
    process.drop(20 / 52);
    expect(process.mean(20 / 52, 1)).toBeCloseTo(whole, 9);
    expect(process.start).toBeCloseTo(20 / 52, 12);
  });

  it('sums tails for a grid as hazards from each edge', () => {
    const process = fresh();
    process.learn(0.3, 0.3, 0.7, true, process.hazard(0.3, 0.3, 0.7));
    const grid = [-1, ...Array.from({ length: 53 }, (_, i) => i / 52)];
    const out = new Float64Array(grid.length);
    process.addTail(0.2, grid, out, 0.2);
    for (const j of [0, 1, 20, 52]) expect(out[j] ?? 0).toBeCloseTo(process.hazard(0.2, grid[j] ?? 0, 1), 9);
  });
});

describe('season', () => {
  it('learns the busy months and leaves a year a year long', () => {
    const season = new Season();
    for (let year = 0; year < 20; year++) {
      season.watch(30, year, year + 1);
      for (let i = 0; i < 30; i++) season.happened(year + (i < 20 ? 0.04 : 0.1 + i / 40), 1);
    }
    season.learn([season], 10);
    expect(season.length(5, 5 + 1 / 12)).toBeGreaterThan(0.4);
    expect(season.length(5.2, 6.2)).toBeCloseTo(1, 9);
  });
});

describe('recalibration', () => {
  it('undoes a wrong scale and a wrong slope', () => {
    const random = seededRandom(4);
    const recalibration = new Recalibration();
    for (let i = 0; i < 20_000; i++) {
      const x = 0.02 * Math.exp(3 * random());
      recalibration.record(2 * x ** 0.9, exponential(random) < x);
    }
    recalibration.fit();
    for (const x of [0.03, 0.1, 0.3]) expect(recalibration.apply(2 * x ** 0.9) / x).toBeCloseTo(1, 0);
    expect(new Recalibration().apply(0.2)).toBeCloseTo(0.2, 12);
  });

  it('follows predictions that have become right', () => {
    const random = seededRandom(5);
    const recalibration = new Recalibration();
    const year = (scale: number): void => {
      for (let i = 0; i < 5_000; i++) {
        const x = 0.02 * Math.exp(3 * random());
        recalibration.record(scale * x, exponential(random) < x);
      }
      recalibration.fade(0.5);
    };
    year(4);
    recalibration.fit();
    expect(recalibration.apply(0.4)).toBeLessThan(0.2);
    for (let i = 0; i < 6; i++) year(1);
    recalibration.fit();
    expect(recalibration.apply(0.4)).toBeGreaterThan(0.35);
  });
});

describe('back-test', () => {
  it('scores right, random and reversed predictions', () => {
    const found = Array.from({ length: 1_000 }, (_, i) => ({ stale: i / 1_000, found: (i * 7919) % 1_000 < i }));
    const good = calibrate(found);
    expect(good.auc ?? 0).toBeGreaterThan(0.75);
    expect(good.ratio ?? 0).toBeCloseTo(1, 1);
    expect(good.brier).toBeLessThan(good.brierConstant);
    expect(good.points).toHaveLength(10);
    expect(calibrate(found.map((one) => ({ ...one, stale: 1 - one.stale }))).auc).toBeCloseTo(1 - (good.auc ?? 0), 9);
    expect(calibrate(found.map((one) => ({ ...one, stale: 0.5 }))).auc).toBe(0.5);
    expect(calibrate([])).toMatchObject({ auc: null, ratio: null });
  });
});

const day = (n: number): number => Date.UTC(2024, 0, 1) + n * DAY_MS;

/** 60 customers × 3 fields, everything verified once a month for a year, `phone` often changed, the rest never. */
function trained(): Planner {
  const planner = createPlanner();
  const random = seededRandom(2);
  const customers = Array.from({ length: 60 }, (_, i) => `c${i}`);
  for (const entity of customers) {
    for (const field of ['phone', 'mail', 'name'])
      planner.observe({ entity, field, segment: 's', at: day(0), outcome: 'new' });
  }
  for (let month = 1; month <= 12; month++) {
    for (const entity of customers) {
      const moved = random() < 0.08;
      planner.observe({
        entity,
        field: 'phone',
        segment: 's',
        at: day(30 * month),
        outcome: moved ? 'changed' : 'right',
      });
      planner.observe({
        entity,
        field: 'mail',
        segment: 's',
        at: day(30 * month),
        outcome: moved ? 'changed' : 'right',
      });
      planner.observe({ entity, field: 'name', segment: 's', at: day(30 * month), outcome: 'right' });
    }
  }
  return planner;
}

describe('rates', () => {
  /** 200 customers, one field, each verified twice a year in turn; `hit(week, random)` is the share of them that changes that week. */
  const rateAfter = (years: number, hit: (week: number, random: () => number) => number): number => {
    const learner = new Learner(0.15, EVERY_CAUSE);
    const random = seededRandom(6);
    const changed = new Set<number>();
    for (let i = 0; i < 200; i++) learner.add(i, `c${i}`, 'post', 's', 0, 1);
    for (let week = 1; week <= 52 * years; week++) {
      const share = hit(week, random);
      for (let i = 0; i < 200; i++) if (random() < share) changed.add(i);
      for (let i = week % 26; i < 200; i += 26) {
        const cell = learner.population.cells.get(i);
        if (cell) learner.verify(cell, week / 52, changed.delete(i));
      }
    }
    const cells = [...learner.population.cells.values()];
    return cells.reduce((sum, cell) => sum + learner.futureRate(cell), 0) / cells.length;
  };

  it('are changes per year, whether these come evenly or in waves', () => {
    const even = rateAfter(8, () => 0.3 / 52);
    expect(even).toBeGreaterThan(0.2);
    expect(even).toBeLessThan(0.45);
    // Every other year a wave that changes 60 %: 0.3 a year too.
    const waves = rateAfter(8, (week) => (week % 104 === 30 ? 0.6 : 0));
    expect(waves).toBeGreaterThan(0.2);
    expect(waves).toBeLessThan(0.45);
  });

  it('take a wave for one observation, however many cells it changed', () => {
    const rateOf = (years: number): number => {
      const population = new Population(0.15, EVERY_CAUSE);
      const { group } = population.add('a', 'r', 'post', 's', 0, 0);
      group.field.shock.extend(years);
      group.field.found[FIELD] = 500;
      group.field.watched[FIELD] = 1000;
      refreshLevels(population, 0.15, FIRST_LIKENESS, 0);
      return group.field.rate[FIELD] ?? 0;
    };
    expect(rateOf(0.5)).toBeLessThan(0.2);
    expect(rateOf(20)).toBeGreaterThan(0.4);
  });

  it('fade: what changed years ago says less about today', () => {
    const calmed = rateAfter(14, (week) => (week < 52 * 3 ? 0.5 / 52 : 0));
    // 0.5 a year for 3 of 14 years: 0.107 a year if all years counted alike.
    expect(calmed).toBeLessThan(0.06);
  });
});

describe('planner', () => {
  it('prefers what changes, and its belief in staleness grows with time', () => {
    const planner = trained();
    const plan = planner.plan(day(450), 60);
    expect(plan).toHaveLength(60);
    // What never changed comes in by the draw only, and seldom.
    expect(plan.filter((one) => one.field === 'name').length).toBeLessThanOrEqual(4);
    const at = (n: number) => planner.predict(cellKey('c1', 'phone'), day(n));
    expect(at(400)).toBeLessThan(at(450));
    expect(at(450)).toBeLessThan(at(600));
    expect(planner.predict(cellKey('c1', 'name'), day(450))).toBeLessThan(at(450) / 4);
    expect(planner.predict('nobody', day(450))).toBe(0);
  });

  it('draws a share at random, the same for the same events, and none without a share', () => {
    const chosen = (explore: number): unknown[] => {
      const planner = createPlanner({ explore });
      for (let i = 0; i < 400; i++)
        planner.observe({ entity: `c${i}`, field: i % 2 ? 'a' : 'b', segment: 's', at: day(i % 7), outcome: 'new' });
      planner.plan(day(300), 40);
      return planner.plan(day(400), 40).map((one) => one.cell);
    };
    expect(chosen(0.3)).toEqual(chosen(0.3));
    const [index, both] = [new Set(chosen(0)), chosen(0.3)];
    expect(new Set(both).size).toBe(40);
    // Most by the index; some of those drawn out of 400 are not among the ones that it would have taken.
    expect(both.filter((cell) => index.has(cell)).length).toBeGreaterThanOrEqual(28);
    expect(both.filter((cell) => index.has(cell)).length).toBeLessThan(38);
  });

  it('suspects the siblings of a changed field, and trusts those of an unchanged one', () => {
    const mailAfter = (outcome?: 'changed' | 'right'): number => {
      const planner = trained();
      planner.plan(day(375), 0);
      if (outcome) planner.observe({ entity: 'c1', field: 'phone', segment: 's', at: day(375), outcome });
      return planner.predict(cellKey('c1', 'mail'), day(375));
    };
    expect(mailAfter('changed')).toBeGreaterThan(1.5 * mailAfter());
    expect(mailAfter('right')).toBeLessThan(mailAfter());
  });

  it('moves with passive evidence and forgets it at the next verification', () => {
    const planner = trained();
    const stale = () => planner.predict(cellKey('c3', 'mail'), day(450));
    const before = stale();
    planner.evidence({ entity: 'c3', field: 'mail', at: day(450), kind: 'mail-bounced' });
    expect(stale()).toBeGreaterThan(0.8);
    expect(planner.plan(day(450), 1)[0]).toMatchObject({ entity: 'c3', field: 'mail' });
    planner.evidence({ entity: 'c3', field: 'mail', at: day(450), ifRight: 0.9, ifWrong: 0.001 });
    expect(stale()).toBeLessThan(before);
    planner.observe({ entity: 'c3', field: 'mail', segment: 's', at: day(450), outcome: 'right' });
    expect(stale()).toBeLessThan(1e-9);
  });

  it('starts from the belief on arrival, follows weights and costs, and forgets what is gone', () => {
    const planner = createPlanner({
      weight: (field) => (field === 'a' ? 5 : 1),
      cost: (field) => (field === 'c' ? 10 : 1),
    });
    for (const field of ['a', 'b', 'c'])
      planner.observe({ entity: 'e', field, segment: 's', at: day(0), outcome: 'new', confidence: 0.8 });
    expect(planner.predict(cellKey('e', 'a'), day(0))).toBeCloseTo(0.2, 9);
    expect(planner.plan(day(100), 2).map((one) => one.field)).toEqual(['a', 'b']);
    expect(planner.planRecords(day(100), 5)).toHaveLength(1);
    for (const field of ['a', 'b', 'c'])
      planner.observe({ entity: 'e', field, segment: 's', at: day(101), outcome: 'gone' });
    expect(planner.plan(day(102), 9)).toEqual([]);
    expect(planner.planRecords(day(102), 9)).toEqual([]);
  });

  it('reports its held-out score', () => {
    expect(createPlanner().score()).toEqual({ verifications: 0, meanLogLikelihood: 0 });
    const { verifications, meanLogLikelihood } = trained().score();
    expect(verifications).toBe(60 * 3 * 12);
    expect(meanLogLikelihood).toBeLessThan(0);
    // Better than saying the share changed (2 of 3 fields × 8 %) for every cell.
    const share = (2 * 0.08) / 3;
    expect(meanLogLikelihood).toBeGreaterThan(share * Math.log(share) + (1 - share) * Math.log(1 - share));
  });
});
