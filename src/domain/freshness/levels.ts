import { CAUSES, type FieldModel, type Population, type RecordModel } from './causes.ts';
import { logGamma } from './special.ts';

/**
 * How alike the members of each level are: Gamma shapes of record and cell factors around 1. Large = alike. With group mean m and shape s, after c
 * changes in exposure T the rate is (s + c)/(s/m + T) (freshness-model §2a).
 */
export interface Likeness {
  record: number;
  cell: number;
}

/** Before data: as if a group had seen this many changes that agree with its field. */
const GROUP_SHAPE = 4;
const FIELD_SHAPE = 1;

/** Factors of a record and its cells from what was found, each given the other (two rounds settle it). */
export function solveRecord(record: RecordModel, likeness: Likeness, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    let expected = 0;
    for (const cell of record.cells) expected += cell.group.factor * cell.own * cell.expected;
    record.factor = (likeness.record + record.changes) / (likeness.record + expected);
    for (const cell of record.cells) {
      cell.own = (likeness.cell + cell.changes) / (likeness.cell + cell.group.factor * record.factor * cell.expected);
    }
  }
  for (const cell of record.cells) cell.factor = cell.group.factor * record.factor * cell.own;
}

/** Learns base, field and group rates, entry errors, seasons and process speeds from the running sums. */
export function refreshLevels(population: Population, priorRate: number): void {
  refreshBase(population, priorRate);
  const base = sum(population.baseRate);
  population.baseSeason.learn(
    [...population.fields.values()].map((field) => field.season),
    SEASON_WORTH,
  );
  for (const field of population.fields.values()) {
    refreshField(field, population, base);
    field.season.learn([field.season], SEASON_WORTH, population.baseSeason);
  }
  for (const holder of [
    ...population.fields.values(),
    ...population.segments.values(),
    ...population.groups.values(),
  ]) {
    const [aging, time] = holder.shock.seen();
    holder.shock.speed = (1 + aging) / (1 + time);
  }
  let [aging, time] = [RECORD_SPEED_WORTH, RECORD_SPEED_WORTH];
  for (const record of population.records.values()) {
    if (record.shock === null) continue;
    const [a, t] = record.shock.seen();
    aging += a;
    time += t;
  }
  population.recordSpeed = aging / time;
  for (const record of population.records.values()) if (record.shock) record.shock.speed = population.recordSpeed;
}

const SEASON_WORTH = 10;
const RECORD_SPEED_WORTH = 20;

function refreshBase(population: Population, priorRate: number): void {
  const found = new Float64Array(CAUSES);
  const aging = new Float64Array(CAUSES);
  let [entryFound, entrySeen] = [1, 100];
  for (const field of population.fields.values()) {
    for (let cause = 0; cause < CAUSES; cause++) {
      found[cause] = (found[cause] ?? 0) + (field.found[cause] ?? 0);
      aging[cause] = (aging[cause] ?? 0) + (field.aging[cause] ?? 0);
    }
    entryFound += field.entryFound;
    entrySeen += field.entrySeen;
  }
  for (let cause = 0; cause < CAUSES; cause++) {
    population.baseRate[cause] = (1 / CAUSES + (found[cause] ?? 0)) / (1 / priorRate + (aging[cause] ?? 0));
  }
  population.baseEntry = entryFound / entrySeen;
}

function refreshField(field: FieldModel, population: Population, base: number): void {
  for (let cause = 0; cause < CAUSES; cause++) {
    const share = (population.baseRate[cause] ?? 0) / base;
    field.rate[cause] =
      (FIELD_SHAPE * share + (field.found[cause] ?? 0)) / (FIELD_SHAPE / base + (field.aging[cause] ?? 0));
  }
  field.entry = (2 + field.entryFound) / (2 / population.baseEntry + field.entrySeen);
  for (const group of field.groups) {
    let [changes, expected] = [GROUP_SHAPE, GROUP_SHAPE];
    for (const cell of group.cells) {
      changes += cell.changes;
      expected += cell.expected * cell.own * cell.record.factor;
    }
    group.factor = changes / expected;
  }
}

const SHAPES = Array.from({ length: 13 }, (_, i) => 0.1 * 2 ** (i * 0.8));

/**
 * Likeness of records, then of cells within them, by marginal likelihood (negative binomial) over a grid of shapes. Few changes leave the
 * answer near 3, the middle of the grid on a log scale.
 */
export function learnLikeness(population: Population): Likeness {
  const records = [...population.records.values()].map((record) => {
    let expected = 0;
    for (const cell of record.cells) expected += cell.group.factor * cell.expected;
    return { changes: record.changes, expected };
  });
  const cells = [...population.cells.values()].map((cell) => ({
    changes: cell.changes,
    expected: cell.group.factor * cell.record.factor * cell.expected,
  }));
  return { record: bestShape(records), cell: bestShape(cells) };
}

function bestShape(groups: readonly { changes: number; expected: number }[]): number {
  let best = 3;
  let most = Number.NEGATIVE_INFINITY;
  for (const shape of SHAPES) {
    let score = -0.5 * (Math.log(shape / 3) / 1.5) ** 2;
    const constant = logGamma(shape) - shape * Math.log(shape);
    for (const { changes, expected } of groups) {
      if (expected <= 0) continue;
      score -= (shape + changes) * Math.log(shape + expected);
      score += changes > 0 ? logGamma(shape + changes) - constant : shape * Math.log(shape);
    }
    if (score > most) [best, most] = [shape, score];
  }
  return best;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
