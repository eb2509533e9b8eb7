import {
  estimateRate,
  type GammaPrior,
  modeRate,
  poolEvidence,
  priorAround,
  type RateEstimate,
  type RateEvidence,
} from './rate.ts';
import { goldenMaximum, logGamma } from './special.ts';

/** Rates of several groups under one parent, and how alike the groups are. */
export interface ShrunkRates {
  /** Posterior of the parent's rate from all groups together. */
  parent: RateEstimate;
  /** Prior every group was given: centred on the parent, its shape the learned likeness (large = groups are alike). */
  prior: GammaPrior;
  groups: RateEstimate[];
}

/**
 * Empirical Bayes over groups (segments of a field, or fields of a kind): group rates are Gamma around the parent's; how tightly is learned by
 * marginal likelihood, so a group with 3 observations stays near its parent and one with 300 stands alone.
 * @param parentPrior prior of the parent's rate, e.g. `priorAround(0.2485, 2)`
 */
export function shrinkRates(groups: readonly RateEvidence[], parentPrior: GammaPrior, level = 0.9): ShrunkRates {
  const pooled = poolEvidence(groups);
  const start = modeRate(pooled, { shape: Math.max(1.5, parentPrior.shape), exposure: parentPrior.exposure });
  const shape = likeness(groups, parentPrior, start);
  const mean = bestMean(
    groups.map((group) => gammaView(group, start)),
    shape,
    parentPrior,
    start,
  );
  const prior = priorAround(mean, shape);
  return {
    parent: parentEstimate(groups, parentPrior, start, shape, mean, pooled, level),
    prior,
    groups: groups.map((group) => estimateRate(group, prior, level)),
  };
}

/** Evidence seen from a rate as if changes had been counted: `changes` in `exposure` years, matching slope and curvature of ln L over ln λ there. */
export interface GammaView {
  changes: number;
  exposure: number;
}

/** Local Gamma approximation; exact for unchanged intervals. Lets marginal likelihoods be written down in closed form. */
export function gammaView(evidence: RateEvidence, rate: number): GammaView {
  // With many changes the evidence has its own opinion of the rate: look from there, or the curvature is that of another place.
  const at = evidence.changes >= 3 ? modeRate(evidence, { shape: 2, exposure: 1 / rate }) : rate;
  let changes = 0;
  let exposure = evidence.unchanged;
  for (let i = 0; i < evidence.intervals.length; i++) {
    const count = evidence.counts[i] ?? 0;
    const [c, t] = changedView(at, evidence.intervals[i] ?? 0);
    changes += count * c;
    exposure += count * t;
  }
  return { changes, exposure };
}

/** [changes, exposure] that one interval with a found change is worth at `rate`: about [1, τ/2] when short, about nothing when long. */
export function changedView(rate: number, interval: number): [changes: number, exposure: number] {
  const x = rate * interval;
  if (x < 1e-4) return [1, interval / 2];
  if (x > 600) return [0, 0];
  const e = Math.expm1(x);
  const slope = x / e;
  const curvature = (x * (x * (e + 1) - e)) / (e * e);
  return [slope + curvature, curvature / rate];
}

/** ln marginal likelihood of a view when its rate is Gamma with this mean and shape (negative binomial, without constants of the data). */
export function logMarginal(view: GammaView, mean: number, shape: number): number {
  const exposure = shape / mean;
  return (
    logGamma(shape + view.changes) -
    logGamma(shape) +
    shape * Math.log(exposure) -
    (shape + view.changes) * Math.log(exposure + view.exposure)
  );
}

// Groups of one parent differ by a factor of two or so before anything is known: shape about 3, log-normal with a wide spread.
const SHAPE_CENTRE = Math.log(3);
const SHAPE_SPREAD = 1.5;

function likeness(groups: readonly RateEvidence[], parentPrior: GammaPrior, start: number): number {
  if (groups.length < 2) return Math.exp(SHAPE_CENTRE);
  const views = groups.map((group) => gammaView(group, start));
  const score = (logShape: number): number => {
    const shape = Math.exp(logShape);
    const mean = bestMean(views, shape, parentPrior, start);
    return objective(views, mean, shape, parentPrior) - 0.5 * ((logShape - SHAPE_CENTRE) / SHAPE_SPREAD) ** 2;
  };
  return Math.exp(goldenMaximum(score, Math.log(0.1), Math.log(300), 0.01));
}

function objective(views: readonly GammaView[], mean: number, shape: number, parentPrior: GammaPrior): number {
  let sum = parentPrior.shape * Math.log(mean) - parentPrior.exposure * mean;
  for (const view of views) sum += logMarginal(view, mean, shape);
  return sum;
}

function bestMean(views: readonly GammaView[], shape: number, parentPrior: GammaPrior, start: number): number {
  const centre = Math.log(start);
  return Math.exp(
    goldenMaximum((x) => objective(views, Math.exp(x), shape, parentPrior), centre - 5, centre + 5, 1e-4),
  );
}

/** The parent's rate with an interval that counts groups, not only observations: 300 checks in one segment don't settle the field. */
function parentEstimate(
  groups: readonly RateEvidence[],
  parentPrior: GammaPrior,
  start: number,
  shape: number,
  mean: number,
  pooled: RateEvidence,
  level: number,
): RateEstimate {
  if (groups.length < 2) return estimateRate(pooled, parentPrior, level);
  const views = groups.map((group) => gammaView(group, start));
  const h = 0.05;
  const at = (x: number): number => objective(views, mean * Math.exp(x), shape, parentPrior);
  const curvature = Math.max(1e-6, -(at(h) - 2 * at(0) + at(-h)) / (h * h));
  // The marginal of a mean under Gamma groups is itself near Gamma: same mode and curvature over ln λ.
  const summary = estimateRate(
    { unchanged: curvature / mean, intervals: [], counts: [], changes: 0, observations: 0 },
    { shape: curvature, exposure: 0 },
    level,
  );
  return { ...summary, mode: mean, observations: pooled.observations, changes: pooled.changes };
}
