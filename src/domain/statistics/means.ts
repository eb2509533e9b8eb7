import { studentQuantile } from './student.ts';
import type { Interval } from './table.ts';

/** One unit of a comparison: its figure, and how much it counts for (values in it). */
export interface Unit {
  value: number;
  weight: number;
}

interface Mean {
  value: number;
  /** Of the mean; null with one unit only. */
  variance: number | null;
  df: number;
}

/** Weighted mean with the error that differences between units make: the ratio estimator (Cochran, Sampling Techniques, §6.4, §9A). Equal weights: the usual s²/k. */
function meanOf(units: readonly Unit[]): Mean {
  const total = units.reduce((sum, unit) => sum + unit.weight, 0);
  const value = total > 0 ? units.reduce((sum, unit) => sum + unit.weight * unit.value, 0) / total : 0;
  const k = units.length;
  if (k < 2 || total <= 0) return { value, variance: null, df: 0 };
  const squares = units.reduce((sum, unit) => sum + (unit.weight * (unit.value - value)) ** 2, 0);
  return { value, variance: ((squares / total ** 2) * k) / (k - 1), df: k - 1 };
}

/** A mean or a difference; without an interval where units are too few to have one. */
export interface Estimated {
  value: number;
  interval: Interval | null;
}

/** Mean over units with its 95 % interval by Student's t; none below `fewest` units. */
export function meanWithInterval(units: readonly Unit[], fewest = 3): Estimated {
  const { value, variance, df } = meanOf(units);
  if (variance === null || units.length < fewest) return { value, interval: null };
  return { value, interval: around(value, Math.sqrt(variance) * studentQuantile(0.05, df)) };
}

/**
 * Difference of two means over units with its 95 % interval (Welch 1947, degrees of freedom by Satterthwaite 1946). With units that are changes from
 * before to after, this is the difference in differences: each unit counts once, so that days of one unit, which are much alike, do not
 * pass for many (Bertrand, Duflo & Mullainathan, How much should we trust differences-in-differences estimates?, QJE 2004, §IV.C).
 */
export function meanDifference(a: readonly Unit[], b: readonly Unit[], fewest = 3): Estimated {
  const [first, second] = [meanOf(a), meanOf(b)];
  const value = first.value - second.value;
  if (first.variance === null || second.variance === null || Math.min(a.length, b.length) < fewest)
    return { value, interval: null };
  const variance = first.variance + second.variance;
  if (variance === 0) return { value, interval: around(value, 0) };
  const df = variance ** 2 / (first.variance ** 2 / first.df + second.variance ** 2 / second.df);
  return { value, interval: around(value, Math.sqrt(variance) * studentQuantile(0.05, df)) };
}

function around(value: number, half: number): Interval {
  return { value, low: value - half, high: value + half };
}
