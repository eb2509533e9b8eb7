import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { Source } from './source.ts';

/**
 * How to find the first rows of a filtered and sorted list. PostgreSQL prices an ordered index scan as if its heap pages
 * were read once for the whole scan and as if filter and sort were independent, so with LIMIT it prefers that scan far too
 * often: measured at 1,000,000 rows, 250 ms where filtering first takes 10. Hence the choice is made here from its own
 * estimates of the filter alone.
 */
export type Strategy =
  /** Let PostgreSQL decide: small tables, no filter. */
  | { how: 'free' }
  /** Walk the order and drop what does not match, but no more than `window` rows; then filter first after all. */
  | { how: 'ordered'; window: number; otherwise: Filtered }
  | Filtered;

/** Collect all matches by the indexes of the filter, or by that of the search, then sort. */
export interface Filtered {
  how: 'filtered';
  by: 'filter' | 'search';
}

/** Below this any plan is fast. */
const SMALL_TABLE = 20_000;
/** An ordered scan costs about one page access a row until it has touched all pages; doubled, as filter and sort often correlate. */
const COST_PER_ROW = 2.2;
const LEAST_WINDOW = 4_000;

interface PlanNode {
  'Plan Rows': number;
  'Total Cost': number;
}

type Asked = Pick<Source, 'table' | 'living' | 'walked' | 'where' | 'filtered' | 'searchShare' | 'unfiltered'>;

/** A choice holds for a minute: the same view is asked for again and again, and shares hardly move. */
const CHOICE_AGE_MS = 60_000;
const MOST_CHOICES = 1000;
const choices = new WeakMap<Queryable, Map<string, { choice: Promise<Strategy>; at: number }>>();

export async function chooseStrategy(db: Queryable, source: Asked, limit: number): Promise<Strategy> {
  if (source.unfiltered) return { how: 'free' };
  if (source.filtered !== source.where) return choose(db, source, limit);
  const key = `${source.table.sql} ${limit} ${source.walked.sql} ${source.where.sql} ${JSON.stringify(source.where.values)}`;
  const known = choices.get(db) ?? new Map<string, { choice: Promise<Strategy>; at: number }>();
  choices.set(db, known);
  const found = known.get(key);
  if (found && performance.now() - found.at < CHOICE_AGE_MS) return found.choice;
  if (known.size >= MOST_CHOICES) known.clear();
  const choice = choose(db, source, limit);
  known.set(key, { choice, at: performance.now() });
  choice.catch(() => known.delete(key));
  return choice;
}

async function choose(db: Queryable, source: Asked, limit: number): Promise<Strategy> {
  const rows = await tableRows(db, source.table);
  if (rows < SMALL_TABLE) return { how: 'free' };
  const { searchShare: share } = source;
  const filter = await explain(
    db,
    sql`select from ${source.table} t where ${share === null ? source.where : source.filtered}`,
  );
  const passed =
    source.walked === source.living
      ? rows
      : (await explain(db, sql`select from ${source.table} t where ${source.walked}`))['Plan Rows'];
  const matching = Math.max(1, filter['Plan Rows']);
  const walk = (limit * passed) / (matching * (share?.guess ?? 1));
  // Counting alone may live on an index; collecting visits each match, and its search entry when there is a text.
  const byFilter = filter['Total Cost'] + matching * (share === null ? VISIT_COST : HIT_COST);
  const bySearch = share === null ? Number.POSITIVE_INFINITY : share.most * rows * HIT_COST;
  const otherwise: Filtered = { how: 'filtered', by: bySearch < byFilter ? 'search' : 'filter' };
  if (walk * COST_PER_ROW >= Math.min(byFilter, bySearch)) return otherwise;
  return { how: 'ordered', window: Math.max(LEAST_WINDOW, Math.ceil(walk * 8)), otherwise };
}

const VISIT_COST = 0.5;
/** What a hit of the search index costs, in page accesses. */
const HIT_COST = 3;

/** The planner's estimate for a statement, without running it. */
export async function explain(db: Queryable, statement: Sql): Promise<PlanNode> {
  const [row] = await db.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(sql`explain (format json) ${statement}`);
  return row?.['QUERY PLAN'][0]?.Plan ?? { 'Plan Rows': 0, 'Total Cost': 0 };
}

const sizes = new WeakMap<Queryable, Map<string, { rows: number; at: number }>>();
const SIZE_AGE_MS = 60_000;

/** Rows of a table as ANALYZE last saw them. */
export async function tableRows(db: Queryable, table: Sql): Promise<number> {
  const known = sizes.get(db) ?? new Map<string, { rows: number; at: number }>();
  sizes.set(db, known);
  const found = known.get(table.sql);
  if (found && performance.now() - found.at < SIZE_AGE_MS) return found.rows;
  const [row] = await db.query<{ rows: number }>(
    sql`select greatest(reltuples, 0)::float8 as rows from pg_class where oid = to_regclass(${table.sql})`,
  );
  const rows = row?.rows ?? 0;
  known.set(table.sql, { rows, at: performance.now() });
  return rows;
}
