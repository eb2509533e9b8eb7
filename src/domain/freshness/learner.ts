import {
  CAUSES,
  type CellModel,
  ENTRY,
  FIELD,
  GROUP,
  OWN,
  oldestBelief,
  Population,
  RECORD,
  RECORD_DENSITY,
  SEGMENT,
} from './causes.ts';
import { FIRST_LIKENESS, type Likeness, learnLikeness, refreshLevels, solveRecord } from './levels.ts';
import { Recalibration } from './recalibration.ts';
import { ShockProcess } from './shock.ts';
import { changedView } from './shrink.ts';

/** Common bins of the shared processes: a week tells before from after well enough and keeps the state small. */
const BIN = 7 / 365.25;
/** Rates are refitted every so many bins, likeness and recalibration every so many refits. */
const REFIT = 4;
const REFIT_SHAPES = 3;
/** What was verified for its prediction is a selection, and speaks less than what was drawn of how predictions hold in general. */
const CHOSEN = 0.15;

/**
 * What is believed of all cells, learned online from verifications in time order. Every cell's hazard is its factor (group × record × own: three
 * levels of Gamma frailty) times the sum over causes of its field's rates: an even one of its own, jumps shared with its record, its group,
 * its field and its segment, and at the first check errors of entry. Times are in years.
 */
export class Learner {
  readonly population: Population;
  private readonly priorRate: number;
  private readonly recalibration = new Recalibration();
  private readonly by = new Float64Array(CAUSES + 1);
  private readonly grid: number[] = [];
  private likeness: Likeness = FIRST_LIKENESS;
  private bins = 0;
  private tailsAt = Number.NaN;
  private refitAt = Number.POSITIVE_INFINITY;
  /** @param priorRate changes per year of a cell of which nothing is known @param split shares of the causes before anything is found */
  constructor(priorRate: number, split: readonly number[]) {
    this.priorRate = priorRate;
    this.population = new Population(priorRate, split);
  }

  get now(): number {
    return this.grid[this.grid.length - 1] ?? Number.NEGATIVE_INFINITY;
  }

  add(key: string | number, record: string, field: string, segment: string, at: number, confidence: number): CellModel {
    if (this.grid.length === 0) this.grid.push(at);
    const cell = this.population.add(key, record, field, segment, at, this.now);
    if (confidence < 1) {
      // The caller knows how far to trust it, so no error of entry is looked for on top.
      cell.belief = confidence;
      cell.first = false;
    }
    return cell;
  }

  end(cell: CellModel, at: number): void {
    cell.alive = false;
    this.population.cells.delete(cell.key);
    cell.group.segment.ended++;
    cell.group.segment.lived += Math.max(0, at - cell.born);
  }

  /** Moves time on: opens a new bin and, now and then, refits. Called by everything that has a time. */
  advance(now: number): void {
    if (this.grid.length === 0) this.grid.push(now);
    if (now - this.now < BIN * 0.99) return;
    this.grid.push(now);
    const { fields, segments, groups } = this.population;
    for (const field of fields.values()) field.shock.extend(now, field.season.length(field.shock.end, now));
    for (const segment of segments.values()) segment.shock.extend(now);
    for (const group of groups.values()) group.shock.extend(now, group.field.season.length(group.shock.end, now));
    if (this.bins++ % REFIT === 0) this.refit();
  }

  private refit(): void {
    const { population } = this;
    const elapsed = Math.max(0, this.now - this.refitAt);
    refreshLevels(population, this.priorRate, this.likeness, elapsed);
    this.recalibration.fade(0.5 ** elapsed);
    this.refitAt = this.now;
    if (Math.floor(this.bins / REFIT) % REFIT_SHAPES === 0) {
      this.likeness = learnLikeness(population);
      this.recalibration.fit();
    }
    for (const record of population.records.values()) solveRecord(record, this.likeness, 1);
    let oldest = Number.POSITIVE_INFINITY;
    for (const group of population.groups.values()) oldest = Math.min(oldest, oldestBelief(group.cells));
    for (const holder of [
      ...population.fields.values(),
      ...population.segments.values(),
      ...population.groups.values(),
    ]) {
      holder.shock.drop(oldest);
    }
    const keep = this.grid.findIndex((edge) => edge > oldest);
    if (keep > 1) this.grid.splice(0, keep - 1);
    this.coarsen();
    this.tailsAt = Number.NaN;
  }

