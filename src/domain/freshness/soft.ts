import type { FieldDef } from '../schema/types.ts';
import { applyEvidence, type EvidenceKind, initialConfidence } from './cell.ts';
import { DAY_MS, YEAR_MS } from './hazard.ts';
import type { Finding } from './observe.ts';
import { type CellTuple, cellState, type FreshnessPlan } from './plan.ts';
import { rateFromYearlyLoss } from './priors.ts';
import { settledAt } from './tuple.ts';

/** What a signal tells the learner of one value: a share of a find. */
export interface SoftFinding {
  record: string;
  field: number;
  /** Epoch milliseconds. */
  at: number;
  /** Years since the last evidence about the value, > 0. */
  age: number;
  /** Spoke for it, or against it. */
  outcome: 'r' | 'c';
  /** 0..1. */
  share: number;
  kind: string;
}

/**
 * How much of a find a signal is, that moved belief from `before` to `after`. With p belief before and L₁, L₀ the signal's likelihoods, the slope of
 * ln(p·L₁ + (1−p)·L₀) over p is (L₁−L₀)/(p·L₁ + (1−p)·L₀); a value found right has slope 1/p, one found changed −1/(1−p). The share with equal slope is
 * (after−before)/(1−before), or (before−after)/before: the part of the doubt, or of the belief, that the signal took away. So a find counts 1, what
 * says nothing counts 0, and on average over all that may be seen the rate stays where it is (the score of a likelihood has mean 0).
 * @param before 0..1 @param after 0..1
 */
export function shareOfFind(before: number, after: number): { outcome: 'r' | 'c'; share: number } | null {
  if (!(before > 0 && before < 1) || after === before) return null;
  return after > before
    ? { outcome: 'r', share: Math.min(1, (after - before) / (1 - before)) }
    : { outcome: 'c', share: Math.min(1, (before - after) / before) };
}

/** A signal as history keeps it. */
export interface Signalled {
  record: string;
  /** When it was seen. */
  at: Date;
  kind: EvidenceKind;
  /** Names of the fields it moved. */
  fields: readonly string[];
  /** Cells as they were, by field id; null = the record's default. */
  cells: Readonly<Record<string, CellTuple | null>>;
  baseAt: Date;
  baseConfidence: number;
  segment: number;
  frailty: number;
}

/** Signals that follow from another find of the same record: that one counts already. */
const ECHOES = new Set(['sibling-confirmed', 'sibling-changed']);
/** Less than this of a find is noise. */
const LEAST_SHARE = 0.005;

/**
 * Soft observations in one piece of evidence. Events say that values change by themselves (a rule, not something seen) and teach nothing; nor does
 * doubt on the day the value was settled.
 */
export function softFindingsOf(plan: FreshnessPlan, fields: readonly FieldDef[], signal: Signalled): SoftFinding[] {
  const { kind } = signal;
  if (kind.ifRight === undefined || kind.ifWrong === undefined || kind.changes !== undefined || ECHOES.has(kind.kind))
    return [];
  return fields.flatMap((field): SoftFinding[] => {
    if (!signal.fields.includes(field.name) || !(field.id in signal.cells)) return [];
    const cell = signal.cells[field.id] ?? null;
    const { segment, baseAt, baseConfidence, frailty } = signal;
    const state = { baseAt, baseConfidence, segment, frailty, cells: cell && { [field.id]: cell } };
    const before = cellState(plan, state, field.id, signal.at)?.confidence;
    if (before === undefined) return [];
    const found = shareOfFind(before, applyEvidence(before, kind));
    const passed = signal.at.getTime() - (cell ? cell[1] * 1000 : baseAt.getTime());
    if (!found || found.share < LEAST_SHARE || passed <= 0) return [];
    if (found.outcome === 'c' && passed < DAY_MS) return [];
    // A signal before this one told the age already.
    const extra = cell?.[6] === undefined ? unknownAge(cell, baseConfidence) : 0;
    return [
      {
        record: signal.record,
        field: field.id,
        at: signal.at.getTime(),
        age: passed / YEAR_MS + extra,
        ...found,
        kind: kind.kind,
      },
    ];
  });
}

const KNOWN = 0.9;
const ON_ITS_DAY = 0.97;
const FILE_RATE = rateFromYearlyLoss(0.22);

/** Years a value had been on its way before it came in by a file of unknown age, as in observe.ts. */
function unknownAge(cell: CellTuple | null, baseConfidence: number): number {
  const start = cell ? (cell[2] === 'import' ? initialConfidence('import') : 1) : baseConfidence;
  return start >= KNOWN ? 0 : Math.log(ON_ITS_DAY / Math.max(0.01, start)) / FILE_RATE;
}

/** A soft observation as kept; `weight` is what is left of it after undone ones. */
export interface SoftLine extends SoftFinding {
  weight: number;
}

/**
 * A find tells of the whole time since the value was settled; what signals told of parts of that time must not count twice. Time for which they
 * spoke for the value is taken off the find's age; doubt they cast is taken back, for now it is known.
 * @param cell as it was before the find @param lines soft observations of this value
 * @returns the age that is left, and the lines to take back (for an undone find: to give back)
 */
export function settleWithSoft(
  finding: Finding,
  cell: CellTuple,
  lines: readonly SoftLine[],
  weight: 1 | -1,
): { age: number; taken: SoftLine[] } {
  const since = settledAt(cell) * 1000;
  const mine = lines.filter(({ at }) => at > since && at <= finding.at);
  const told = mine
    .filter(({ outcome }) => outcome === 'r')
    .reduce((sum, line) => sum + line.weight * line.share * line.age, 0);
  return {
    age: Math.max(DAY_MS / YEAR_MS, finding.age - told),
    taken: mine.filter((line) => line.outcome === 'c' && (weight === 1 ? line.weight > 0 : line.weight <= 0)),
  };
}
