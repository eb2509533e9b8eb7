import { exponential, gamma, normal, type Random, seededRandom } from '../src/domain/freshness/random.ts';

/** A made history of cells, in days, to replay planners on. */
export interface World {
  name: string;
  from: number;
  to: number;
  cells: WorldCell[];
}

export interface WorldCell {
  entity: string;
  field: string;
  segment: string;
  born: number;
  died: number;
  /** Moments of change, ascending. */
  changes: number[];
  /** True rate of the cell's group, per year (what an oracle of groups knows). */
  rate: number;
}

export interface WorldOptions {
  seed: number;
  entities?: number;
  fields?: number;
  segments?: number;
  years?: number;
  /** Gamma shapes of the factors of records and cells; absent = all alike. */
  recordShape?: number;
  cellShape?: number;
  /** Share of all changes that come as events hitting several fields of one record. */
  together?: number;
  /** Share of all changes that come as waves over a field of a segment, and how much of it each hits. */
  waves?: number;
  waveReach?: number;
  /** Strength 0..1 of a yearly rhythm. */
  season?: number;
  /** Mean change rate per year, and log-sd between groups. */
  rate?: number;
  spread?: number;
  /** Rate at which records end and are replaced, per year. */
  turnover?: number;
}

const DAY = 1 / 365.25;

/** A world from its seed. */
export function makeWorld(name: string, options: WorldOptions): World {
  const { seed, entities = 700, fields = 8, segments = 3, years = 8 } = options;
  const { rate = 0.15, spread = 1.1, turnover = 0.08 } = options;
  const random = seededRandom(seed);
  const to = years / DAY;
  const rates = Array.from(
    { length: fields * segments },
    () => rate * Math.exp(spread * normal(random) - spread ** 2 / 2),
  );
  const waves = rates.map((r) => waveTimes(random, r, options, years));
  const cells: WorldCell[] = [];
  for (let e = 0; e < entities; e++) {
    let born = 0;
    for (let life = 0; born < to; life++) {
      const died = born + exponential(random) / turnover / DAY;
      addRecord(`e${e}.${life}`, born, Math.min(died, 10 * to));
      born = died;
    }
  }
  return { name, from: 0, to, cells };

  function addRecord(entity: string, born: number, died: number): void {
    const segment = Math.floor(random() * segments);
    const factor = options.recordShape ? gamma(random, options.recordShape) / options.recordShape : 1;
    const end = Math.min(died, to);
    const events = options.together ? poisson(random, born, end, eventRate(segment) * factor) : [];
    for (let f = 0; f < fields; f++) {
      const group = f * segments + segment;
      const groupRate = rates[group] ?? 0;
      const own = factor * (options.cellShape ? gamma(random, options.cellShape) / options.cellShape : 1);
      const alone = groupRate * own * (1 - (options.together ?? 0) - (options.waves ?? 0));
      const changes = poisson(random, born, end, alone * (1 + (options.season ?? 0))).filter(
        (t) => random() < seasonal(t),
      );
      for (const t of events)
        if (random() < Math.min(1, (groupRate * (options.together ?? 0)) / eventRate(segment))) changes.push(t);
      for (const t of waves[group] ?? []) {
        if (t > born && t < end && random() < (options.waveReach ?? 0.5) * Math.min(2, own)) changes.push(t);
      }
      changes.sort((a, b) => a - b);
      cells.push({ entity, field: `f${f}`, segment: `s${segment}`, born, died, changes, rate: groupRate });
    }
  }

  /** Common events are as frequent as it takes for the fastest field to have its share. */
  function eventRate(segment: number): number {
    let most = 0;
    for (let f = 0; f < fields; f++) most = Math.max(most, rates[f * segments + segment] ?? 0);
    return most * (options.together ?? 0) * 1.2;
  }

  function seasonal(t: number): number {
    const strength = options.season ?? 0;
    return (1 + strength * Math.sin(2 * Math.PI * t * DAY)) / (1 + strength);
  }
}

function poisson(random: Random, from: number, to: number, rate: number): number[] {
  const times: number[] = [];
  if (rate <= 0) return times;
  for (let t = from + exponential(random) / rate / DAY; t < to; t += exponential(random) / rate / DAY) times.push(t);
  return times;
}

function waveTimes(random: Random, rate: number, options: WorldOptions, years: number): number[] {
  if (!options.waves) return [];
  return poisson(random, 0, years / DAY, (rate * options.waves) / (options.waveReach ?? 0.5));
}

/** The kinds of worlds a planner must do well in. */
export const WORLDS: Readonly<Record<string, Omit<WorldOptions, 'seed'>>> = {
  poisson: {},
  frailty: { recordShape: 0.5, cellShape: 1.5 },
  'record-frailty': { recordShape: 0.3 },
  shocks: { together: 0.7 },
  waves: { waves: 0.6 },
  season: { season: 0.9 },
  mixed: { recordShape: 1, cellShape: 2, together: 0.3, waves: 0.3, season: 0.5 },
  slow: { rate: 0.01 },
  still: { rate: 1e-9 },
  fast: { rate: 1.2, spread: 0.8 },
  faster: { rate: 3, spread: 0.8 },
  'fast-frailty': { rate: 1.2, spread: 0.8, recordShape: 1, cellShape: 2 },
  'fast-waves': { rate: 1, spread: 0.8, waves: 0.5 },
  'slow-waves': { rate: 0.03, waves: 0.8, waveReach: 0.3 },
  uneven: { rate: 0.3, spread: 2 },
  'many-fields': { fields: 24, segments: 2, rate: 0.2, together: 0.3 },
  'many-segments': { fields: 4, segments: 15, rate: 0.3, waves: 0.4 },
  // Nothing to learn: round robin is the best plan, and the learned one should lose next to nothing.
  even: { rate: 1.2, spread: 0 },
  'even-slow': { spread: 0 },
};