  /** Long ago, weeks need not be told apart: bins over a year old are joined to months, over four years to quarters. */
  private coarsen(): void {
    const { grid, now } = this;
    const kept = grid.filter((edge, i) => {
      const age = now - edge;
      if (i === 0 || age < 1) return true;
      const step = age < 4 ? 1 / 12 : 1 / 4;
      return Math.floor(edge / step) !== Math.floor((grid[i - 1] ?? 0) / step);
    });
    if (grid.length - kept.length < 8) return;
    grid.splice(0, grid.length, ...kept);
    const { fields, segments, groups } = this.population;
    for (const holder of [...fields.values(), ...segments.values(), ...groups.values()]) holder.shock.coarsen(grid);
  }

  /** −ln P(still as last verified) by cause, into `by`; returns the sum. Exact, and slower than `hazard`. */
  private causes(cell: CellModel, now: number): number {
    const { group, last, factor } = cell;
    const { field, segment } = group;
    const { by } = this;
    by[OWN] = this.ownHazard(cell, now);
    by[RECORD] = this.recordHazard(cell, now);
    by[GROUP] = group.shock.hazard(factor * (field.rate[GROUP] ?? 0), last, now);
    by[FIELD] = field.shock.hazard(factor * (field.rate[FIELD] ?? 0), last, now);
    by[SEGMENT] = segment.shock.hazard(factor * (field.rate[SEGMENT] ?? 0), last, now);
    by[ENTRY] = cell.first ? -Math.log1p(-field.entry) : 0;
    return by.reduce((sum, value) => sum + value, 0);
  }

  /** The rate is itself uncertain (Gamma), so survival is Lomax: heavier in the tail than e^(−rate·time). */
  private ownHazard(cell: CellModel, now: number): number {
    const { field } = cell.group;
    const shape = 1 / (1 / (this.likeness.cell + cell.changes) + 1 / (this.likeness.record + cell.record.changes));
    return shape * Math.log1p((cell.factor * (field.rate[OWN] ?? 0) * field.season.length(cell.last, now)) / shape);
  }

  private recordHazard(cell: CellModel, now: number): number {
    const rate = cell.factor * (cell.group.field.rate[RECORD] ?? 0);
    if (cell.record.shock) return cell.record.shock.hazard(rate, cell.last, now);
    const seasonal = cell.group.field.season.length(cell.last, now);
    return seasonal * RECORD_DENSITY * Math.log1p(rate / RECORD_DENSITY);
  }

  /** −ln P(right now), corrected by what predictions were worth so far and by other evidence. */
  hazard(cell: CellModel, now: number): number {
    const grown = this.recalibration.apply(this.rawHazard(cell, now));
    if (cell.belief >= 1) return grown;
    return Math.max(0, grown - cell.beliefHazard) - Math.log(Math.max(1e-12, cell.belief));
  }

  /** Other evidence than a verification: moves the belief, not the clock of the last verification. */
  believe(cell: CellModel, now: number, confidence: number): void {
    cell.beliefHazard = this.recalibration.apply(this.rawHazard(cell, now));
    cell.belief = Math.min(1 - 1e-9, confidence);
  }

  private rawHazard(cell: CellModel, now: number): number {
    if (now !== this.now) return this.causes(cell, now);
    this.prepareTails();
    const entry = cell.first ? -Math.log1p(-cell.group.field.entry) : 0;
    return (
      this.ownHazard(cell, now) +
      this.recordHazard(cell, now) +
      cell.factor * this.tail(cell.group.tail, cell.last) +
      entry
    );
  }

