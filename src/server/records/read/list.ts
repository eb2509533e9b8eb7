import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { textArray } from '../../platform/postgres/parsers.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import type { Ctx, Page, Query, Row } from '../types.ts';
import { listAsOf } from './as-of.ts';
import { countRows } from './count.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { noteDemand } from './demands.ts';
import { all } from './filter-sql.ts';
import { addFreshness } from './freshness-rows.ts';
import { type Found, type Part, pageStatement } from './page-sql.ts';
import { rowReader } from './row.ts';
import { joinsOf, type Phase, phaseSql, phasesOf } from './sort-key.ts';
import { cursorError, type ReadDeps, readQuery, type Source } from './source.ts';
import { chooseStrategy, type Strategy } from './strategy.ts';
import { titlesOf } from './titles.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

export async function list(deps: ReadDeps, ctx: Ctx, query: Query): Promise<Page> {
  const limit = Math.max(1, Math.min(query.page?.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
  if (query.asOf !== undefined) return listAsOf(deps, ctx, query, limit);
  const read = await readQuery(deps, ctx, query);
  const ready = noteDemand(deps, read, 'now');
  const strategy: Strategy | undefined = ready && read.alone ? { how: 'free' } : undefined;
  // Whose rows are some only walks the index of what he asked for, and passes those of others.
  const source = ready && read.asked ? { ...read, walked: read.asked } : read;
  const after = query.page?.after === undefined ? null : readCursor(source.plan, query.page.after);
  const [{ rows, next }, count] = await Promise.all([
    after === null
      ? readPage(deps.db, source, limit, null, query.page?.offset ?? 0, strategy)
      : readPage(deps.db, source, limit, after, 0, strategy).catch((e: unknown) => Promise.reject(cursorError(e))),
    countRows(deps.db, source, query.count ?? 'none'),
  ]);
  const [titles] = await Promise.all([
    titlesOf(deps, source, rows),
    query.freshness ? addFreshness(deps.db, source, rows) : undefined,
  ]);
  return { rows, ...(next && { next: writeCursor(source.plan, next) }), ...(count && { count }), titles };
}

/**
 * One page, from one statement per phase of the sort. Reads one row more to know whether a next page exists.
 */
export async function readPage(
  db: Queryable,
  source: Source,
  limit: number,
  after: Cursor | null,
  offset = 0,
  strategy?: Strategy,
): Promise<{ rows: Row[]; next?: Cursor }> {
  const how = strategy ?? (await chooseStrategy(db, source, limit + offset));
  // What is sorted anyway needs no index order, hence no phases.
  const phases: Phase[] = how.how === 'filtered' ? ['both'] : phasesOf(source.plan, source.filter);
  const found: Found[] = [];
  let skip = offset;
  for (const phase of phases) {
    if (after && phase === 'filled' && after.phase === 'empty') continue;
    const need = limit + 1 - found.length;
    if (need <= 0) break;
    const place = phase === 'both' || after?.phase === phase ? after : null;
    const rows = await readPhase(db, source, { phase, limit: need, place, offset: skip }, how);
    found.push(...rows);
    // Rows of the first phase that the offset went past are not to be skipped again.
    if (skip > 0 && phases.length > 1 && phase === 'filled')
      skip = rows.length > 0 ? 0 : skip - (await countPhase(db, source, phase));
  }
  const page = found.slice(0, limit);
  if (source.open) await source.open(page);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  return {
    rows: page.map(rowReader(source.fields, source.ctx.lang)),
    ...(more && { next: placeOf(source, last) }),
  };
}

function placeOf(source: Source, row: Found): Cursor {
  const values = textArray(row.$place);
  const empty = source.plan.keys[0]?.nullable === true && values[0] === null;
  return { phase: empty ? 'empty' : 'filled', id: row.id, values };
}

async function readPhase(db: Queryable, source: Source, part: Part, strategy: Strategy): Promise<Found[]> {
  const rows = await queryHot<Found>(db, pageStatement(source, part, strategy));
  // Fewer than asked for may mean that the window ended before the table did: the estimate was wrong, filter first after all.
  if (strategy.how !== 'ordered' || rows.length >= part.limit) return rows;
  return db.query<Found>(pageStatement(source, part, strategy.otherwise));
}

async function countPhase(db: Queryable, source: Source, phase: Phase): Promise<number> {
  const condition = phaseSql(source.plan, phase);
  const [row] = await db.query<{ n: number }>(
    sql`select count(*) as n from ${source.table} t ${joinsOf(source.plan)} where ${all([source.collect, ...(condition ? [condition] : [])])}`,
  );
  return row?.n ?? 0;
}
