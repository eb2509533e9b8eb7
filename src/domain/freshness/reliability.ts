import { chanceOfSoFew } from './verifier.ts';

/** What is known of how far somebody's “still right” holds. */
export interface VerifierRecord {
  /** Blind re-checks of what he found right, by others. */
  rechecked: number;
  held: number;
  /** Σ probability that each was still right when looked at again, if he had truly looked. */
  expectedHeld: number;
  /** Changes he found himself, and how many were to be found where he looked. */
  changed: number;
  expected: number;
}

/** As if so many re-checks had held before the first one: a stranger is believed, and one unlucky re-check is no verdict. */
const TRUST = 10;
/** The same for finding changes. */
const FINDS = 5;
/** A lack of changes counts only where it is hardly chance. */
const RARE = 0.01;
/** Nobody's word is worth nothing. */
const LEAST = 0.1;

/**
 * How far somebody's confirmation counts, 0..1 (B14): re-checks that held for each that should have, and, where he finds far fewer changes than were
 * there, the share that he finds. Posterior means under the trust above.
 */
export function reliabilityOf({ held, expectedHeld, changed, expected }: VerifierRecord): number {
  const word = (TRUST + held) / (TRUST + expectedHeld);
  const chance = chanceOfSoFew(changed, expected);
  const eyes = chance !== null && chance < RARE ? (FINDS + changed) / (FINDS + expected) : 1;
  return Math.max(LEAST, Math.min(1, word) * eyes);
}
