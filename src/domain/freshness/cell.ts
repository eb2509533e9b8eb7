import type { Source } from '../change/types.ts';
import { type EvidenceKind, evidenceKind } from './evidence.ts';
import { type Hazard, survival, YEAR_MS } from './hazard.ts';

export { EVIDENCE, type EvidenceKind, fieldsOfKind, isSignal, isVerification } from './evidence.ts';

/** What is believed of one cell: the probability that it is right, and the moment that held. */
export interface Belief {
  /** 0..1 at `asOf`. */
  confidence: number;
  /** Epoch milliseconds. */
  asOf: number;
}

/**
 * Belief now: `p(t) = p₀ · survival(age)` (freshness-model §1). Moments before `asOf` count as `asOf`.
 * @param now epoch milliseconds @param changedAt last known change of the value, epoch milliseconds; only a hazard with memory uses it
 */
export function beliefAt(belief: Belief, hazard: Hazard, now: number, changedAt?: number | null): number {
  const age = Math.max(0, now - belief.asOf) / YEAR_MS;
  const born = changedAt == null ? 0 : Math.max(0, belief.asOf - changedAt) / YEAR_MS;
  return belief.confidence * survival(hazard, age, born);
}

/** Bayes: `p·L₁ / (p·L₁ + (1−p)·L₀)`. Evidence impossible under both leaves p as it is. */
export function bayes(p: number, ifRight: number, ifWrong: number): number {
  const right = p * ifRight;
  const total = right + (1 - p) * ifWrong;
  return total > 0 ? right / total : p;
}

/**
 * Belief after evidence.
 * @param p belief before, 0..1
 * @param kind a row of the evidence table, or the name of a default one; an unknown name throws RangeError
 * @param reliability 0..1, how far this verifier's word counts (B14): the result is mixed with the belief before
 */
export function applyEvidence(p: number, kind: EvidenceKind | string, reliability = 1): number {
  const row = typeof kind === 'string' ? evidenceKind(kind) : kind;
  if (row === undefined) throw new RangeError(`unknown evidence kind: ${String(kind)}`);
  // A verification never lowers a belief that is already higher (customer 0.999, then a phone call 0.99).
  const after =
    row.confidence !== undefined
      ? Math.max(p, row.confidence)
      : bayes(p, row.ifRight ?? 1, row.ifWrong ?? 1) * (1 - (row.changes ?? 0));
  return p + Math.min(1, Math.max(0, reliability)) * (after - p);
}

/**
 * Belief in a value at the moment it arrives, by the door it came through. Own estimates, of this order: the customer's own word counts like a
 * verification; what a colleague types is right but for typing errors. A file of unknown age is taken to be a year old: 0.97 · e^(−0.2485) = 0.76 (22 % a
 * year lost, freshness-model §2), so that after the first import there is something to verify today.
 */
export const INITIAL_CONFIDENCE: Readonly<Record<Source, number>> = {
  customer: 0.999,
  form: 0.98,
  page: 0.97,
  sync: 0.93,
  api: 0.93,
  cli: 0.9,
  rule: 0.9,
  system: 0.9,
  import: 0.76,
};

/** Confidence of a newly written value. @param source the door; unknown ones count as an import */
export function initialConfidence(source: Source | string): number {
  return (INITIAL_CONFIDENCE as Record<string, number>)[source] ?? INITIAL_CONFIDENCE.import;
}
