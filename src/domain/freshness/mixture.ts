import { type CellModel, EVERY_CAUSE, WITHOUT_WAVES } from './causes.ts';
import { Learner } from './learner.ts';

/** A cell as each of the accounts sees it. */
export interface Cell {
  key: string | number;
  record: string;
  field: string;
  /** Last verified (or born), years. */
  last: number;
  alive: boolean;
  views: readonly CellModel[];
}

/** Years after which what an account predicted says half as much about which to believe. */
const MEMORY = 5;

/**
 * Two accounts of the same checks: values go out of date in waves over fields and segments, or each record on its own. Waves can explain everything, an
 * even stream too, but then rates drift to causes that every cell shares and the steady are taken for the fickle; without them a wave is not
 * seen until every cell is checked. Which holds is not assumed: each account counts as far as its predictions, made before every check, came true
 * (Bayesian model averaging on prequential likelihood, Dawid 1984). Times are in years.
 */
export class Mixture {
  readonly cells = new Map<string | number, Cell>();
  readonly records = new Map<string, Cell[]>();
  private readonly accounts: readonly { learner: Learner; score: number; share: number }[];
  private now = Number.NaN;
  verifications = 0;
  /** Sum of ln predictive probability of all verifications so far: held-out, since each was predicted first. */
  logScore = 0;

  /** @param priorRate changes per year of a cell of which nothing is known */
  constructor(priorRate: number) {
    this.accounts = [EVERY_CAUSE, WITHOUT_WAVES].map((split, _, all) => ({
      learner: new Learner(priorRate, split),
      score: 0,
      share: 1 / all.length,
    }));
  }

  /** How far waves are believed in, 0..1. */
  get waves(): number {
    return this.accounts[0]?.share ?? 1;
  }

  add(key: string | number, record: string, field: string, segment: string, at: number, confidence: number): void {
    const views = this.accounts.map(({ learner }) => learner.add(key, record, field, segment, at, confidence));
    const cell: Cell = { key, record, field, last: at, alive: true, views };
    this.cells.set(key, cell);
    const siblings = this.records.get(record);
    if (siblings) siblings.push(cell);
    else this.records.set(record, [cell]);
  }

  end(cell: Cell, at: number): void {
    cell.alive = false;
    this.cells.delete(cell.key);
    this.each(cell, (learner, view) => learner.end(view, at));
  }

  advance(now: number): void {
    for (const { learner } of this.accounts) learner.advance(now);
    if (!(now > this.now)) {
      if (Number.isNaN(this.now)) this.now = now;
      return;
    }
    const kept = 0.5 ** ((now - this.now) / MEMORY);
    this.now = now;
    for (const account of this.accounts) account.score *= kept;
    this.weigh();
  }

  /** −ln P(right now). */
  hazard(cell: Cell, now: number): number {
    return -Math.log(this.mean(cell, (learner, view) => Math.exp(-learner.hazard(view, now))));
  }

  /** Changes per year to come, all causes. */
  futureRate(cell: Cell): number {
    return this.mean(cell, (learner, view) => learner.futureRate(view));
  }

  /** Rate at which cells of this segment cease to matter, per year. */
  endRate(cell: Cell): number {
    return this.mean(cell, (learner, view) => learner.endRate(view));
  }

  /** Other evidence than a verification. @param revised P(right) after it, from P(right) before */
  believe(cell: Cell, now: number, revised: (right: number) => number): void {
    this.each(cell, (learner, view) => learner.believe(view, now, revised(Math.exp(-learner.hazard(view, now)))));
  }

  /** Learns from one verification: still the value of the last one, or changed since. @param drawn at random, not for its prediction */
  verify(cell: Cell, now: number, changed: boolean, drawn: boolean): void {
    this.advance(now);
    let likelihood = 0;
    let seen = false;
    for (const [i, account] of this.accounts.entries()) {
      const view = cell.views[i];
      const log = view && account.learner.verify(view, now, changed, drawn);
      if (log === undefined) continue;
      seen = true;
      likelihood += account.share * Math.exp(log);
      account.score += log;
    }
    cell.last = now;
    if (!seen) return;
    this.verifications++;
    this.logScore += Math.log(likelihood);
    this.weigh();
  }

  private weigh(): void {
    const best = Math.max(...this.accounts.map(({ score }) => score));
    const weights = this.accounts.map(({ score }) => Math.exp(score - best));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [i, account] of this.accounts.entries()) account.share = (weights[i] ?? 0) / sum;
  }

  private each(cell: Cell, act: (learner: Learner, view: CellModel) => void): void {
    for (const [i, { learner }] of this.accounts.entries()) {
      const view = cell.views[i];
      if (view) act(learner, view);
    }
  }

  /** Mean over the accounts; one that counts for less than a thousandth is not worth working out for every cell. */
  private mean(cell: Cell, of: (learner: Learner, view: CellModel) => number): number {
    let [sum, shares] = [0, 0];
    for (const [i, { learner, share }] of this.accounts.entries()) {
      const view = cell.views[i];
      if (view === undefined || share < 1e-3) continue;
      sum += share * of(learner, view);
      shares += share;
    }
    return sum / shares;
  }
}
