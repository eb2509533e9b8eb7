import { calibrate, createPlanner, DAY_MS, type Prediction, YEAR_MS } from '../src/domain/freshness/index.ts';
import { seededRandom } from '../src/domain/freshness/random.ts';
import type { World } from './freshness-worlds.ts';

/** Chooses cells (by index in the world) to verify; told what was found. Days. */
export interface Policy {
  born(cell: number, at: number): void;
  died(cell: number, at: number): void;
  choose(at: number, count: number): number[];
  found(cell: number, at: number, changed: boolean): void;
  /** P(out of date). */
  stale?(cell: number, at: number): number;
}

export interface Replay {
  /** Share of time × cells with the stored value right. */
  freshness: number;
  verified: number;
  /** Calibration over a random sample of living cells each week. */
  auc: number | null;
  ratio: number | null;
}

/**
 * Replays a world week by week: births, deaths and changes happen, the policy verifies `share` of the living cells. Freshness is exact between
 * events, scored after `warmup` days. The seed picks the audited cells.
 */
export function replay(world: World, make: (world: World) => Policy, share: number, seed = 1, warmup = 365): Replay {
  const policy = make(world);
  const random = seededRandom(seed);
  const { cells } = world;
  const truth = new Uint32Array(cells.length);
  const stored = new Uint32Array(cells.length);
  const events = history(world);
  const living = new Set<number>();
  const audited: Prediction[] = [];
  let [fresh, last, area, freshArea, carry, verified, next] = [0, world.from, 0, 0, 0, 0, 0];
  const settle = (time: number): void => {
    const length = Math.max(0, time - Math.max(last, world.from + warmup));
    area += length * living.size;
    freshArea += length * fresh;
    last = time;
  };
  for (let now = world.from; now < world.to; now += 7) {
    for (let event = events[next]; event !== undefined && event.at <= now; event = events[++next]) {
      const { cell, kind, at } = event;
      settle(at);
      const right = stored[cell] === truth[cell];
      if (kind === 'birth') {
        living.add(cell);
        fresh++;
        policy.born(cell, now);
      } else if (kind === 'death') {
        living.delete(cell);
        if (right) fresh--;
        policy.died(cell, now);
      } else {
        truth[cell] = (truth[cell] ?? 0) + 1;
        if (right) fresh--;
      }
    }
    carry += share * living.size;
    const count = Math.floor(carry);
    carry -= count;
    const chosen = policy.choose(now, count);
    if (policy.stale && now >= world.from + warmup) {
      const all = [...living];
      for (let i = 0; i < 100 && all.length > 0; i++) {
        const cell = all[Math.floor(random() * all.length)] ?? 0;
        audited.push({ stale: policy.stale(cell, now), found: stored[cell] !== truth[cell] });
      }
    }
    settle(now);
    for (const cell of chosen) {
      const changed = stored[cell] !== truth[cell];
      if (changed) fresh++;
      stored[cell] = truth[cell] ?? 0;
      policy.found(cell, now, changed);
    }
    verified += chosen.length;
  }
  settle(world.to);
  const { auc, ratio } = calibrate(audited);
  return { freshness: freshArea / area, verified, auc, ratio };
}

function history(world: World): { at: number; cell: number; kind: 'birth' | 'change' | 'death' }[] {
  const order = { birth: 0, change: 1, death: 2 };
  const events = world.cells.flatMap((cell, i) => [
    { at: cell.born, cell: i, kind: 'birth' as const },
    ...cell.changes
      .filter((at) => at < cell.died && at < world.to)
      .map((at) => ({ at, cell: i, kind: 'change' as const })),
    ...(cell.died < world.to ? [{ at: cell.died, cell: i, kind: 'death' as const }] : []),
  ]);
  return events.sort((a, b) => a.at - b.at || order[a.kind] - order[b.kind]);
}

/** The learning planner of the product. */
export function learned(world: World): Policy {
  const planner = createPlanner();
  const event = (cell: number, at: number, outcome: 'new' | 'right' | 'changed' | 'gone'): void => {
    const { entity, field, segment } = world.cells[cell] ?? { entity: '', field: '', segment: '' };
    planner.observe({ cell, entity, field, segment, at: at * DAY_MS, outcome });
  };
  return {
    born: (cell, at) => event(cell, at, 'new'),
    died: (cell, at) => event(cell, at, 'gone'),
    choose: (at, count) => planner.plan(at * DAY_MS, count).map((one) => Number(one.cell)),
    found: (cell, at, changed) => event(cell, at, changed ? 'changed' : 'right'),
    stale: (cell, at) => planner.predict(cell, at * DAY_MS),
  };
}

/** Sorts the living by a score of (cell, days since last verified) and takes the highest; `-Infinity` = not due. */
export function byScore(score: (cell: number, age: number) => number): (world: World) => Policy {
  return () => {
    const verified = new Map<number, number>();
    return {
      born: (cell, at) => verified.set(cell, at),
      died: (cell) => verified.delete(cell),
      choose(at, count) {
        const scored = [...verified].map(([cell, last]) => ({ cell, score: score(cell, at - last) }));
        const due = scored.filter((one) => one.score > Number.NEGATIVE_INFINITY);
        return due
          .sort((a, b) => b.score - a.score)
          .slice(0, count)
          .map((one) => one.cell);
      },
      found: (cell, at) => verified.set(cell, at),
    };
  };
}

/** Longest unverified first; ties (a whole base imported on one day) in scattered order. */
export const roundRobin = byScore((cell, age) => age + ((cell * 2654435761) % 1024) * 1e-7);

/** The index of freshness-model §3 with rates (per year) that a real planner could not know. */
export function knowing(rate: (cell: number) => number): (world: World) => Policy {
  return byScore((cell, age) => {
    const r = rate(cell);
    const x = (r * age * DAY_MS) / YEAR_MS;
    if (r <= 0) return 0;
    return x < 1e-3 ? (x * x) / (2 * r) : (1 - (1 + x) * Math.exp(-x)) / r;
  });
}

/** Fixed periods by priority (30, 91, 182 days for the thirds of the fields), what is due, important first. */
export function handbook(world: World): Policy {
  const fields = [...new Set(world.cells.map((cell) => cell.field))].sort();
  const tier = world.cells.map((cell) => Math.floor((3 * fields.indexOf(cell.field)) / fields.length));
  return byScore((cell, age) => {
    const k = tier[cell] ?? 2;
    return age >= ([30, 91, 182][k] ?? 182) ? 1e6 * (3 - k) + age : Number.NEGATIVE_INFINITY;
  })(world);
}
