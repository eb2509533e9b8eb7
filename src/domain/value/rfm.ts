/** Four cuts that part customers into fifths, ascending; fewer where they are too few. */
export type Cuts = readonly number[];

export interface RfmCuts {
  /** Days since the last deal. */
  recency: Cuts;
  /** Deals of the period. */
  frequency: Cuts;
  /** What they were worth. */
  monetary: Cuts;
}

export interface RfmFacts {
  days: number;
  count: number;
  amount: number;
}

/**
 * Scores 1 (lowest fifth) to 5, as `5-4-3`: recency, frequency, monetary (Hughes, Strategic Database Marketing, 1994). Equal values have equal scores:
 * whoever is at a cut is above it.
 */
export function rfmOf({ days, count, amount }: RfmFacts, cuts: RfmCuts): string {
  // Long ago is low: what is over a cut of days falls by one.
  const recency = 5 - cuts.recency.filter((cut) => days > cut).length;
  return [recency, score(count, cuts.frequency), score(amount, cuts.monetary)].join('-');
}

const score = (value: number, cuts: Cuts): number => 1 + cuts.filter((cut) => value >= cut).length;
