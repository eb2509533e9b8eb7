/** One verification: how long after the last one, and whether the value was found changed. */
export interface Observation {
  /** Years since the cell was last known right, > 0. */
  interval: number;
  changed: boolean;
  /** Years the value had been unchanged when the interval began; only hazards with memory use it. */
  born?: number;
}

/** Gamma prior of a rate: density ∝ λ^(shape−1) e^(−exposure·λ); mean shape / exposure per year. */
export interface GammaPrior {
  shape: number;
  /** Years. */
  exposure: number;
}

/** No prior: maximum likelihood (Cho & Garcia-Molina, ACM TOIT 2003). */
export const FLAT: GammaPrior = { shape: 1, exposure: 0 };

/** A prior worth `changes` observed changes, centred on `rate` per year. */
export function priorAround(rate: number, changes: number): GammaPrior {
  return { shape: changes, exposure: changes / rate };
}

/** Observations boiled down: total unchanged time, and the intervals in which a change was found, with counts. */
export interface RateEvidence {
  unchanged: number;
  /** Distinct intervals and how often each. */
  intervals: readonly number[];
  counts: readonly number[];
  changes: number;
  observations: number;
}

/** Above this many distinct changed intervals they are merged into steps of 0.5 %, far below any interval's own effect on the estimate. */
const EXACT_INTERVALS = 512;

/** Boils observations down; the order does not matter. Intervals of 0 or less are left out. */
export function rateEvidence(observations: Iterable<Observation>): RateEvidence {
  let unchanged = 0;
  let seen = 0;
  const tally = new Map<number, number>();
  for (const { interval, changed } of observations) {
    if (!(interval > 0)) continue;
    seen++;
    if (changed) tally.set(interval, (tally.get(interval) ?? 0) + 1);
    else unchanged += interval;
  }
  return { unchanged, ...compact(tally), observations: seen };
}

/** Joins evidence of several groups. */
export function poolEvidence(parts: readonly RateEvidence[]): RateEvidence {
  const tally = new Map<number, number>();
  let unchanged = 0;
  let observations = 0;
  for (const part of parts) {
    unchanged += part.unchanged;
    observations += part.observations;
    for (const [i, interval] of part.intervals.entries())
      tally.set(interval, (tally.get(interval) ?? 0) + (part.counts[i] ?? 0));
  }
  return { unchanged, ...compact(tally), observations };
}

function compact(tally: Map<number, number>): Pick<RateEvidence, 'intervals' | 'counts' | 'changes'> {
  let merged = tally;
  if (tally.size > EXACT_INTERVALS) {
    merged = new Map();
    for (const [interval, count] of tally) {
      const step = Math.exp(Math.round(Math.log(interval) * 200) / 200);
      merged.set(step, (merged.get(step) ?? 0) + count);
    }
  }
  const counts = [...merged.values()];
  return { intervals: [...merged.keys()], counts, changes: counts.reduce((sum, count) => sum + count, 0) };
}

/** ln likelihood at `rate` per year: −λ·Σ unchanged + Σ changed ln(1 − e^(−λτ)). */
export function logLikelihood(evidence: RateEvidence, rate: number): number {
  let sum = -rate * evidence.unchanged;
  for (let i = 0; i < evidence.intervals.length; i++) {
    sum += (evidence.counts[i] ?? 0) * Math.log(-Math.expm1(-rate * (evidence.intervals[i] ?? 0)));
  }
  return sum;
}

/**
 * Mode of the posterior (MAP), or the maximum-likelihood rate with `FLAT`: the root of Σ_ch τ/(e^(λτ)−1) + (α−1)/λ = Σ_un τ + β, whose left side falls
 * with λ. 0 when nothing was ever found changed and the prior's shape is ≤ 1; Infinity when everything was, always, and the prior has no exposure.
 */
export function modeRate(evidence: RateEvidence, prior: GammaPrior = FLAT): number {
  return solveRate(evidence, prior.shape - 1, prior.exposure);
}

