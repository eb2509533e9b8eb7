import { ageAt, type Hazard, indexAtAge, meanFreshness } from './hazard.ts';

/** Cells that are planned alike: one field in one segment. */
export interface BudgetGroup {
  /** Number of cells, > 0; default 1. */
  count?: number;
  weight: number;
  hazard: Hazard;
  /** Cost of one verification in minutes (or any unit the budget has), > 0. */
  cost: number;
  /** A rule sets the interval (years): it uses budget first and is not optimised. */
  fixedInterval?: number;
}

export interface Optimum {
  /** Years between verifications per group; Infinity = not worth it. */
  intervals: number[];
  /** Verifications a year of one cell, per group (1 / interval). */
  frequencies: number[];
  /** Σ w·F / Σ w over all cells, 0..1. */
  freshness: number;
  /** Price μ: weighted freshness (Σ w·F) bought by one more unit of budget a year. */
  price: number;
  /** Cost a year of the plan; below the budget only when it cannot all be spent, above only when fixed rules exceed it. */
  spent: number;
  /** Cost a year of the fixed rules. */
  required: number;
}

/**
 * x with 1 − (1 + x)e^(−x) = y, 0 ≤ y < 1, to machine precision. Start: x ≈ √(2y) near 0 and the tail's fixed point near 1; then Newton, whose
 * error squares each round (3–4 rounds).
 */
export function inverseGain(y: number): number {
  if (y <= 0) return 0;
  if (y >= 1) return Number.POSITIVE_INFINITY;
  let x: number;
  if (y < 0.6) {
    const r = Math.sqrt(2 * y);
    x = r * (1 + r * (1 / 3 + r * (11 / 72 + 0.08 * r)));
  } else {
    const log = -Math.log1p(-y);
    x = log + Math.log1p(log + Math.log1p(log + 1));
  }
  for (let i = 0; i < 20; i++) {
    const e = Math.exp(-x);
    const gain = x < 1e-3 ? x * x * (0.5 - x / 3 + (x * x) / 8) : 1 - (1 + x) * e;
    const step = (gain - y) / (x * e);
    x = Math.max(x / 3, x - step);
    if (Math.abs(step) < 1e-13 * x) break;
  }
  return x;
}