  private tail(tail: Float64Array, last: number): number {
    let low = 0;
    let high = this.grid.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.grid[middle] ?? 0) <= last) low = middle;
      else high = middle;
    }
    const [a, b] = [this.grid[low] ?? 0, this.grid[high] ?? 0];
    const share = b > a ? Math.min(1, Math.max(0, (last - a) / (b - a))) : 0;
    return (1 - share) * (tail[low] ?? 0) + share * (tail[high] ?? 0);
  }

  /** Shared hazards at each group's typical factor, once per moment: makes scoring a cell a matter of a look-up. */
  private prepareTails(): void {
    if (this.tailsAt === this.now) return;
    this.tailsAt = this.now;
    for (const group of this.population.groups.values()) {
      const { field, segment, factor } = group;
      if (group.tail.length !== this.grid.length) group.tail = new Float64Array(this.grid.length);
      else group.tail.fill(0);
      for (const [shock, cause] of [
        [group.shock, GROUP],
        [field.shock, FIELD],
        [segment.shock, SEGMENT],
      ] as const) {
        const rate = field.rate[cause] ?? 0;
        if (rate <= 0) continue;
        shock.addTail(factor * rate, this.grid, group.tail, rate);
      }
    }
  }

  /** Changes per year to come, all causes. */
  futureRate(cell: CellModel): number {
    return cell.factor * cell.group.field.rate.reduce((sum, rate) => sum + rate, 0);
  }

  /** Rate at which cells of this segment cease to matter, per year. */
  endRate(cell: CellModel): number {
    const { ended, lived } = cell.group.segment;
    return (1 + ended) / (20 + lived);
  }

  /**
   * Learns from one verification: still the value of the last one, or changed since. Returns ln of the probability that it was given before; undefined
   * when no time has passed. @param drawn at random, not for its prediction
   */
  verify(cell: CellModel, now: number, changed: boolean, drawn = false): number | undefined {
    this.advance(now);
    const { last, record } = cell;
    cell.belief = 1;
    cell.beliefHazard = 0;
    if (now <= last) return undefined;
    if (record.cells.length > 1) {
      if (record.shock === null) {
        record.shock = new ShockProcess(oldestBelief(record.cells), RECORD_DENSITY);
      }
      record.shock.extend(now, cell.group.field.season.length(record.shock.end, now));
    }
    const total = Math.max(1e-12, this.causes(cell, now));
    this.recalibration.record(total, changed, drawn ? 1 : CHOSEN);
    const corrected = this.recalibration.apply(total);
    this.learnCauses(cell, now, changed, total);
    this.learnSeason(cell, now, changed, total);
    this.tailsAt = Number.NaN;
    cell.last = now;
    cell.first = false;
    record.shock?.drop(oldestBelief(record.cells));
    solveRecord(record, this.likeness, 2);
    return changed ? Math.log(-Math.expm1(-corrected)) : -corrected;
  }

  private learnCauses(cell: CellModel, now: number, changed: boolean, total: number): void {
    const { group, last, factor, record } = cell;
    const { field, segment } = group;
    const { by } = this;
    const shocks = [null, record.shock, group.shock, field.shock, segment.shock];
    // Expected number of changes given at least one.
    const events = changed ? total / -Math.expm1(-total) : 0;
    let expected = 0;
    for (let cause = 0; cause < CAUSES; cause++) {
      const shock = shocks[cause];
      const rate = field.rate[cause] ?? 0;
      if (rate <= 0) continue;
      shock?.learn(factor * rate, last, now, changed, total);
      const aging = shock ? shock.mean(last, now) : field.season.length(last, now);
      expected += rate * aging;
      field.watched[cause] = (field.watched[cause] ?? 0) + factor * field.season.length(last, now);
      field.found[cause] = (field.found[cause] ?? 0) + (events * (by[cause] ?? 0)) / total;
    }
    const fromEntry = changed ? (by[ENTRY] ?? 0) / total : 0;
    if (cell.first) {
      field.entrySeen++;
      field.entryFound += fromEntry;
    }
    if (changed) {
      const [changes, exposure] = changedView(factor, expected);
      cell.changes += changes * (1 - fromEntry);
      cell.expected += exposure;
      record.changes += changes * (1 - fromEntry);
    } else {
      cell.expected += expected;
    }
  }

  private learnSeason(cell: CellModel, now: number, changed: boolean, total: number): void {
    const { group, last } = cell;
    const { field, segment } = group;
    field.season.watch(this.futureRate(cell), last, now);
    if (!changed) return;
    const share = (cause: number): number => (this.by[cause] ?? 0) / total;
    field.season.happenedWithin(last, now, share(OWN) + share(RECORD));
    for (const [shock, cause] of [
      [group.shock, GROUP],
      [field.shock, FIELD],
      [segment.shock, SEGMENT],
    ] as const) {
      shock.spread(last, now, (middle, part) => field.season.happened(middle, part * share(cause)));
    }
  }
}
