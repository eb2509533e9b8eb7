import sql, { empty, join, type Sql } from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { TableRow } from '../catalog/columns.ts';
import type { Ctx, Page, Query, Row } from '../types.ts';
import { countRows } from './count.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { all } from './filter-sql.ts';
import { addFreshness } from './freshness-rows.ts';
import { selectSql, toRow } from './row.ts';
import { afterSql, joinsOf, keyText, orderSql, type Phase, phaseSql } from './sort-key.ts';
import { ALIAS, cursorError, type ReadDeps, readQuery, type Source } from './source.ts';
import { titlesOf } from './titles.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

export async function list(deps: ReadDeps, ctx: Ctx, query: Query): Promise<Page> {
  const source = await readQuery(deps, ctx, query);
  const limit = Math.max(1, Math.min(query.page?.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
  const after = query.page?.after === undefined ? null : readCursor(source.plan, query.page.after);
  const [{ rows, next }, count] = await Promise.all([
    after === null
      ? readPage(deps.db, source, limit, null, query.page?.offset ?? 0)
      : readPage(deps.db, source, limit, after).catch((e: unknown) => Promise.reject(cursorError(e))),
    countRows(deps.db, source, query.count ?? 'none'),
  ]);
  const [titles] = await Promise.all([
    titlesOf(deps, source, rows),
    query.freshness ? addFreshness(deps.db, source, rows) : undefined,
  ]);
  return { rows, ...(next && { next: writeCursor(source.plan, next) }), ...(count && { count }), titles };
}

type Found = TableRow & { place: (string | null)[] };

/** One page: at most two statements, one per phase of the sort. Reads one row more to know whether a next page exists. */
export async function readPage(
  db: Queryable,
  source: Source,
  limit: number,
  after: Cursor | null,
  offset = 0,
): Promise<{ rows: Row[]; next?: Cursor }> {
  const phases: Phase[] = source.plan.keys[0]?.nullable ? ['filled', 'empty'] : ['filled'];
  const found: { row: Found; phase: Phase }[] = [];
  let skip = offset;
  for (const phase of phases) {
    if (after && phase === 'filled' && after.phase === 'empty') continue;
    const need = limit + 1 - found.length;
    if (need <= 0) break;
    const place = after?.phase === phase ? after : null;
    const rows = await db.query<Found>(phaseStatement(source, phase, need, place, skip));
    found.push(...rows.map((row) => ({ row, phase })));
    // Rows of the first phase that the offset went past are not to be skipped again.
    if (skip > 0 && phases.length > 1 && phase === 'filled')
      skip = rows.length > 0 ? 0 : skip - (await countPhase(db, source, phase));
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  return {
    rows: page.map(({ row }) => toRow(row, source.fields, source.ctx.lang)),
    ...(more && { next: { phase: last.phase, id: last.row.id, values: last.row.place } }),
  };
}

/** Ids by the index first, rows after: neither a sort nor an offset drags wide rows along. */
function phaseStatement(source: Source, phase: Phase, limit: number, place: Cursor | null, offset: number): Sql {
  const { plan, table } = source;
  const where = all([
    source.where,
    ...[phaseSql(plan, phase)].filter((part): part is Sql => part !== null),
    ...(place ? [afterSql(plan, place, ALIAS)] : []),
  ]);
  const keys = plan.keys.length > 0 ? sql`array[${join(plan.keys.map(keyText), ', ')}]` : sql`array[]::text[]`;
  return sql`
    with page as materialized (
      select t.id, ${keys} as place from ${table} t ${joinsOf(plan)}
      where ${where} order by ${orderSql(plan, ALIAS)} limit ${limit}${offset > 0 ? sql` offset ${offset}` : empty}
    ), numbered as (select *, row_number() over () as n from page)
    select ${selectSql(source.fields, ALIAS)}, numbered.place from numbered join ${table} t on t.id = numbered.id order by n`;
}

async function countPhase(db: Queryable, source: Source, phase: Phase): Promise<number> {
  const condition = phaseSql(source.plan, phase);
  const [row] = await db.query<{ n: number }>(
    sql`select count(*) as n from ${source.table} t ${joinsOf(source.plan)} where ${all([source.where, ...(condition ? [condition] : [])])}`,
  );
  return row?.n ?? 0;
}
