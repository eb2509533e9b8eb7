/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.959964;

/**
 * Records to draw so that a share is known to ± `precision` at 95 %, with the correction for small populations (Cochran, Sampling Techniques, §4.4).
 * @param precision half width, 0..1 @param guess the share expected; 0.5 is the safe one
 */
export function sampleSize(precision: number, population: number, guess = 0.5): number {
  if (population <= 0) return 0;
  const endless = (Z * Z * guess * (1 - guess)) / (precision * precision);
  return Math.min(population, Math.ceil(endless / (1 + (endless - 1) / population)));
}

/** A share found in a sample, with its 95 % interval (Wilson 1927: holds its promise near 0 and 1 and with few). */
export interface Accuracy {
  share: number;
  low: number;
  high: number;
}

export function accuracyOf(right: number, checked: number): Accuracy | null {
  if (checked <= 0) return null;
  const share = right / checked;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * checked)) / (1 + z2 / checked);
  const half = (Z * Math.sqrt((share * (1 - share)) / checked + z2 / (4 * checked * checked))) / (1 + z2 / checked);
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
