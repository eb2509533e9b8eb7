import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { isRollup } from '../../../domain/schema/rollups.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { ident } from '../catalog/names.ts';
import type { Ctx, Page, Query, Row } from '../types.ts';
import { rowsAsOf } from './as-of-rows.ts';
import {
  collectPast,
  fieldNames,
  type Handle,
  handlesOf,
  matchingPast,
  type PastList,
  type PastPart,
  walkPast,
} from './as-of-sql.ts';
import { COUNT_CAP } from './count.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { noteDemand } from './demands.ts';
import { filterSql } from './filter-sql.ts';
import { refuse } from './scope.ts';
import { type Phase, phasesOf } from './sort-key.ts';
import { cursorError, type ReadDeps, readQuery, type Source } from './source.ts';
import { chooseStrategy, explain } from './strategy.ts';
import { titlesOf } from './titles.ts';

/** Candidates that one stream walks before the filter's own way is taken: each costs some microseconds of history look-up. */
const WALK = 10_000;

interface Found extends Record<string, unknown> {
  id: string;
  place: (string | null)[];
}

/** A page of the table as it was at `query.asOf` (E2). Sorts by one field; scope and field modes are those of today. */
export async function listAsOf(deps: ReadDeps, ctx: Ctx, query: Query, limit: number): Promise<Page> {
  const list = await readPast(deps, ctx, query);
  const { source, at } = list;
  noteDemand(deps, source, 'now');
  noteDemand(deps, source, 'past');
  const after = query.page?.after === undefined ? null : readCursor(source.plan, query.page.after);
  const [found, count] = await Promise.all([
    findPast(deps, list, limit + 1 + (query.page?.offset ?? 0), after).catch((e: unknown) =>
      Promise.reject(after ? cursorError(e) : e),
    ),
    countPast(deps, list, query.count ?? 'none'),
  ]);
  const page = found.slice(query.page?.offset ?? 0, (query.page?.offset ?? 0) + limit);
  const last = page.at(-1);
  const more = found.length > (query.page?.offset ?? 0) + limit && last;
  const rows = await rowsAsOf(
    deps.db,
    source,
    page.map((row) => row.id),
    at,
  );
  return {
    rows,
    ...(more && { next: writeCursor(source.plan, placeOf(source, last)) }),
    ...(count && { count }),
    titles: await titlesOf(deps, source, rows),
  };
}

/** All rows of a moment, page by page. */
export async function* streamAsOf(deps: ReadDeps, ctx: Ctx, query: Query, limit: number): AsyncGenerator<Row[]> {
  const list = await readPast(deps, ctx, query);
  let after: Cursor | null = null;
  for (;;) {
    const found: Found[] = await findPast(deps, list, limit, after);
    const last = found.at(-1);
    if (!last) return;
    yield await rowsAsOf(
      deps.db,
      list.source,
      found.map((row) => row.id),
      list.at,
    );
    if (found.length < limit) return;
    after = placeOf(list.source, last);
  }
}

/** One record as it was; `record-unknown` when it did not exist then or is out of sight today. */
export async function getAsOf(deps: ReadDeps, ctx: Ctx, object: string, id: string, asOf: string): Promise<Row> {
  const page = await listAsOf(deps, ctx, { object, asOf, filter: { field: '$id', op: 'eq', value: id } }, 1);
  const [row] = page.rows;
  if (!row) throw new AppError('record-unknown');
  return row;
}

/** Count per value of one field at a moment. The field is checked by the caller; values of sets count one by one. */
export async function groupAsOf(
  deps: ReadDeps,
  ctx: Ctx,
  query: Query,
  field: FieldDef,
  limit: number,
): Promise<{ value: unknown; count: number }[]> {
  const list = await readPast(deps, ctx, { ...query, sort: [] });
  const fields = list.fields.includes(field) ? list.fields : [...list.fields, field];
  const rows = matchingPast({ ...list, fields }, await bestHandle(deps, list.source));
  const column = sql`t.${ident(field.name)}`;
  const each =
    fieldType(field.type).kind === 'set'
      ? sql`left join lateral unnest(${column}) v on true`
      : sql`cross join lateral (select ${column} as v) x`;
  return deps.db.query<{ value: unknown; count: number }>(sql`
    select v as value, count(*) as count from (${rows}) t ${each} group by 1 order by 2 desc, 1 limit ${limit}`);
}

function placeOf(source: Source, row: Found): Cursor {
  const empty = source.plan.keys[0]?.nullable === true && row.place[0] === null;
  return { phase: empty ? 'empty' : 'filled', id: row.id, values: row.place };
}

/** History says what values were, not who looked after them: freshness and the last change can't be asked of the past. */
const TIMELESS = new Set(['$id', '$created_at', '$created_by']);

