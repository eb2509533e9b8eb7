import sql, { empty, type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { modeOf } from '../../../domain/access/reach.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';
import type { FoundPair } from './found-pairs.ts';
import { scannedAt } from './match-model.ts';

export interface DuplicateGroup {
  score: number;
  records: Row[];
  pairs: (FoundPair & { state: 'open' | 'later' | 'different' | 'merged' })[];
}

interface PairRow extends FoundPair {
  state: 'open' | 'later' | 'different' | 'merged';
  [column: string]: unknown;
}

/** Groups looked at for one page: those with fewer than two records in the reader's sight fall out. */
const LOOKED = 4;

/** Open groups, best first: each led by its best pair, with all pairs that hang on it. Only records the reader sees, only reasons of fields he reads. */
export async function listDuplicates(
  deps: DuplicatesDeps,
  ctx: Ctx,
  query: {
    object: string;
    limit?: number | undefined;
    after?: string | undefined;
    min?: number | undefined;
    max?: number | undefined;
  },
): Promise<{
  groups: DuplicateGroup[];
  next?: string;
  open: number;
  scannedAt: string | null;
  titles: Record<string, string>;
}> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), query.object);
  if (!ctx.access.objects[object.name]?.actions.includes('read'))
    throw new AppError('object-unknown', { object: query.object });
  const limit = query.limit ?? 20;
  const groups: DuplicateGroup[] = [];
  const titles: Record<string, string> = {};
  const band = sql`${query.min === undefined ? empty : sql`and p.score >= ${query.min}::real`}
    ${query.max === undefined ? empty : sql`and p.score < ${query.max}::real`}`;
  let after = query.after === undefined ? null : readPlace(query.after);
  let more = true;
  for (let look = 0; look < LOOKED && more && groups.length < limit; look++) {
    const heads = await readHeads(deps.db, ctx, object, band, after, limit - groups.length);
    more = heads.length === limit - groups.length;
    const last = heads.at(-1);
    if (last) after = last;
    const page = await expand(deps, ctx, object, heads);
    groups.push(...page.groups);
    Object.assign(titles, page.titles);
  }
  const [open, scanned] = await Promise.all([countOpen(deps, ctx, object), scannedAt(deps.db, ctx.workspace, object)]);
  return {
    groups,
    ...(more && after && { next: `${after.score}_${after.a}_${after.b}` }),
    open,
    scannedAt: scanned?.toISOString() ?? null,
    titles,
  };
}

/** Pairs looked at to count those in sight, where not every row is. */
const COUNTED = 300;

/** Pairs in the queue of an object that the reader sees. */
export async function countOpen(
  deps: Pick<DuplicatesDeps, 'db' | 'read'>,
  ctx: Ctx,
  object: ObjectDef,
): Promise<number> {
  const queue = sql`from ${tableOf(ctx.workspace, 'duplicate_pair')} p
    where object = ${object.id} and state in ('open', 'later') and ${waiting(ctx)}`;
  if (ctx.access.objects[object.name]?.rows === true) {
    const [count] = await deps.db.query<{ n: number }>(sql`select count(*)::int as n ${queue}`);
    return count?.n ?? 0;
  }
  const pairs = await deps.db.query<{ a: string; b: string }>(
    sql`select a, b ${queue} order by score desc limit ${COUNTED}`,
  );
  const { rows } = await readRows(deps, ctx, object, [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]);
  return pairs.filter(({ a, b }) => rows.has(a) && rows.has(b)).length;
}

/** In the queue: open, or put off until a day that has come. */
function waiting(ctx: Ctx, alias = sql`p`): Sql {
  return sql`(${alias}.state = 'open' or (${alias}.state = 'later' and ${alias}.later_until <= ${ctx.at}::timestamptz))`;
}

type Place = Pick<PairRow, 'a' | 'b' | 'score'>;

