import type { Thresholds } from './octant.ts';

/** What the deals of a firm's customers are like: quantiles over customers who ever bought. */
export interface Spread {
  /** Customers with a deal in the period, and ever. */
  buyers: number;
  customers: number;
  /** Medians over the buyers of the period; of years over all who ever bought. */
  medianCount: number;
  medianAmount: number;
  medianYears: number;
  /** The smallest amount among the largest customers who together make four fifths of it, and what share of the buyers they are. */
  fourFifths: { amount: number; share: number } | null;
}

/** Customers from which on figures of theirs say something. */
export const ENOUGH = 20;

/**
 * Thresholds from the data: the middle customer decides, so that each half of the cube is filled and no single large deal moves a border. Medians are
 * rounded to what people would say; nobody who buys once is frequent. null: too few to say.
 */
export function suggestThresholds(spread: Spread): Thresholds | null {
  if (spread.buyers < ENOUGH) return null;
  return {
    count: Math.max(2, Math.ceil(spread.medianCount)),
    amount: roundTo(spread.medianAmount),
    years: Math.max(0.5, Math.round(spread.medianYears * 2) / 2),
  };
}

/** Two digits: 23,871 → 24,000. */
function roundTo(amount: number): number {
  if (!(amount > 0)) return 1;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(amount)) - 1);
  return Math.max(1, Math.round(amount / step) * step);
}
