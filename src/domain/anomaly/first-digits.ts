/** How the leading digits of many amounts compare with what amounts that grew by themselves have (Benford's law). */
export interface FirstDigits {
  values: number;
  /** Share of each leading digit, 1 to 9. */
  shares: number[];
  /** Mean absolute distance from Benford's shares; above 0.015 they do not conform (Nigrini, Benford's Law, 2012, table 7.1). */
  distance: number;
  /** null: too few, or within one power of ten, where the law says nothing. */
  conforms: boolean | null;
}

const FEWEST = 300;
const NONCONFORMING = 0.015;

/** A sign that amounts of a group were made up or all rounded to a limit; for a steward to look at, no reason to stop anyone. */
export function firstDigits(values: Iterable<number>): FirstDigits {
  const counts = new Array<number>(9).fill(0);
  let n = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue;
    const digit = Number(value.toExponential()[0]);
    counts[digit - 1] = (counts[digit - 1] ?? 0) + 1;
    n++;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const shares = counts.map((count) => (n > 0 ? count / n : 0));
  const distance = shares.reduce((sum, share, i) => sum + Math.abs(share - Math.log10(1 + 1 / (i + 1))), 0) / 9;
  const says = n >= FEWEST && high / low >= 100;
  return { values: n, shares, distance, conforms: says ? distance <= NONCONFORMING : null };
}
