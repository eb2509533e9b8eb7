import { CAUSES, type FieldModel, type GroupModel, OWN, type Population, RECORD, type RecordModel } from './causes.ts';
import { logGamma } from './special.ts';

/**
 * How alike the members of each level are: Gamma shapes of record and cell factors around 1. Large = alike. With group mean m and shape s, after c
 * changes in exposure T the rate is (s + c)/(s/m + T) (freshness-model §2a).
 */
export interface Likeness {
  group: number;
  record: number;
  cell: number;
}

/** Before data: as if so many changes had been seen that agree with the parent. */
export const FIRST_LIKENESS: Likeness = { group: 3, record: 3, cell: 3 };
const SEGMENT_SHAPE = 1;
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

/** Learns base, field and group rates, entry errors and seasons from the running sums. @param elapsed years since the last time */
export function refreshLevels(population: Population, priorRate: number, likeness: Likeness, elapsed: number): void {
  for (const field of population.fields.values()) forget(field, 0.5 ** (elapsed / MEMORY));
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
  refreshGroups(population, likeness.group);
}

const SEASON_WORTH = 10;
/** Years after which a find says half as much about how often its field changes today. */
const MEMORY = 5;
/**
 * Waves that a year of watching a shared cause can tell apart. However many cells a wave changed, it is one observation of how often waves come: so
 * the finds of a short time count for no more than their waves, and the first wave does not make a field fast for years.
 */
const WAVES_A_YEAR = 1;

/** The mean of the fields' rates, not the pooled rate: fast fields are verified more and would count for all. Causes share it as pooled. */
function refreshBase(population: Population, priorRate: number): void {
  const found = Float64Array.from(population.split);
  let [entryFound, entrySeen] = [1, 100];
  let rates = priorRate;
  for (const field of population.fields.values()) {
    for (let cause = 0; cause < CAUSES; cause++) found[cause] = (found[cause] ?? 0) + (field.found[cause] ?? 0);
    rates += sum(field.rate);
    entryFound += field.entryFound;
    entrySeen += field.entrySeen;
  }
  const mean = rates / (1 + population.fields.size);
  for (let cause = 0; cause < CAUSES; cause++) population.baseRate[cause] = (mean * (found[cause] ?? 0)) / sum(found);
  population.baseEntry = entryFound / entrySeen;
}

function forget(field: FieldModel, kept: number): void {
  for (let cause = 0; cause < CAUSES; cause++) {
    field.found[cause] = (field.found[cause] ?? 0) * kept;
    field.watched[cause] = (field.watched[cause] ?? 0) * kept;
  }
}

function refreshField(field: FieldModel, population: Population, base: number): void {
  const years = Math.max(1e-3, field.shock.end - field.shock.since);
  for (let cause = 0; cause < CAUSES; cause++) {
    const share = (population.baseRate[cause] ?? 0) / base;
    const found = field.found[cause] ?? 0;
    const waves = cause === OWN || cause === RECORD ? Number.POSITIVE_INFINITY : WAVES_A_YEAR * years;
    const worth = 1 / (1 + found / waves);
    field.rate[cause] =
      (FIELD_SHAPE * share + worth * found) / (FIELD_SHAPE / base + worth * (field.watched[cause] ?? 0));
  }
  field.entry = (2 + field.entryFound) / (2 / population.baseEntry + field.entrySeen);
}

/** Changes found in each group, and changes expected of its field given the records' and cells' factors. */
function groupCounts(population: Population): Map<GroupModel, { changes: number; expected: number }> {
  const seen = new Map<GroupModel, { changes: number; expected: number }>();
  for (const group of population.groups.values()) {
    let [changes, expected] = [0, 0];
    for (const cell of group.cells) {
      changes += cell.changes;
      expected += cell.expected * cell.own * cell.record.factor;
    }
    seen.set(group, { changes, expected });
  }
  return seen;
}

/** Segments first (all fields together), then what is left to each group. */
function refreshGroups(population: Population, shape: number): void {
  const seen = groupCounts(population);
  for (const segment of population.segments.values()) {
    let [changes, expected] = [SEGMENT_SHAPE, SEGMENT_SHAPE];
    for (const group of segment.groups) {
      changes += seen.get(group)?.changes ?? 0;
      expected += (seen.get(group)?.expected ?? 0) * group.residual;
    }
    segment.factor = changes / expected;
    for (const group of segment.groups) {
      const { changes = 0, expected = 0 } = seen.get(group) ?? {};
      group.residual = (shape + changes) / (shape + expected * segment.factor);
      group.factor = segment.factor * group.residual;
    }
  }
}

const SHAPES = Array.from({ length: 13 }, (_, i) => 0.1 * 2 ** (i * 0.8));

/**
 * Likeness of groups, of records, then of cells within them, by marginal likelihood (negative binomial) over a grid of shapes. Few changes leave the
 * answer near 3, the middle of the grid on a log scale.
 */
export function learnLikeness(population: Population): Likeness {
  const records = [...population.records.values()].map((record) => {
    let expected = 0;
    for (const cell of record.cells) expected += cell.group.factor * cell.expected;
    return { changes: record.changes, expected };
  });
  const all = [...population.groups.values()].flatMap((group) => group.cells);
  const cells = all.map((cell) => ({
    changes: cell.changes,
    expected: cell.group.factor * cell.record.factor * cell.expected,
  }));
  const groups = [...groupCounts(population)].map(([group, { changes, expected }]) => ({
    changes,
    expected: expected * group.segment.factor,
  }));
  return { group: bestShape(groups), record: bestShape(records), cell: bestShape(cells) };
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
