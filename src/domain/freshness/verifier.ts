/** How someone's verifications look beside what the model expected of the same values. */
export interface VerifierFigures {
  verifications: number;
  /** Most within one minute. */
  burst: number;
  changed: number;
  /** Σ probability that each had changed, as predicted before. */
  expected: number;
}

export type VerifierPattern = 'burst' | 'never-changes';

/** More in a minute than anybody can ask a customer. */
const BURST = 30;
/** Below this a lack of changes is hardly chance. */
const RARE = 0.01;

/**
 * Probability of finding at most `changed` changes when `expected` were to be found, Poisson; null when fewer than 3 were to be found.
 * Sums of unlike Bernoulli trials vary less than Poisson (Hoeffding 1956), so this errs on the side of the verifier.
 */
export function chanceOfSoFew(changed: number, expected: number): number | null {
  if (expected < 3) return null;
  let term = Math.exp(-expected);
  let sum = term;
  for (let k = 1; k <= changed; k++) {
    term *= expected / k;
    sum += term;
  }
  return Math.min(1, sum);
}

/** Patterns worth a second look: never proof, and for the steward's eyes only. */
export function patternsOf({ burst, changed, expected }: VerifierFigures): VerifierPattern[] {
  const chance = chanceOfSoFew(changed, expected);
  return [
    ...(burst >= BURST ? (['burst'] as const) : []),
    ...(chance !== null && chance < RARE ? (['never-changes'] as const) : []),
  ];
}
