/** Milliseconds of a Julian year; rates everywhere in this package are per year. */
export const YEAR_MS = 365.25 * 86_400_000;
export const DAY_MS = 86_400_000;

/**
 * How a value of one kind goes out of date: cumulative hazard `(rate · age)^shape`.
 * `shape` 1 is memoryless (Poisson changes at `rate` per year); above 1 values wear out, below 1 the old ones are the steady ones.
 */
export interface Hazard {
  /** Per year, > 0. */
  rate: number;
  /** Weibull shape, > 0; 1 = exponential. */
  shape: number;
}

/** A memoryless hazard. @param rate changes per year, ≥ 0 */
export function memoryless(rate: number): Hazard {
  return { rate, shape: 1 };
}

/** Cumulative hazard from the birth of the value to `age` years. */
export function cumulative(hazard: Hazard, age: number): number {
  const x = hazard.rate * Math.max(0, age);
  return hazard.shape === 1 ? x : x ** hazard.shape;
}

/**
 * Probability that a value known right `age` years ago is still right.
 * @param born years between the value's last change and that moment; only matters when shape ≠ 1
 */
export function survival(hazard: Hazard, age: number, born = 0): number {
  if (hazard.shape === 1) return Math.exp(-hazard.rate * Math.max(0, age));
  return Math.exp(cumulative(hazard, born) - cumulative(hazard, born + Math.max(0, age)));
}

/** Years until survival falls to `p`: the inverse of `survival`. Infinity when it never does (rate 0). */
export function ageAt(hazard: Hazard, p: number, born = 0): number {
  if (p >= 1) return 0;
  if (p <= 0 || hazard.rate <= 0) return Number.POSITIVE_INFINITY;
  const h = -Math.log(p);
  if (hazard.shape === 1) return h / hazard.rate;
  return (cumulative(hazard, born) + h) ** (1 / hazard.shape) / hazard.rate - born;
}

/** ∫₀^age survival, in years: expected time the value stays right within `age` years of being verified. */
export function freshTime(hazard: Hazard, age: number, born = 0): number {
  if (age <= 0) return 0;
  if (hazard.rate <= 0) return age;
  if (hazard.shape === 1) return -Math.expm1(-hazard.rate * age) / hazard.rate;
  // For shape < 1 the integrand bends sharply at 0; s = age·u³ spreads that corner out, after which Gauss–Legendre is exact enough.
  // Beyond survival 1e−12 nothing is left to integrate.
  const end = Math.min(age, ageAt(hazard, 1e-12, born));
  const start = cumulative(hazard, born);
  let sum = 0;
  for (let i = 0; i < PANELS; i++) {
    for (let j = 0; j < NODES.length; j++) {
      const u = (i + 0.5 + 0.5 * (NODES[j] ?? 0)) / PANELS;
      const s = end * u ** 3;
      sum += (WEIGHTS[j] ?? 0) * 3 * u * u * Math.exp(start - cumulative(hazard, born + s));
    }
  }
  return (end * sum) / (2 * PANELS);
}

const PANELS = 4;
// Abramowitz & Stegun 25.4.30, n = 8.
const NODES = [
  -0.9602898564975363, -0.7966664774136267, -0.525532409916329, -0.1834346424956498, 0.1834346424956498,
  0.525532409916329, 0.7966664774136267, 0.9602898564975363,
];
const WEIGHTS = [
  0.1012285362903763, 0.2223810344533745, 0.3137066458778873, 0.362683783378362, 0.362683783378362, 0.3137066458778873,
  0.2223810344533745, 0.1012285362903763,
];

/** Mean share of time right when verified every `interval` years: `(1 − e^(−λI)) / (λI)` for a memoryless hazard. */
export function meanFreshness(hazard: Hazard, interval: number): number {
  if (interval <= 0) return 1;
  if (interval === Number.POSITIVE_INFINITY) return hazard.rate > 0 ? 0 : 1;
  const x = hazard.rate * interval;
  if (hazard.shape === 1 && x < 1e-5) return 1 - x / 2 + (x * x) / 6;
  return freshTime(hazard, interval) / interval;
}

/**
 * Worth of verifying now a cell that was right `age` years ago, in weight × years of rightness:
 * `w · (∫₀^a S − a·S(a))`, which is `(w/λ)(1 − (1 + λa)e^(−λa))` without memory.
 * Azar, Horvitz, Lubetzky, Peres & Shahaf, PNAS 2018 (greedy index for freshness); equals the price μ·c at the optimal interval.
 */
export function indexAtAge(hazard: Hazard, weight: number, age: number, born = 0): number {
  if (age <= 0 || hazard.rate <= 0) return 0;
  if (hazard.shape === 1) return (weight / hazard.rate) * freshnessGain(hazard.rate * age);
  if (age === Number.POSITIVE_INFINITY) return weight * freshTime(hazard, ageAt(hazard, 1e-12, born), born);
  return Math.max(0, weight * (freshTime(hazard, age, born) - age * survival(hazard, age, born)));
}

/** `1 − (1 + x)e^(−x)`, without cancellation near 0. */
export function freshnessGain(x: number): number {
  if (x < 1e-3) return x * x * (0.5 - x / 3 + (x * x) / 8);
  if (x > 700) return 1;
  return 1 - (1 + x) * Math.exp(-x);
}

/** Below this rate a value counts as lasting a century: keeps the index of nearly immortal fields finite. */
export const RATE_FLOOR = 0.01;

/** Index of a cell by belief `p` instead of age (the age at which survival equals `p`). @param p 0..1 */
export function indexAtBelief(hazard: Hazard, weight: number, p: number, born = 0): number {
  const rate = Math.max(hazard.rate, RATE_FLOOR);
  if (hazard.shape === 1) return (weight / rate) * (p <= 0 ? 1 : freshnessGain(-Math.log(Math.min(1, p))));
  const floored = { rate, shape: hazard.shape };
  return indexAtAge(floored, weight, ageAt(floored, p, born), born);
}
