import { logGamma } from '../freshness/special.ts';
import { accuracyOf } from '../freshness/spot-check.ts';

/** A figure with the ends of its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Units of one group: how many, and how many of them had the outcome. */
export interface Group {
  hits: number;
  n: number;
}

/** Fewer units than this in a group and nothing is said: at 20 a 95 % interval of a share is about ± 20 points wide. */
export const FEWEST = 20;
/** An expected count below this and the exact test is asked instead of trusting large-sample intervals alone (Cochran 1954). */
const SMALL = 5;

export interface Comparison {
  a: Interval;
  b: Interval;
  /** Share of `a` less that of `b`. */
  difference: Interval;
  /** Fisher's exact test, two-sided, where an expected count is below 5; null where counts are large enough for the interval to speak. */
  exact: number | null;
  /** `few`: a group is too small to say anything; else whether 0 is outside the interval, or, where asked, the exact test is below 0.05. */
  verdict: 'few' | 'apart' | 'not-apart';
}

/** Wilson 1927, as spot checks use it; {0, 0, 1} of nothing. */
function shareOf({ hits, n }: Group): Interval {
  const found = accuracyOf(hits, n);
  return found ? { value: found.share, low: found.low, high: found.high } : { value: 0, low: 0, high: 1 };
}

/**
 * Two shares and their difference with its 95 % interval from the ends of both Wilson intervals (Newcombe, Interval estimation for the difference
 * between independent proportions, Statistics in Medicine 17, 1998, method 10). Says how far apart they are, never why.
 */
export function compareShares(first: Group, second: Group): Comparison {
  const [a, b] = [shareOf(first), shareOf(second)];
  const value = a.value - b.value;
  const difference = {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
  const total = first.n + second.n;
  const hits = first.hits + second.hits;
  const least = total > 0 ? (Math.min(first.n, second.n) * Math.min(hits, total - hits)) / total : 0;
  const exact = total > 0 && least < SMALL ? fisherExact(first, second) : null;
  const apart = exact === null ? difference.low > 0 || difference.high < 0 : exact < 0.05;
  const few = Math.min(first.n, second.n) < FEWEST;
  return { a, b, difference, exact, verdict: few ? 'few' : apart ? 'apart' : 'not-apart' };
}

/** Fisher's exact test of a 2×2 table, two-sided: tables no likelier than the one seen, at fixed margins (as R's fisher.test). */
export function fisherExact(first: Group, second: Group): number {
  const hits = first.hits + second.hits;
  const low = Math.max(0, hits - second.n);
  const high = Math.min(hits, first.n);
  const choose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const all = choose(first.n + second.n, hits);
  const chance = (k: number) => Math.exp(choose(first.n, k) + choose(second.n, hits - k) - all);
  // A hair of slack: tables as likely as the one seen count, whatever rounding says.
  const seen = chance(first.hits) * (1 + 1e-7);
  let sum = 0;
  for (let k = low; k <= high; k++) {
    const p = chance(k);
    if (p <= seen) sum += p;
  }
  return Math.min(1, sum);
}
