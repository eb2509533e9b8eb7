import type { FieldDef } from '../schema/types.ts';
import { initialConfidence } from './cell.ts';
import { DAY_MS, YEAR_MS } from './hazard.ts';
import { type CellTuple, cellState, type FreshnessPlan } from './plan.ts';
import { rateFromYearlyLoss } from './priors.ts';
import { settledAt } from './tuple.ts';

/** What someone found when he looked at a value, or changed it. */
export interface Finding {
  record: string;
  field: number;
  /** Epoch milliseconds. */
  at: number;
  /** Years since the value was last settled (verified or written), > 0. */
  age: number;
  /** Years it had been unchanged when that was, where known. */
  born: number | null;
  /** right, changed, gone (emptied). */
  outcome: 'r' | 'c' | 'g';
  /** Belief that it was still right, as the plan said just before; null when the plan does not track it. */
  predicted: number | null;
  /** verification, correction on the way, import that overwrote. */
  how: 'v' | 'w' | 'i';
  actor: string;
}

/** A change of one record as history keeps it: what was replaced, `$v` fields verified, `$c` cells as they were. */
export interface Replaced {
  record: string;
  at: Date;
  actor: string;
  source: string;
  before: Readonly<Record<string, unknown>>;
  /** The record's default, and its segment. */
  baseAt: Date;
  baseConfidence: number;
  segment: number;
  /** Tracked fields that are empty now. */
  missing: readonly number[];
}

/** A correction within a day of the last word is a slip of the pen, not a change in the world. */
const SLIP_MS = DAY_MS;
/** Below this a value came in with an unknown age, not from somebody who knew. */
const KNOWN = 0.9;
/** Belief in a file's value on the day it was right, and how fast it goes (cell.ts, INITIAL_CONFIDENCE.import). */
const ON_ITS_DAY = 0.97;
const FILE_RATE = rateFromYearlyLoss(0.22);

/**
 * Observations in one change. Filling an empty field is none; a value verified and changed at once is one, changed. What came in by a file of
 * unknown age is as old as its confidence says (freshness-model §2), so that the first checks after an import count.
 */
export function findingsOf(plan: FreshnessPlan, fields: readonly FieldDef[], change: Replaced): Finding[] {
  const cells = (change.before.$c ?? {}) as Record<string, CellTuple | null>;
  const verified = Array.isArray(change.before.$v) ? change.before.$v : [];
  return fields.flatMap((field): Finding[] => {
    if (!(field.id in cells)) return [];
    const replaced = field.name in change.before;
    const looked = verified.includes(field.name);
    if (!replaced && !looked) return [];
    if (replaced && change.before[field.name] === null) return [];
    const cell = cells[field.id] ?? null;
    const settled = cell ? settledAt(cell) * 1000 : change.baseAt.getTime();
    const passed = change.at.getTime() - settled;
    // A clock that went back measured nothing.
    if (passed <= 0 || (replaced && !looked && passed < SLIP_MS)) return [];
    const gone = replaced && change.missing.includes(field.id);
    const changed = cell?.[4] ?? null;
    return [
      {
        record: change.record,
        field: field.id,
        at: change.at.getTime(),
        age: passed / YEAR_MS + unknownAge(cell, change.baseConfidence),
        born: changed === null ? null : Math.max(0, settled - changed * 1000) / YEAR_MS,
        outcome: gone ? 'g' : replaced ? 'c' : 'r',
        predicted: predicted(plan, change, field.id, cell),
        how: looked ? 'v' : change.source === 'import' ? 'i' : 'w',
        actor: change.actor,
      },
    ];
  });
}

/** Years a value had been on its way before it came in. */
function unknownAge(cell: CellTuple | null, baseConfidence: number): number {
  const start = cell ? (cell[2] === 'import' ? initialConfidence('import') : 1) : baseConfidence;
  return start >= KNOWN ? 0 : Math.log(ON_ITS_DAY / Math.max(0.01, start)) / FILE_RATE;
}

function predicted(plan: FreshnessPlan, change: Replaced, field: number, cell: CellTuple | null): number | null {
  const state = {
    baseAt: change.baseAt,
    baseConfidence: change.baseConfidence,
    cells: cell ? { [field]: cell } : null,
    segment: change.segment,
  };
  return cellState(plan, state, field, change.at)?.confidence ?? null;
}
