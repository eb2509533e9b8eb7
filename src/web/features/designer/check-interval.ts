/** `survival(age) = e^(−λ·age)`; the interval after which confidence falls to ρ is −ln(ρ)/λ (freshness-model.md 3). */
const daysPerYear = 365.25;
/** Threshold at which the designer says “check again”; a policy may choose another. */
const threshold = 0.9;

/** Days after which a field that changes `rate` times a year should be checked. */
export const intervalOf = (rate: number): number =>
  Math.max(1, Math.round((-Math.log(threshold) / rate) * daysPerYear));

/** The change rate a person means by “check every n days”. */
export const rateOf = (days: number): number => (-Math.log(threshold) / days) * daysPerYear;