async function readPast(deps: ReadDeps, ctx: Ctx, query: Query): Promise<PastList> {
  const at = new Date(query.asOf ?? '');
  if (Number.isNaN(at.getTime()) || at.getTime() > ctx.at.getTime()) refuse([{ code: 'as-of' }]);
  const { search, deleted: _deleted, ...rest } = query;
  const sort = (query.sort ?? []).slice(0, 1);
  // Relative dates mean relative to the moment; the text is looked for in the titles of then.
  const then = { ...ctx, at };
  const shape = withoutRollups(await readQuery(deps, then, { ...rest, sort }));
  const filter = withSearch(query.filter, search, shape);
  const source =
    filter === query.filter ? shape : withoutRollups(await readQuery(deps, then, { ...rest, sort, filter } as Query));
  const names = [...(filter ? fieldNames(filter) : []), ...sort.map((s) => s.field.split('.')[0] ?? '')];
  const kept = new Set(source.sight.object.fields.filter(isRollup).map(({ name }) => name));
  const system = names.find((name) => (name.startsWith('$') && !TIMELESS.has(name)) || kept.has(name));
  if (system) refuse([{ code: 'filter-op', field: system, params: { field: system, op: 'asOf' } }]);
  const [key] = source.plan.keys;
  if (key && (key.joins !== null || key.type === 'text[]'))
    refuse([{ code: 'sort-field', field: key.field, params: { field: key.field } }]);
  const fields = source.sight.object.fields.filter((field) => names.includes(field.name));
  const sorted = fields.find((field) => field.name === key?.field) ?? null;
  return { source, at, fields, sorted };
}

/** Figures over other records have no past of their own: the present one would be wrong beside values of then. */
function withoutRollups(source: Source): Source {
  return { ...source, fields: source.fields.filter(({ field }) => !isRollup(field)) };
}

function withSearch(filter: Filter | undefined, search: string | undefined, { sight }: Source): Filter | undefined {
  const text = search?.trim();
  if (!text) return filter;
  const title: Filter = { field: sight.object.title, op: 'contains', value: text };
  return filter ? { all: [filter, title] } : title;
}

async function findPast(deps: ReadDeps, list: PastList, limit: number, after: Cursor | null): Promise<Found[]> {
  const { source } = list;
  const strategy = await chooseStrategy(deps.db, source, limit);
  const handle = strategy.how === 'free' && source.unfiltered ? null : await bestHandle(deps, source);
  if (strategy.how === 'filtered' && handle)
    return deps.db.query<Found>(collectPast(list, { phase: 'both', limit, place: after }, handle));
  const walked = await walk(deps, list, limit, after, Math.max(WALK, 4 * limit));
  if (walked.length >= limit) return walked;
  // Without a condition to look up, a longer walk is all that is left.
  if (!handle) return walk(deps, list, limit, after, Number.MAX_SAFE_INTEGER);
  return deps.db.query<Found>(collectPast(list, { phase: 'both', limit, place: after }, handle));
}

async function walk(
  deps: ReadDeps,
  list: PastList,
  limit: number,
  after: Cursor | null,
  window: number,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const phase of phasesOf(list.source.plan, list.source.filter) as Phase[]) {
    if (after && phase === 'filled' && after.phase === 'empty') continue;
    const part: PastPart = { phase, limit: limit - found.length, place: after?.phase === phase ? after : null };
    if (part.limit <= 0) break;
    found.push(...(await deps.db.query<Found>(walkPast(list, part, window))));
  }
  return found;
}

/** The condition that fewest rows fulfil. */
async function bestHandle(deps: ReadDeps, source: Source): Promise<Handle | null> {
  const priced = await Promise.all(
    handlesOf(source.filter, source).map(async (handle) => {
      const condition = filterSql(handle.leaf, source.sight.object, 't', source.env);
      const plan = await explain(
        deps.db,
        sql`select from ${source.table} t where t.deleted_at is null and ${condition}`,
      );
      return { handle, rows: plan['Plan Rows'] };
    }),
  );
  priced.sort((a, b) => a.rows - b.rows);
  return priced[0]?.handle ?? null;
}

async function countPast(deps: ReadDeps, list: PastList, how: NonNullable<Query['count']>): Promise<Page['count']> {
  if (how === 'none') return undefined;
  const handle = await bestHandle(deps, list.source);
  const rows = matchingPast(list, handle);
  const cap = how === 'exact' ? sql`` : sql`limit ${COUNT_CAP}`;
  const [counted] = await deps.db.query<{ n: number }>(
    sql`select count(*) as n from (select from (${rows}) t ${cap}) found`,
  );
  const value = counted?.n ?? 0;
  return { value, exact: how === 'exact' || value < COUNT_CAP };
}
