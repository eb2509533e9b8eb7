import { applyEvidence, bayes } from './cell.ts';
import { YEAR_MS } from './hazard.ts';
import { type Cell, Mixture } from './mixture.ts';
import { seededRandom } from './random.ts';

/** What happened to a cell. Feed these in time order. */
export interface CellEvent {
  /** Any stable key; when absent, record and field together are the key. */
  cell?: string | number;
  /** Whatever shares fate: a record, or better a contact person. */
  entity: string;
  field: string;
  segment: string;
  /** Epoch milliseconds. */
  at: number;
  /**
   * `new`: appeared with a value. `right`: verified, unchanged. `changed`: verified or corrected, was out of date (the new value is right now).
   * `gone`: no longer kept.
   */
  outcome: 'new' | 'right' | 'changed' | 'gone';
  /** new: belief in the value on arrival, 0..1; default 1, and the planner learns the share of errors at entry itself. */
  confidence?: number;
}

/** Evidence that is not a verification: a row of the evidence table by name, or likelihoods. */
export interface SignalEvent {
  cell?: string | number;
  entity: string;
  field: string;
  at: number;
  kind?: string;
  ifRight?: number;
  ifWrong?: number;
}

export interface PlannerOptions {
  /** Weight of a field in the objective; 1 for all by default. */
  weight?: (field: string) => number;
  /** Minutes (or any unit) that a verification of a field costs; 1 for all by default. */
  cost?: (field: string) => number;
  /** Changes per year of a cell of which nothing is known; 0.15 by default. */
  priorRate?: number;
  /**
   * Share of each plan drawn at random, 0..1; 0.3 by default. It goes where it tells most about how much is out of date (Neyman: in proportion to
   * weight × √(p(1 − p)) × time since the last check / √cost), so that no field once thought steady is written off and the probabilities hold for what the index leaves alone.
   */
  explore?: number;
}

export interface PlannedCell {
  cell: string | number;
  entity: string;
  field: string;
  /** Index: weight × years of rightness that verifying now is worth. */
  value: number;
  /** P(out of date) now. */
  stale: number;
}

export interface PlannedRecord {
  entity: string;
  value: number;
}

export interface Planner {
  /** Births, verifications, corrections, ends. An event of an unknown cell other than `new` is ignored. */
  observe(event: CellEvent): void;
  /** Passive evidence: moves the belief until the next verification. */
  evidence(event: SignalEvent): void;
  /** The cells most worth verifying now, best value per cost first, as many as the budget (sum of costs) buys; last the drawn ones. */
  plan(now: number, budget: number): PlannedCell[];
  /** The records most worth verifying as a whole: value summed over the cells, at most `count`. */
  planRecords(now: number, count: number): PlannedRecord[];
  /** P(out of date) of a cell, by its key (or `cellKey(entity, field)`); 0 for an unknown one. */
  predict(cell: string | number, now: number): number;
  /** Mean ln predictive probability of the verifications so far, each predicted before it was seen. */
  score(): { verifications: number; meanLogLikelihood: number };
}

/** Key of a cell that was observed without one. */
export function cellKey(entity: string, field: string): string {
  return `${entity}\n${field}`;
}

/**
 * A planner that learns while it plans (freshness-model §2–3): what changes how often on three levels, what changes together, when, and which
 * values were wrong from the start; and from that what to verify next. Deterministic: no clock, no randomness.
 */
