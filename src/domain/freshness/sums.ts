import type { RateEvidence } from './rate.ts';

/** What a rate is fitted from, small however many observations went in: the log-likelihood needs no more (freshness-model §2). */
export interface RateSums {
  observations: number;
  /** Years without a change. */
  unchanged: number;
  /** Intervals that ended in a change: step → how many. A step is one percent. */
  intervals: Record<string, number>;
}

export const NO_SUMS: Readonly<RateSums> = { observations: 0, unchanged: 0, intervals: {} };

const STEPS = 100;

/** Adds an observation. @param age years, > 0 @param weight −1 takes one away that was undone */
export function addObservation(sums: RateSums, age: number, changed: boolean, weight = 1): void {
  sums.observations += weight;
  if (!changed) {
    sums.unchanged = Math.max(0, sums.unchanged + weight * age);
    return;
  }
  const step = Math.round(Math.log(age) * STEPS);
  const count = (sums.intervals[step] ?? 0) + weight;
  if (count > 0) sums.intervals[step] = count;
  else delete sums.intervals[step];
}

/** The sums as the estimators take them. */
export function evidenceOfSums(sums: RateSums): RateEvidence {
  const entries = Object.entries(sums.intervals);
  const counts = entries.map(([, count]) => count);
  return {
    unchanged: sums.unchanged,
    intervals: entries.map(([step]) => Math.exp(Number(step) / STEPS)),
    counts,
    changes: counts.reduce((sum, count) => sum + count, 0),
    observations: sums.observations,
  };
}