/** Pairs that no better one shares a record with. */
function readHeads(
  on: Queryable,
  ctx: Ctx,
  object: ObjectDef,
  band: Sql,
  after: Place | null,
  limit: number,
): Promise<PairRow[]> {
  const table = tableOf(ctx.workspace, 'duplicate_pair');
  const better = (
    side: Sql,
  ) => sql`not exists (select from ${table} q where q.${side} in (p.a, p.b) and ${waiting(ctx, sql`q`)}
    and (q.score, q.a, q.b) > (p.score, p.a, p.b))`;
  return on.query<PairRow>(sql`
    select a, b, score, probability, reasons, state from ${table} p
    where object = ${object.id} and state in ('open', 'later') and ${waiting(ctx)} ${band} and ${better(sql`a`)} and ${better(sql`b`)}
      ${after ? sql`and (p.score, p.a, p.b) < (${after.score}::real, ${after.a}::uuid, ${after.b}::uuid)` : empty}
    order by score desc, a desc, b desc limit ${limit}`);
}

async function expand(
  deps: DuplicatesDeps,
  ctx: Ctx,
  object: ObjectDef,
  heads: PairRow[],
): Promise<{ groups: DuplicateGroup[]; titles: Record<string, string> }> {
  if (heads.length === 0) return { groups: [], titles: {} };
  const ids = heads.flatMap(({ a, b }) => [a, b]);
  const pairs = await deps.db.query<PairRow>(sql`
    select a, b, score, probability, reasons, state from ${tableOf(ctx.workspace, 'duplicate_pair')} p
    where object = ${object.id} and ${waiting(ctx)} and (a = any(${ids}::uuid[]) or b = any(${ids}::uuid[]))
    order by score desc limit 2000`);
  const { rows, titles } = await readRows(deps, ctx, object, [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]);
  const readable = (column: string): boolean =>
    ['read', 'edit'].includes(modeOf(ctx.access.objects[object.name], column));
  const groups = heads.flatMap((head) => {
    const own = pairs.filter(({ a, b }) => [a, b].some((id) => id === head.a || id === head.b));
    // A pair that is one by what the reader can't read would tell him that.
    const plain = own.map((pair) => ({ ...pair, reasons: pair.reasons.filter(({ column }) => readable(column)) }));
    const seen = plain.filter(({ a, b, reasons }) => rows.has(a) && rows.has(b) && reasons.length > 0);
    const members = [...new Set(seen.flatMap(({ a, b }) => [a, b]))];
    if (!seen.some(({ a, b }) => a === head.a && b === head.b)) return [];
    return [
      {
        score: head.score,
        records: members.flatMap((id) => rows.get(id) ?? []),
        pairs: seen,
      },
    ];
  });
  return { groups, titles };
}

/** Rows as the reader sees them; those out of sight are not there. */
export async function readRows(
  deps: Pick<DuplicatesDeps, 'read'>,
  ctx: Ctx,
  object: ObjectDef,
  ids: string[],
  within?: Filter,
  fields?: string[],
): Promise<{ rows: Map<string, Row>; titles: Record<string, string> }> {
  const rows = new Map<string, Row>();
  const titles: Record<string, string> = {};
  for (let from = 0; from < ids.length; from += 200) {
    const part = ids.slice(from, from + 200);
    const these: Filter = { field: '$id', op: 'in', value: part };
    const filter = within ? { all: [these, within] } : these;
    const page = await deps.read.list(ctx, {
      ...{ object: object.name, filter, page: { limit: 200 }, count: 'none' },
      ...(fields && { fields }),
    });
    for (const row of page.rows) rows.set(row.id, row);
    Object.assign(titles, page.titles);
  }
  return { rows, titles };
}

function readPlace(text: string): Place {
  const [score = '', a = '', b = ''] = text.split('_');
  if (!Number.isFinite(Number(score)) || !UUID.test(a) || !UUID.test(b))
    throw new AppError('bad-request', { detail: 'after' });
  return { score: Number(score), a, b };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
