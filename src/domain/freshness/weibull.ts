import type { Hazard } from './hazard.ts';
import { modeRate, type Observation, rateEvidence } from './rate.ts';
import { goldenMaximum } from './special.ts';

/** Observations from which a hazard with memory is considered at all (freshness-model §2). */
export const WEIBULL_MINIMUM = 200;

export interface HazardFit {
  hazard: Hazard;
  /** −2 ln L + parameters · ln n; lower is better. */
  bic: number;
  logLikelihood: number;
}

/** Maximum-likelihood Weibull of one shape: with θ = λ^k the transformed intervals are exponential. */
function fitShape(observations: readonly Observation[], shape: number): HazardFit {
  const evidence = rateEvidence(
    observations.map(({ interval, changed, born = 0 }) => ({
      interval: (born + interval) ** shape - born ** shape,
      changed,
    })),
  );
  const theta = modeRate(evidence);
  let logLik = -theta * evidence.unchanged;
  if (theta > 0) {
    for (const [i, x] of evidence.intervals.entries())
      logLik += (evidence.counts[i] ?? 0) * Math.log(-Math.expm1(-theta * x));
  }
  const parameters = shape === 1 ? 1 : 2;
  return {
    hazard: { rate: theta ** (1 / shape), shape },
    bic: -2 * logLik + parameters * Math.log(Math.max(1, evidence.observations)),
    logLikelihood: logLik,
  };
}

/** The memoryless fit and the best Weibull. `born` of the observations matters here. */
export function fitHazards(observations: readonly Observation[]): { exponential: HazardFit; weibull: HazardFit } {
  const logShape = goldenMaximum(
    (x) => fitShape(observations, Math.exp(x)).logLikelihood,
    Math.log(0.2),
    Math.log(8),
    1e-3,
  );
  return { exponential: fitShape(observations, 1), weibull: fitShape(observations, Math.exp(logShape)) };
}

/** The hazard to use: Weibull when there are enough observations and BIC prefers it, else memoryless. */
export function chooseHazard(observations: readonly Observation[]): HazardFit {
  if (observations.length < WEIBULL_MINIMUM) return fitShape(observations, 1);
  const { exponential, weibull } = fitHazards(observations);
  return weibull.bic < exponential.bic ? weibull : exponential;
}
