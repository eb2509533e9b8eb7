import type { FieldDef } from '../schema/types.ts';
import { ageAt, DAY_MS, freshnessGain, type Hazard, indexAtBelief, RATE_FLOOR, survival, YEAR_MS } from './hazard.ts';
import {
  DEFAULT_CONTACT_MINUTES,
  DEFAULT_CONTACT_SUCCESS,
  DEFAULT_FIELD_MINUTES,
  PRIORITY_THRESHOLD,
  PRIORITY_WEIGHT,
  priorOfField,
} from './priors.ts';
import { type CellTuple, settledAt } from './tuple.ts';

export type { CellTuple } from './tuple.ts';

/** What the policy says of one tracked field. */
export interface FieldPlan {
  fieldId: number;
  /** Importance in record freshness and in the optimum; 高 3, 中 2, 低 1 by default. */
  weight: number;
  hazard: Hazard;
  /** Due when confidence falls below this (0..1). */
  threshold?: number;
  /** Due this many days after the last evidence, whatever the confidence; wins over `threshold`. */
  intervalDays?: number;
  /** `intervalDays` is a deadline (by law, by contract) that no advice may move. */
  hard?: boolean;
  /** Account that checks it, instead of the record's owner. */
  responsible?: string;
  /** Minutes to verify it once in contact, > 0. */
  minutes: number;
}

/** The fields' rules for the records of one segment, and what reaching such a customer costs. */
export interface SegmentPlan {
  /** Number stored in `freshness.segment`. */
  id: number;
  fields: FieldPlan[];
  /** Minutes to make contact, paid once for all fields. */
  contactMinutes?: number;
  /** Probability that an attempt reaches someone, 0..1. */
  contactSuccess?: number;
}

/** A compiled plan for one object. Segment 0 is the default and is always there. */
export interface FreshnessPlan {
  version: number;
  segments: ReadonlyMap<number, CompiledSegment>;
  fallback: CompiledSegment;
}

export interface CompiledSegment {
  id: number;
  fields: readonly CompiledField[];
  contactMinutes: number;
  contactSuccess: number;
  totalWeight: number;
  scratch: Float64Array;
}

interface CompiledField extends FieldPlan {
  key: string;
  threshold: number;
  intervalDays: number;
  /** −ln(threshold); Infinity without one. */
  logThreshold: number;
  memoryless: boolean;
  flooredRate: number;
}

/** One row of table `freshness`, as far as the mathematics needs it. */
export interface RecordState {
  /** Epoch milliseconds, or a Date. */
  baseAt: number | Date;
  baseConfidence: number;
  /** By field id (a number, as JSON string keys). Cells not named here are as `base…`. */
  cells?: Readonly<Record<string, CellTuple>> | null;
  /** Ids of tracked fields that are empty. */
  missing?: readonly number[] | null;
  segment?: number;
  /** How much faster than its segment this record changes (1 = as fast): the record level of learning. */
  frailty?: number;
}

export type CellStateName = 'fresh' | 'aging' | 'stale' | 'missing';

export interface CellState {
  fieldId: number;
  /** 0..1 now. */
  confidence: number;
  state: CellStateName;
  /** Epoch milliseconds at which it becomes due (may be past); null = never. */
  dueAt: number | null;
}

export interface RecordFreshness {
  /** Σ w·p / Σ w over all tracked fields, missing ones with p = 0; 1 when nothing is tracked. */
  score: number;
  /** Earliest crossing over the non-empty tracked fields, epoch milliseconds; null = never. */
  dueAt: number | null;
  /** Value per minute of contacting the customer at `max(now, dueAt)`; 0 when never due. */
  dueValue: number;
  /** All tracked fields in the plan's order. */
  cells: CellState[];
}

/**
 * Compiles rules for `recordFreshness`. Throws RangeError when segment 0 is absent or a number is out of its range.
 * @param version stored as `freshness.plan_version`
 */
export function compilePlan(version: number, segments: readonly SegmentPlan[]): FreshnessPlan {
  const compiled = new Map(segments.map((segment) => [segment.id, compileSegment(segment)]));
  const fallback = compiled.get(0);
  if (fallback === undefined) throw new RangeError('a freshness plan needs segment 0');
  return { version, segments: compiled, fallback };
}

