import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { Query } from '../types.ts';
import type { Source } from './source.ts';
import { explain } from './strategy.ts';

/** Counting on is not worth waiting for: lists show "10,000+". */
export const COUNT_CAP = 10_001;

type Counted = Pick<Source, 'table' | 'where' | 'collect' | 'searchShare'>;

/** Beyond this share a walk meets 10,001 matches sooner than the search index lists them. */
const WALK_SHARE = 0.1;

const countWhere = (source: Counted) =>
  source.searchShare !== null && source.searchShare.guess > WALK_SHARE ? source.where : source.collect;

/**
 * How many rows match. `capped` stops at 10,001 (`exact: false` then); `estimated` is exact up to the cap and the planner's
 * estimate beyond.
 */
export async function countRows(
  db: Queryable,
  source: Counted,
  how: NonNullable<Query['count']>,
): Promise<{ value: number; exact: boolean } | undefined> {
  if (how === 'none') return undefined;
  if (how === 'exact') {
    const [row] = await db.query<{ n: number }>(
      sql`select count(*) as n from ${source.table} t where ${countWhere(source)}`,
    );
    return { value: row?.n ?? 0, exact: true };
  }
  if (how === 'estimated') {
    const plan = await explain(db, sql`select from ${source.table} t where ${countWhere(source)}`);
    const estimate = Math.round(plan['Plan Rows']);
    if (estimate > 10 * COUNT_CAP) return { value: estimate, exact: false };
    const capped = await cappedCount(db, source);
    return capped.exact ? capped : { value: Math.max(capped.value, estimate), exact: false };
  }
  return cappedCount(db, source);
}

async function cappedCount(db: Queryable, source: Counted): Promise<{ value: number; exact: boolean }> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(*) as n from (select from ${source.table} t where ${countWhere(source)} limit ${COUNT_CAP}) found`,
  );
  const value = row?.n ?? 0;
  return { value, exact: value < COUNT_CAP };
}