/** Root in λ of Σ_ch τ/(e^(λτ)−1) + a/λ = Σ_un τ + b, by bisection on ln λ after bracketing. */
function solveRate(evidence: RateEvidence, a: number, b: number): number {
  const right = evidence.unchanged + b;
  // Times λ, so that both ends stay finite: Σ x/(e^x − 1) + a − λ·right.
  const excess = (rate: number): number => {
    let sum = a - rate * right;
    for (let i = 0; i < evidence.intervals.length; i++) {
      const x = rate * (evidence.intervals[i] ?? 0);
      sum += (evidence.counts[i] ?? 0) * (x < 1e-8 ? 1 - x / 2 : x / Math.expm1(x));
    }
    return sum;
  };
  if (evidence.changes + a <= 0) return 0;
  if (right <= 0) return Number.POSITIVE_INFINITY;
  let low = Math.log((evidence.changes + a) / (right + sumChanged(evidence))) - 1;
  let high = low + 1;
  while (excess(Math.exp(low)) < 0) low -= 2;
  while (excess(Math.exp(high)) > 0) high += 2;
  for (let i = 0; i < 200 && high - low > 1e-15 * Math.max(1, Math.abs(low)); i++) {
    const middle = (low + high) / 2;
    if (excess(Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

function sumChanged(evidence: RateEvidence): number {
  return evidence.intervals.reduce((sum, interval, i) => sum + interval * (evidence.counts[i] ?? 0), 0);
}

/** What is known of a rate. Rates per year. */
export interface RateEstimate {
  mean: number;
  mode: number;
  median: number;
  /** Credible interval of probability `level`, equal tails. */
  low: number;
  high: number;
  level: number;
  observations: number;
  changes: number;
}

/** Jeffreys' prior of a Poisson rate; its intervals keep their frequency promise with few observations. */
export const JEFFREYS: GammaPrior = { shape: 0.5, exposure: 1e-6 };

const GRID = 800;

/**
 * Posterior of a rate on a grid over ln λ (no normal approximation, so it holds with 3 observations).
 * @param level probability of the interval, default 0.9
 */
export function estimateRate(evidence: RateEvidence, prior: GammaPrior = JEFFREYS, level = 0.9): RateEstimate {
  // In ln λ the density gains a factor λ, which makes it unimodal and proper for every shape > 0.
  const density = (logRate: number): number => {
    const rate = Math.exp(logRate);
    return logLikelihood(evidence, rate) + prior.shape * logRate - prior.exposure * rate;
  };
  const peak = Math.log(solveRate(evidence, prior.shape, prior.exposure));
  const top = density(peak);
  const low = edge(density, peak, top, -1);
  const high = edge(density, peak, top, 1);
  const step = (high - low) / GRID;
  const mass = Array.from({ length: GRID + 1 }, (_, i) => Math.exp(density(low + i * step) - top));
  const total = mass.reduce((sum, value) => sum + value, 0);
  const mean = mass.reduce((sum, value, i) => sum + value * Math.exp(low + i * step), 0) / total;
  const quantile = (share: number): number => Math.exp(low + step * quantileIndex(mass, share * total));
  return {
    mean,
    mode: modeRate(evidence, prior),
    median: quantile(0.5),
    low: quantile((1 - level) / 2),
    high: quantile((1 + level) / 2),
    level,
    observations: evidence.observations,
    changes: evidence.changes,
  };
}

/** Where the log density has fallen by 18 on one side of its peak. */
function edge(density: (x: number) => number, peak: number, top: number, sign: 1 | -1): number {
  let step = 1e-3;
  while (density(peak + sign * step) > top - 18 && step < 500) step *= 1.5;
  return peak + sign * step;
}

/** Position (in steps) at which the mass, each point spread half a step to both sides, reaches `target`. */
function quantileIndex(mass: readonly number[], target: number): number {
  let sum = 0;
  for (let i = 0; i < mass.length; i++) {
    const here = mass[i] ?? 0;
    if (sum + here >= target) return i - 0.5 + (target - sum) / here;
    sum += here;
  }
  return mass.length - 1;
}
