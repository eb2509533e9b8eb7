import { type Hazard, survival } from './hazard.ts';
import { FIRST_LIKENESS } from './levels.ts';

/** One find, or share of one, at some field of a record. */
export interface FoundOfRecord {
  /** Years, > 0. */
  age: number;
  changed: boolean;
  /** Share of a find; below 0: taken back. */
  weight: number;
}

/** A record is not taken for more unlike its segment than this: finds of one hand on one day are not independent. */
const MOST = 4;

/**
 * How much faster a record changes than its segment (gamma frailty, freshness-model §2a): (s + c)/(s + E) with c changes found where its segment's
 * rates let E be found. Both count finds, not years, so that a long interval with one change found is not taken for a slow record.
 * @param found all finds of the record, each with the hazard of its field in its segment; without one it is left out
 * @param likeness Gamma shape: how alike records are
 */
export function frailtyOf(
  found: readonly (FoundOfRecord & { hazard: Hazard | undefined })[],
  likeness = FIRST_LIKENESS.record,
): number {
  let [changes, expected] = [0, 0];
  for (const { age, changed, weight, hazard } of found) {
    if (!hazard) continue;
    expected += weight * (1 - survival(hazard, age));
    if (changed) changes += weight;
  }
  const factor = (likeness + Math.max(0, changes)) / (likeness + Math.max(0, expected));
  return Math.min(MOST, Math.max(1 / MOST, factor));
}
