import type { Source } from '../change/types.ts';
import { initialConfidence } from '../freshness/cell.ts';
import { type HoldReason, isRuleHold } from './origin.ts';

/** Share of amounts that are slips before anything is known of them: as many as are held (src/domain/anomaly). */
const SLIPS = 0.0035;

/**
 * What the author's word is worth, 0..1: as his source, or as the way he verified it by when that is worth more, times how far his word held so far.
 * @param verified confidence right after a verification of that kind @param reliability 0..1
 */
export function trustOf(source: Source, verified = 0, reliability = 1): number {
  return Math.max(initialConfidence(source), verified) * Math.min(1, Math.max(0, reliability));
}

/** Probability that a proposed value is right, 0..1: the author's word, or for an odd amount the odds against a slip when that is less. */
export function confidenceOf(trust: number, reason?: HoldReason): number {
  if (!reason || isRuleHold(reason)) return trust;
  const odds = Math.exp(reason.score) * (SLIPS / (1 - SLIPS));
  return Math.min(trust, 1 / (1 + odds));
}
