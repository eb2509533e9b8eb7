import sql from 'sql-template-tag';
import type { LearnedRate, LearnedRates } from '../../../domain/freshness/policy.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** A fitted rate of one field in one segment. */
export interface FittedRate extends LearnedRate {
  field: number;
  /** Key of the segment's filter; '' for the records in none. */
  segment: string;
  /** Changes per year, posterior mean, with the ends of its 90 % interval. */
  mean: number;
  low: number;
  high: number;
  observations: number;
  changes: number;
  at: Date;
}

export async function readFits(on: Queryable, workspace: string): Promise<FittedRate[]> {
  return on.query<FittedRate & Record<string, unknown>>(sql`
    select field, segment, rate as mean, used as rate, shape, low, high, observations, changes, at
    from ${tableOf(workspace, 'rate_fit')} order by field, segment`);
}

/** Rates in force, for the compiler of policies. */
export function learnedRates(fits: readonly FittedRate[]): LearnedRates {
  const byKey = new Map(fits.map((fit) => [`${fit.field} ${fit.segment}`, fit]));
  return (field, segment) => byKey.get(`${field} ${segment}`);
}