export function createPlanner(options: PlannerOptions = {}): Planner {
  const { weight = () => 1, cost = () => 1, priorRate = 0.15, explore = 0.3 } = options;
  let owed = 0;
  let plans = 0;
  /** Cells of the last plan that were drawn and are not verified yet. */
  const awaited = new Set<Cell>();
  const learner = new Mixture(priorRate);
  const { cells } = learner;
  const find = (event: { cell?: string | number; entity: string; field: string }): Cell | undefined =>
    cells.get(event.cell ?? cellKey(event.entity, event.field));
  const worth = (cell: Cell, hazard: number): number =>
    weight(cell.field) * verificationValue(hazard, learner.futureRate(cell), learner.endRate(cell));

  return {
    observe(event) {
      const at = event.at / YEAR_MS;
      if (event.outcome === 'new') {
        const known = find(event);
        if (known) learner.end(known, at);
        const key = event.cell ?? cellKey(event.entity, event.field);
        learner.add(key, event.entity, event.field, event.segment, at, event.confidence ?? 1);
        return;
      }
      const cell = find(event);
      if (cell === undefined) return;
      if (event.outcome === 'gone') learner.end(cell, at);
      else learner.verify(cell, at, event.outcome === 'changed', awaited.delete(cell));
    },
    evidence(event) {
      const cell = find(event);
      if (cell === undefined) return;
      const at = event.at / YEAR_MS;
      const { kind, ifRight = 1, ifWrong = 1 } = event;
      learner.believe(cell, at, (right) =>
        kind !== undefined ? applyEvidence(right, kind) : bayes(right, ifRight, ifWrong),
      );
    },
    plan(now, budget) {
      const at = now / YEAR_MS;
      learner.advance(at);
      const living: Cell[] = [];
      const hazards: number[] = [];
      const perCost: number[] = [];
      for (const cell of cells.values()) {
        const hazard = learner.hazard(cell, at);
        living.push(cell);
        hazards.push(hazard);
        perCost.push(worth(cell, hazard) / cost(cell.field));
      }
      const order = living.map((_, i) => i).sort((i, j) => (perCost[j] ?? 0) - (perCost[i] ?? 0));
      const planned: PlannedCell[] = [];
      let left = budget;
      const take = (ranked: readonly number[], down: number): void => {
        for (const i of ranked) {
          const cell = living[i];
          const hazard = hazards[i] ?? 0;
          if (cell === undefined || Number.isNaN(hazard)) continue;
          const field = cell.field;
          if (left - cost(field) < down - 1e-9) break;
          left -= cost(field);
          hazards[i] = Number.NaN;
          const value = (perCost[i] ?? 0) * cost(field);
          planned.push({ cell: cell.key, entity: cell.record, field, value, stale: -Math.expm1(-hazard) });
        }
      };
      awaited.clear();
      owed += explore * need(hazards, learner.waves) * budget;
      const explored = Math.min(budget, Math.floor(owed + 1e-9));
      owed -= explored;
      take(order, explored);
      if (explored > 0) {
        const spread = living.map((cell, i) => {
          const field = cell.field;
          return (weight(field) * (at - cell.last) * Math.sqrt(variance(hazards[i] ?? 0))) / Math.sqrt(cost(field));
        });
        const chosen = planned.length;
        take(drawn(spread, plans), 0);
        for (const one of planned.slice(chosen)) {
          const cell = cells.get(one.cell);
          if (cell) awaited.add(cell);
        }
      }
      plans++;
      return planned;
    },
    planRecords(now, count) {
      const at = now / YEAR_MS;
      learner.advance(at);
      const planned: (PlannedRecord & { spread: number; cells: readonly Cell[] })[] = [];
      const hazards: number[] = [];
      for (const [entity, all] of learner.records) {
        let value = 0;
        let spread = 0;
        const living = all.filter((cell) => cell.alive);
        for (const cell of living) {
          const hazard = learner.hazard(cell, at);
          hazards.push(hazard);
          value += worth(cell, hazard);
          spread += (weight(cell.field) * (at - cell.last)) ** 2 * variance(hazard);
        }
        if (living.length > 0) planned.push({ entity, value, spread: Math.sqrt(spread), cells: living });
      }
      awaited.clear();
      owed += explore * need(hazards, learner.waves) * count;
      const explored = Math.min(count, Math.floor(owed + 1e-9));
      owed -= explored;
      planned.sort((a, b) => b.value - a.value);
      const rest = planned.splice(Math.max(0, count - explored));
      const random = drawn(
        rest.map((record) => record.spread),
        plans++,
      );
      for (const i of random.slice(0, explored)) {
        const record = rest[i];
        if (record === undefined) continue;
        planned.push(record);
        for (const cell of record.cells) awaited.add(cell);
      }
      return planned.map(({ entity, value }) => ({ entity, value }));
    },
    predict(key, now) {
      const cell = cells.get(key);
      return cell === undefined ? 0 : -Math.expm1(-learner.hazard(cell, now / YEAR_MS));
    },
    score: () => ({
      verifications: learner.verifications,
      meanLogLikelihood: learner.verifications > 0 ? learner.logScore / learner.verifications : 0,
    }),
  };
}

/**
 * How far random checks are needed, 0..1. Where much is out of date, what is verified tells enough by itself and they only cost: (share still
 * right)². Where nothing comes in waves, the index gets round to every cell and few will do.
 * @param waves how far waves are believed in, 0..1
 */
function need(hazards: readonly number[], waves: number): number {
  const right = hazards.reduce((sum, hazard) => sum + Math.exp(-hazard), 0) / Math.max(1, hazards.length);
  return right * right * (0.1 + 0.9 * waves);
}

/** p(1 − p) of a cell being out of date. */
function variance(hazard: number): number {
  return Number.isNaN(hazard) ? 0 : -Math.expm1(-hazard) * Math.exp(-hazard);
}

/**
 * A random order in which what weighs more tends to come first: the first n are a weighted sample without replacement (Efraimidis & Spirakis,
 * Weighted random sampling with a reservoir, 2006).
 */
function drawn(weights: readonly number[], seed: number): number[] {
  const random = seededRandom(seed);
  const keys = weights.map((weight) => Math.log(1 - random()) / Math.max(weight, 1e-9));
  return keys.map((_, i) => i).sort((i, j) => (keys[j] ?? 0) - (keys[i] ?? 0));
}

/**
 * Index of a cell with −ln P(right) = `hazard` that will go on changing at `rate` and ceases to matter at `end` (both per year): the price at which
 * verifying now and a moment later are worth the same, with a = hazard / rate:
 *   (1 − e^(−hazard−end·a)) / (rate + end) − e^(−hazard)·(1 − e^(−end·a)) / end
 * For end → 0 this is the index of freshness-model §3, (1 − (1 + x)e^(−x)) / rate. The end keeps hardly changing cells from promising
 * centuries of rightness that nobody will use.
 */
export function verificationValue(hazard: number, rate: number, end: number): number {
  if (!(hazard > 0)) return 0;
  const a = hazard / rate;
  if (hazard < 1e-5) return (0.5 * hazard * a) / (1 + end * a);
  return Math.max(0, -Math.expm1(-hazard - end * a) / (rate + end) + (Math.exp(-hazard) * Math.expm1(-end * a)) / end);
}