function compileSegment(segment: SegmentPlan): CompiledSegment {
  const fields = segment.fields.map((field): CompiledField => {
    const positive = field.weight >= 0 && field.minutes > 0 && field.hazard.rate >= 0 && field.hazard.shape > 0;
    if (!positive || (field.threshold ?? 0) >= 1)
      throw new RangeError(`freshness plan of field ${field.fieldId}: number out of range`);
    const threshold = Math.max(0, field.threshold ?? 0);
    return {
      ...field,
      key: String(field.fieldId),
      threshold,
      intervalDays: field.intervalDays ?? 0,
      logThreshold: threshold > 0 ? -Math.log(threshold) : Number.POSITIVE_INFINITY,
      memoryless: field.hazard.shape === 1,
      flooredRate: Math.max(field.hazard.rate, RATE_FLOOR),
    };
  });
  return {
    id: segment.id,
    fields,
    contactMinutes: segment.contactMinutes ?? DEFAULT_CONTACT_MINUTES,
    contactSuccess: segment.contactSuccess ?? DEFAULT_CONTACT_SUCCESS,
    totalWeight: fields.reduce((sum, field) => sum + field.weight, 0),
    scratch: new Float64Array(2 * fields.length),
  };
}

/** The plan of an object before any policy: tracked fields with prior rates, weights and thresholds by priority. */
export function defaultPlan(fields: readonly FieldDef[], version = 0): FreshnessPlan {
  return compilePlan(version, [
    { id: 0, fields: fields.filter((field) => field.tracked && !field.retired).map(defaultFieldPlan) },
  ]);
}

/** One field's rule before any policy: its prior rate, weight and threshold of its priority (middle when it has none). */
export function defaultFieldPlan(field: FieldDef): FieldPlan {
  const priority = field.priority ?? 'middle';
  return {
    fieldId: field.id,
    weight: PRIORITY_WEIGHT[priority],
    hazard: { rate: priorOfField(field).rate, shape: 1 },
    threshold: PRIORITY_THRESHOLD[priority],
    minutes: field.minutes ?? DEFAULT_FIELD_MINUTES,
  };
}

export function segmentOf(plan: FreshnessPlan, state: RecordState): CompiledSegment {
  return (state.segment ? plan.segments.get(state.segment) : undefined) ?? plan.fallback;
}

/** Freshness, next due time and contact value of one record. Pure; over a million cells a second. @param now epoch milliseconds or a Date */
export function recordFreshness(plan: FreshnessPlan, state: RecordState, now: number | Date): RecordFreshness {
  const segment = segmentOf(plan, state);
  const at = +now;
  let score = 0;
  let dueAt: number | null = null;
  const cells: CellState[] = [];
  for (const field of segment.fields) {
    const cell = evaluate(field, state, at);
    score += field.weight * cell.confidence;
    if (cell.dueAt !== null && (dueAt === null || cell.dueAt < dueAt)) dueAt = cell.dueAt;
    cells.push(cell);
  }
  return {
    score: segment.totalWeight > 0 ? score / segment.totalWeight : 1,
    dueAt,
    dueValue: dueAt === null ? 0 : contactValue(segment, state, Math.max(at, dueAt)),
    cells,
  };
}

/** One cell now; null when the plan does not track the field. */
export function cellState(
  plan: FreshnessPlan,
  state: RecordState,
  fieldId: number,
  now: number | Date,
): CellState | null {
  const field = segmentOf(plan, state).fields.find((candidate) => candidate.fieldId === fieldId);
  return field === undefined ? null : evaluate(field, state, +now);
}

function evaluate(field: CompiledField, state: RecordState, now: number): CellState {
  const fieldId = field.fieldId;
  if (state.missing?.includes(fieldId)) return { fieldId, confidence: 0, state: 'missing', dueAt: null };
  const tuple = state.cells?.[field.key];
  const p0 = tuple ? tuple[0] : state.baseConfidence;
  const asOf = tuple ? tuple[1] * 1000 : +state.baseAt;
  const frailty = state.frailty ?? 1;
  const age = Math.max(0, now - asOf) / YEAR_MS;
  const confidence =
    p0 * (field.memoryless ? Math.exp(-field.hazard.rate * frailty * age) : survivalOf(field, frailty, age, tuple));
  const dueAt = crossing(field, p0, asOf, frailty, tuple);
  return { fieldId, confidence, state: nameState(field, confidence, p0, asOf, dueAt, now), dueAt };
}

function hazardOf(field: CompiledField, frailty: number): Hazard {
  return frailty === 1 ? field.hazard : { rate: field.hazard.rate * frailty, shape: field.hazard.shape };
}

