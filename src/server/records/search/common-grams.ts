import sql from 'sql-template-tag';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';

/** From this share of entries on, a gram's posting list costs more than walking the newest entries. */
export const COMMON_SHARE = 0.005;
/** Entries looked at. A gram at the threshold is then seen about 100 times. */
const SAMPLE = 20_000;
const AGE_MS = 60_000;

/** Shares of the common grams of a workspace, cached for a minute. */
export type Shares = ReadonlyMap<number, number>;

const cache = new WeakMap<Queryable, Map<string, { shares: Shares; at: number }>>();

export async function commonGrams(db: Queryable, workspace: string): Promise<Shares> {
  const known = cache.get(db) ?? new Map<string, { shares: Shares; at: number }>();
  cache.set(db, known);
  const found = known.get(workspace);
  if (found && performance.now() - found.at < AGE_MS) return found.shares;
  const rows = await db.query<{ gram: number; share: number }>(
    sql`select gram, share from ${tableOf(workspace, 'search_common')}`,
  );
  const shares = new Map(rows.map((row) => [row.gram, row.share]));
  known.set(workspace, { shares, at: performance.now() });
  return shares;
}

/** Measures anew which grams are common, from a sample of pages. For a job: after imports and now and then. Returns how many there are. */
export async function refreshCommonGrams(db: Db, workspace: string): Promise<number> {
  const entries = tableOf(workspace, 'search_entry');
  const common = tableOf(workspace, 'search_common');
  const count = await db.tx(async (tx) => {
    const [size] = await tx.query<{ pages: number; rows: number }>(sql`
      select greatest(relpages, 1)::float8 as pages, greatest(reltuples, 0)::float8 as rows
      from pg_class where oid = to_regclass(${entries.sql})`);
    const percent = Math.min(100, (100 * SAMPLE) / Math.max(1, size?.rows ?? 0));
    await tx.query(sql`delete from ${common}`);
    const [made] = await tx.query<{ n: number }>(sql`
      with sample as materialized (select grams from ${entries} tablesample system (${percent})),
      total as (select count(*)::float8 as n from sample),
      added as (
        insert into ${common} (gram, share)
        select gram, (count(*) / max(total.n))::real from sample cross join lateral unnest(grams) gram cross join total
        group by gram having count(*) >= ${COMMON_SHARE} * max(total.n) and max(total.n) >= 1000
        returning 1
      ) select count(*) as n from added`);
    return made?.n ?? 0;
  });
  cache.get(db)?.delete(workspace);
  return count;
}
