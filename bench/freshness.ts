/**
 * npm run bench:freshness [-- --small]: every figure of src/domain/freshness/README.md. Prints its seeds; the same seeds give the same figures.
 */
import {
  compilePlan,
  estimateRate,
  JEFFREYS,
  optimise,
  type RecordState,
  rateEvidence,
  recordFreshness,
} from '../src/domain/freshness/index.ts';
import { exponential, seededRandom } from '../src/domain/freshness/random.ts';
import { handbook, knowing, learned, replay, roundRobin } from './freshness-replay.ts';
import { makeWorld, WORLDS } from './freshness-worlds.ts';

const small = process.argv.includes('--small');
const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;

speedOfRecords();
speedOfOptimum();
coverage(small ? 200 : 1_000);
team(small ? 1_000 : 20_000);
worlds(small ? 150 : 500);

/** Pure planner: score, due time and contact value of records with 12 tracked fields. */
function speedOfRecords(): void {
  const fields = Array.from({ length: 12 }, (_, i) => ({
    fieldId: i + 1,
    weight: 1 + (i % 3),
    hazard: { rate: 0.1 + 0.05 * i, shape: 1 },
    threshold: 0.8,
    minutes: 0.5,
  }));
  const plan = compilePlan(1, [{ id: 0, fields }]);
  const states = Array.from({ length: 100_000 }, (_, i): RecordState => {
    const cells: RecordState['cells'] = {
      3: [0.99, 1.69e9, 'phone', 'user:1', null],
      5: [0.999, 1.68e9, 'customer', null, 1.6e9],
    };
    return {
      baseAt: 1.7e12 - i * 1e5,
      baseConfidence: 0.85,
      cells: i % 3 === 0 ? null : cells,
      missing: i % 2 === 0 ? null : [7, 9],
    };
  });
  const rates = [1, 2, 3].map(() => {
    const start = performance.now();
    for (const state of states) recordFreshness(plan, state, 1.75e12);
    return (states.length * fields.length) / (performance.now() - start) / 1_000;
  });
  console.log(`planner: ${Math.max(...rates).toFixed(1)} million cells a second (asked: 1)`);
}

function speedOfOptimum(): void {
  const groups = Array.from({ length: 10_000 }, (_, i) => ({
    count: 1 + (i % 100),
    weight: 1 + (i % 3),
    hazard: { rate: 0.02 * Math.exp((i % 97) / 12), shape: 1 },
    cost: 0.3 + (i % 7) * 0.3,
  }));
  const times = [1e4, 1e5, 1e6, 1e6, 1e5].map((budget) => {
    const start = performance.now();
    optimise(groups, budget);
    return performance.now() - start;
  });
  console.log(
    `optimum of 10,000 groups: ${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)} ms (asked: 100)`,
  );
}

/** Share of 90 % intervals that hold the true rate; each setting with its own seeds 1 … n. */
function coverage(simulations: number): void {
  const settings = [
    { rate: 0.25, n: 60 },
    { rate: 0.25, n: 300 },
    { rate: 0.5, n: 100 },
    { rate: 1, n: 20 },
    { rate: 2, n: 12 },
  ];
  for (const { rate, n } of settings) {
    let covered = 0;
    for (let seed = 1; seed <= simulations; seed++) {
      const random = seededRandom(seed);
      const seen = Array.from({ length: n }, () => {
        const interval = 0.1 + random();
        return { interval, changed: exponential(random) < rate * interval };
      });
      const { low, high } = estimateRate(rateEvidence(seen), JEFFREYS);
      if (low <= rate && rate <= high) covered++;
    }
    console.log(
      `interval: rate ${rate}, ${n} verifications: ${percent(covered / simulations)} of 90 % intervals hold it (${simulations} simulations)`,
    );
  }
}

/** A team of `customers` × 10 fields with hidden mixed rates, one year, 5 % of the cells a week. */
function team(customers: number): void {
  const seed = 20_260;
  const world = makeWorld('team', {
    seed,
    entities: customers,
    fields: 10,
    segments: 4,
    years: 2,
    rate: 0.3,
    recordShape: 1.5,
    cellShape: 2,
    turnover: 0.05,
  });
  const truth = world.cells.map(
    (cell) =>
      ((cell.changes.length + 0.5) / (Math.min(world.to, cell.died) - cell.born + 365 / cell.rate / 2)) * 365.25,
  );
  const rate = (i: number): number => world.cells[i]?.rate ?? 0;
  const result = {
    learned: replay(world, learned, 0.05, seed),
    'true rate of every group': replay(world, knowing(rate), 0.05, seed),
    'rate of every cell in hindsight': replay(
      world,
      knowing((i) => truth[i] ?? 0),
      0.05,
      seed,
    ),
    'handbook, same budget': replay(world, handbook, 0.05, seed),
    'round robin': replay(world, roundRobin, 0.05, seed),
  };
  console.log(`\nteam: ${customers} customers × 10 fields, 5 % of the cells a week, second of two years, seed ${seed}`);
  for (const [name, one] of Object.entries(result)) console.log(`  ${name.padEnd(32)} ${percent(one.freshness)}`);
  const best = result['true rate of every group'].freshness;
  console.log(`  learned / true-rate plan: ${percent(result.learned.freshness / best)} (asked: 98 %)`);
}

function worlds(entities: number): void {
  console.log('\nworld            seed  budget  round robin  group oracle  learned  AUC    predicted/found');
  for (const [name, options] of Object.entries(WORLDS)) {
    for (const [seed, budget] of [
      [1, 0.005],
      [2, 0.02],
      ...(small
        ? []
        : ([
            [3, 0.0025],
            [4, 0.05],
          ] as const)),
    ] as const) {
      const world = makeWorld(name, { ...options, seed, entities });
      const plan = replay(world, learned, budget);
      const rr = replay(world, roundRobin, budget);
      const oracle = replay(
        world,
        knowing((i) => world.cells[i]?.rate ?? 0),
        budget,
      );
      const row = [percent(budget), percent(rr.freshness), percent(oracle.freshness), percent(plan.freshness)];
      console.log(
        name.padEnd(16),
        String(seed).padEnd(5),
        ...row.map((x) => x.padStart(9)),
        plan.auc?.toFixed(3) ?? '  –  ',
        plan.ratio?.toFixed(2) ?? '–',
      );
    }
  }
}