function bornBefore(tuple: CellTuple | undefined): number {
  return tuple?.[4] == null ? 0 : Math.max(0, tuple[1] - tuple[4]) / (YEAR_MS / 1000);
}

function survivalOf(field: CompiledField, frailty: number, age: number, tuple: CellTuple | undefined): number {
  return survival(hazardOf(field, frailty), age, bornBefore(tuple));
}

function crossing(
  field: CompiledField,
  p0: number,
  asOf: number,
  frailty: number,
  tuple: CellTuple | undefined,
): number | null {
  // An interval counts from the last confirmation, which a signal is not; what is doubtful (an old file, a bounced mail) is due at once.
  const doubtful = field.threshold > 0 && p0 <= field.threshold;
  if (field.intervalDays > 0 && !doubtful)
    return (tuple ? settledAt(tuple) * 1000 : asOf) + field.intervalDays * DAY_MS;
  if (field.threshold <= 0) return null;
  if (p0 <= field.threshold) return asOf;
  const years = field.memoryless
    ? (field.logThreshold + Math.log(p0)) / (field.hazard.rate * frailty)
    : ageAt(hazardOf(field, frailty), field.threshold / p0, bornBefore(tuple));
  const due = asOf + years * YEAR_MS;
  return due < LAST_MOMENT ? due : null;
}

/** Year 9999: later crossings count as never, and a timestamptz holds everything before. */
const LAST_MOMENT = 253_370_764_800_000;
/** Share of the way to due after which a cell shows as aging. */
const AGING = 0.75;

function nameState(
  field: CompiledField,
  p: number,
  p0: number,
  asOf: number,
  dueAt: number | null,
  now: number,
): CellStateName {
  if (dueAt !== null) {
    if (now >= dueAt) return 'stale';
    return now >= asOf + AGING * (dueAt - asOf) ? 'aging' : 'fresh';
  }
  // Nothing says when to check it (or only in thousands of years): say what we believe.
  if (field.threshold > 0 && p0 > field.threshold) return 'fresh';
  return p >= 0.8 ? 'fresh' : p >= 0.5 ? 'aging' : 'stale';
}

/**
 * Value per minute of contacting the record's customer at a moment (freshness-model §3, bundling):
 * π·Σ index / (c₀ + Σ c), fields added, best index per minute first, while they raise the ratio.
 */
export function contactValue(segment: CompiledSegment, state: RecordState, at: number): number {
  const { scratch } = segment;
  let n = 0;
  for (const field of segment.fields) {
    if (state.missing?.includes(field.fieldId)) continue;
    const value = cellIndex(field, state, at);
    let i = n++;
    for (; i > 0 && (scratch[2 * i - 2] ?? 0) * field.minutes < value * (scratch[2 * i - 1] ?? 1); i--) {
      scratch[2 * i] = scratch[2 * i - 2] ?? 0;
      scratch[2 * i + 1] = scratch[2 * i - 1] ?? 1;
    }
    scratch[2 * i] = value;
    scratch[2 * i + 1] = field.minutes;
  }
  let value = 0;
  let minutes = segment.contactMinutes;
  for (let i = 0; i < n; i++) {
    const v = scratch[2 * i] ?? 0;
    const c = scratch[2 * i + 1] ?? 1;
    if (minutes > 0 && v * minutes <= value * c) break;
    value += v;
    minutes += c;
  }
  return minutes > 0 ? (segment.contactSuccess * value) / minutes : 0;
}

/** Index of verifying one non-empty cell at a moment, in weight × years (freshness-model §3). */
export function cellIndex(field: CompiledField, state: RecordState, at: number): number {
  const tuple = state.cells?.[field.key];
  const p0 = tuple ? tuple[0] : state.baseConfidence;
  const age = Math.max(0, at - (tuple ? tuple[1] * 1000 : +state.baseAt)) / YEAR_MS;
  const frailty = state.frailty ?? 1;
  if (field.memoryless) {
    const rate = frailty === 1 ? field.flooredRate : Math.max(RATE_FLOOR, field.hazard.rate * frailty);
    const x = p0 > 0 ? field.hazard.rate * frailty * age - Math.log(p0) : Number.POSITIVE_INFINITY;
    return (field.weight / rate) * freshnessGain(x);
  }
  // A value found changed starts anew; one found right keeps its age. The index prices the common second case.
  const born = bornBefore(tuple);
  return indexAtBelief(hazardOf(field, frailty), field.weight, p0 * survivalOf(field, frailty, age, tuple), born);
}
