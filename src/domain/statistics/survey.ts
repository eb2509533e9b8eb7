import { type Accuracy, accuracyOf } from '../freshness/spot-check.ts';

/** Sums over the records looked at: `right` of `checked` values in each. */
export interface SurveySums {
  records: number;
  checked: number;
  right: number;
  /** Σ right², Σ right·checked, Σ checked² over records. */
  rr: number;
  rc: number;
  cc: number;
}

/**
 * Share of right values in a sample of records, with a 95 % interval that knows two things a plain one does not: values of one record are
 * alike (design effect), and of a small population much has been seen (finite population correction). Both change how many independent looks
 * the sample is worth; the interval is Wilson's at that size (Korn & Graubard 1998; Dean & Pagano, Evaluating confidence interval methods for
 * binomial proportions in clustered surveys, JSSAM 2015). Everything seen: no error. null: nothing was looked at.
 */
export function surveyAccuracy(sums: SurveySums, population: number): Accuracy | null {
  const { records, checked, right, rr, rc, cc } = sums;
  if (checked <= 0 || records <= 0) return null;
  const share = right / checked;
  const unseen = population > 1 ? Math.max(0, (population - records) / (population - 1)) : 0;
  if (unseen === 0) return { share, low: share, high: share };
  const spread = Math.max(0, rr - 2 * share * rc + share * share * cc);
  const plain = (share * (1 - share)) / checked;
  const clustered = records > 1 ? (spread * records) / (records - 1) / checked ** 2 : plain;
  // All alike says nothing of how alike; then a record counts as one look.
  const effect = plain > 0 ? Math.max(1, clustered / plain) : checked / records;
  const worth = checked / effect / unseen;
  return accuracyOf(share * worth, worth);
}
