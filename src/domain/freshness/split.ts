import { type GammaPrior, modeRate, poolEvidence, type RateEvidence } from './rate.ts';
import { gammaView, logMarginal } from './shrink.ts';

/** How well telling groups apart explains when values change. */
export interface SplitScore {
  /** ln of how many times more probable the observations are with a rate per group than with one for all; above 3 it is worth telling apart. */
  gain: number;
  /** Likeliest rate per group, changes per year, shrunk to the pooled one. */
  rates: number[];
}

/** Groups before anything is known of them differ by about a factor of two: Gamma of this shape around the pooled rate. */
const SHAPE = 3;

/**
 * Bayes factor of a split, in ln. Each group's rate is integrated out, so more groups don't win by being more.
 * @param prior of the pooled rate
 */
export function scoreSplit(groups: readonly RateEvidence[], prior: GammaPrior): SplitScore {
  const pooled = poolEvidence(groups);
  const rate = modeRate(pooled, { shape: Math.max(1.5, prior.shape), exposure: prior.exposure });
  const views = groups.map((group) => gammaView(group, rate));
  // One rate for all, near the pooled one: the same formula with a prior so tight that groups can't differ.
  const apart = views.reduce((sum, view) => sum + logMarginal(view, rate, SHAPE), 0);
  const together = views.reduce((sum, view) => sum + logMarginal(view, rate, 1e6), 0);
  return {
    gain: apart - together,
    rates: views.map((view) => (SHAPE + view.changes) / (SHAPE / rate + view.exposure)),
  };
}