/** Best interval (years) of a cell at price μ: the root of index(I) = μ·c. */
export function intervalAtPrice(hazard: Hazard, weight: number, cost: number, price: number): number {
  const target = price * cost;
  if (hazard.rate <= 0 || weight <= 0) return Number.POSITIVE_INFINITY;
  if (hazard.shape === 1) return inverseGain((target * hazard.rate) / weight) / hazard.rate;
  const longest = ageAt(hazard, 1e-9);
  if (indexAtAge(hazard, weight, longest) <= target) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = longest;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (indexAtAge(hazard, weight, middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Frequencies that make Σ w·F largest while Σ count·c/I ≤ budget (Cho & Garcia-Molina, TODS 2003; Azar et al., PNAS 2018): one price μ for all,
 * found by bisection on the budget.
 * @param budget cost units per year
 */
export function optimise(groups: readonly BudgetGroup[], budget: number): Optimum {
  const required = groups.reduce(
    (sum, group) => sum + (group.fixedInterval ? spending(group, group.fixedInterval) : 0),
    0,
  );
  const free = groups.filter((group) => !group.fixedInterval && group.weight > 0 && group.hazard.rate > 0);
  const left = budget - required;
  if (left <= 0 || free.length === 0) return planAtPrice(groups, Number.POSITIVE_INFINITY);
  // Above the dearest price nothing is worth it; spending grows without bound as the price falls to 0.
  const dearest = free.reduce(
    (most, group) => Math.max(most, indexAtAge(group.hazard, group.weight, Number.POSITIVE_INFINITY) / group.cost),
    0,
  );
  const cost = (logPrice: number): number => {
    const price = Math.exp(logPrice);
    let sum = 0;
    for (const group of free) sum += spending(group, intervalAtPrice(group.hazard, group.weight, group.cost, price));
    return sum;
  };
  let high = Math.log(dearest);
  let low = high - 1;
  while (cost(low) < left) {
    high = low;
    low -= 2;
  }
  const [a, b] = fallingRoot(cost, left, low, high);
  return between(groups, planAtPrice(groups, Math.exp(a)), planAtPrice(groups, Math.exp(b)), budget);
}

/** Bracket of the root of cost(x) = target, cost falling, cost(low) ≥ target ≥ cost(high): bisection sped up by the Illinois rule on ln cost. */
function fallingRoot(
  cost: (x: number) => number,
  target: number,
  low: number,
  high: number,
): [low: number, high: number] {
  const value = (x: number): number => Math.max(-50, Math.log(cost(x) / target));
  let [a, b] = [low, high];
  let fa = value(a);
  let fb = value(b);
  let side = 0;
  for (let i = 0; i < 100 && b - a > 1e-14 * Math.max(1, Math.abs(a)); i++) {
    // Every third step halves, so that a kink cannot stall the secant.
    const x = i % 3 === 2 || fa <= fb ? (a + b) / 2 : (a * fb - b * fa) / (fb - fa);
    const fx = value(x);
    if (fx === 0) return [x, x];
    if (fx > 0) {
      a = x;
      fa = fx;
      if (side === 1) fb /= 2;
      side = 1;
    } else {
      b = x;
      fb = fx;
      if (side === -1) fa /= 2;
      side = -1;
    }
  }
  return [a, b];
}

function spending(group: BudgetGroup, interval: number): number {
  return ((group.count ?? 1) * group.cost) / interval;
}

/** The plan when one unit of budget must buy `price` of weighted freshness; Infinity leaves only the fixed rules. */
export function planAtPrice(groups: readonly BudgetGroup[], price: number): Optimum {
  const best = (group: BudgetGroup): number => intervalAtPrice(group.hazard, group.weight, group.cost, price);
  return summarise(
    groups,
    groups.map((group) => group.fixedInterval ?? best(group)),
    price,
  );
}

function summarise(groups: readonly BudgetGroup[], intervals: number[], price: number): Optimum {
  let spent = 0;
  let required = 0;
  let fresh = 0;
  let weights = 0;
  for (const [i, group] of groups.entries()) {
    const count = group.count ?? 1;
    const interval = intervals[i] ?? Number.POSITIVE_INFINITY;
    spent += spending(group, interval);
    if (group.fixedInterval) required += spending(group, interval);
    fresh += count * group.weight * meanFreshness(group.hazard, interval);
    weights += count * group.weight;
  }
  return {
    intervals,
    frequencies: intervals.map((interval) => 1 / interval),
    freshness: weights > 0 ? fresh / weights : 1,
    price,
    spent,
    required,
  };
}

/**
 * The plan between two neighbouring prices that spends exactly the budget. Near the price at which a group drops out, its interval jumps from
 * tens of 1/λ to Infinity within the last digit of the price; sharing the frequencies keeps the budget spent.
 */
function between(groups: readonly BudgetGroup[], low: Optimum, high: Optimum, budget: number): Optimum {
  const gap = low.spent - high.spent;
  const share = gap > 0 ? Math.min(1, Math.max(0, (budget - high.spent) / gap)) : 1;
  return summarise(
    groups,
    low.frequencies.map((f, i) => 1 / (share * f + (1 - share) * (high.frequencies[i] ?? 0))),
    low.price,
  );
}

/** Budget a year that holds the freshness `target` (0..1); Infinity when no budget does. */
export function budgetFor(groups: readonly BudgetGroup[], target: number): number {
  if (planAtPrice(groups, Number.POSITIVE_INFINITY).freshness >= target)
    return planAtPrice(groups, Number.POSITIVE_INFINITY).required;
  if (target >= 1) return Number.POSITIVE_INFINITY;
  let low = -60;
  let high = 60;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (planAtPrice(groups, Math.exp(middle)).freshness >= target) low = middle;
    else high = middle;
  }
  const plan = planAtPrice(groups, Math.exp(low));
  return plan.freshness >= target - 1e-6 ? plan.spent : Number.POSITIVE_INFINITY;
}

/** Points of the curve budget ↦ freshness with the price at each: the advisor's plot. @param budgets cost units a year */
export function budgetCurve(
  groups: readonly BudgetGroup[],
  budgets: readonly number[],
): { budget: number; freshness: number; price: number }[] {
  return budgets.map((budget) => {
    const { freshness, price } = optimise(groups, budget);
    return { budget, freshness, price };
  });
}
