import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { duplicates } from '../../../contract/duplicates.ts';
import { AppError } from '../../../contract/errors.ts';
import { modeOf } from '../../../domain/access/reach.ts';
import { type MatchSchema, similar } from '../../../domain/matching/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { findForEach } from './candidates.ts';
import type { DuplicatesDeps } from './deps.ts';
import { judgePair } from './found-pairs.ts';
import { readRows } from './list-duplicates.ts';
import { matcherFor } from './match-model.ts';
import { hashed, likelyKeys, matchRow, schemaOf } from './matchable.ts';

type Wish = z.output<NonNullable<typeof duplicates.compare.body>>;
type Compared = z.input<NonNullable<typeof duplicates.compare.response>>;

/** Records of the left list in one call, candidates looked at for each, matches told for each. */
const STEP = 200;
const CANDIDATES = 20;
const TOLD = 3;
const LEAST = 0.5;

/**
 * Which records of one list are in another: two views of an object, or two objects whose fields are of the same kinds. One step of the left list at
 * a time; within what the caller sees and reads on both sides. Pairs that somebody told apart are left out.
 */
export async function compareLists(deps: DuplicatesDeps, ctx: Ctx, wish: Wish): Promise<Compared> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const [left, right] = [objectOf(catalog, wish.left.object), objectOf(catalog, wish.right.object)];
  for (const { name } of [left, right])
    if (!ctx.access.objects[name]?.actions.includes('read')) throw new AppError('object-unknown', { object: name });
  const columns = sharedColumns(readable(ctx, left), readable(ctx, right));
  if (columns.size === 0) throw new AppError('nothing-to-compare');
  const matcher = await matcherFor(deps.db, ctx.workspace, right, (column) => columns.has(column));
  const page = await deps.read.list(ctx, {
    object: left.name,
    page: { limit: STEP, ...(wish.after !== undefined && { after: wish.after }) },
    count: wish.after === undefined ? 'capped' : 'none',
    ...(wish.left.filter && { filter: wish.left.filter }),
  });
  const own = page.rows.map((row) => ({
    id: row.id,
    title: titleOf(left, row),
    row: asRight(row, columns, matcher.schema),
  }));
  const keys = own.map(({ row }) => hashed(likelyKeys(row, matcher.schema)));
  const candidates = await findForEach(deps.db, ctx.workspace, right, keys, CANDIDATES);
  const apart =
    left === right
      ? await toldApart(
          deps,
          ctx,
          own.map(({ id }) => id),
        )
      : new Set<string>();
  const wanted = [...new Set([...candidates.values()].flat())];
  const { rows } = await readRows(deps, ctx, right, wanted, wish.right.filter);
  const known = new Map([...rows].map(([id, row]) => [id, matchRow(row.values, matcher.schema)]));
  const matches = own.flatMap((one, n) => {
    const ids = (candidates.get(n) ?? []).filter(
      (id) => id !== one.id && known.has(id) && !apart.has(`${one.id} ${id}`),
    );
    const found = similar(
      matcher,
      one.row,
      ids.map((id) => known.get(id) ?? {}),
      LEAST,
    ).slice(0, TOLD);
    return found.flatMap(({ index, record }) => {
      const row = rows.get(ids[index] ?? '');
      if (!row) return [];
      const { score, probability, reasons } = judgePair(matcher, one, { id: row.id, row: record });
      const side = { left: { id: one.id, title: one.title }, right: { id: row.id, title: titleOf(right, row) } };
      return [{ ...side, score, probability, reasons }];
    });
  });
  return {
    matches,
    looked: page.rows.length,
    ...(page.count && { total: page.count.value }),
    ...(page.next !== undefined && { next: page.next }),
  };
}

const titleOf = (object: ObjectDef, row: Row): string => String(row.values[object.title] ?? '');

function readable(ctx: Ctx, object: ObjectDef): MatchSchema {
  const access = ctx.access.objects[object.name];
  return { fields: schemaOf(object).fields.filter(({ column }) => ['read', 'edit'].includes(modeOf(access, column))) };
}

/** Kinds that mean the same under any name; numbers, texts and categories do so only under the same. */
const ANY_NAME = new Set(['company', 'person', 'phone', 'email', 'uscc', 'url', 'address']);

/** Right column → left column of the same kind: by name where there is one, else each once in order. */
function sharedColumns(left: MatchSchema, right: MatchSchema): Map<string, string> {
  const free = new Set(left.fields.map(({ column }) => column));
  const found = new Map<string, string>();
  const take = (to: string, from: string | undefined) => {
    if (from === undefined) return;
    found.set(to, from);
    free.delete(from);
  };
  for (const { column, kind } of right.fields)
    take(column, left.fields.find((one) => one.column === column && one.kind === kind)?.column);
  for (const { column, kind } of right.fields)
    if (!found.has(column) && ANY_NAME.has(kind))
      take(column, left.fields.find((one) => one.kind === kind && free.has(one.column))?.column);
  return found;
}

/** A row of the left object as one of the right. */
function asRight(row: Row, columns: ReadonlyMap<string, string>, schema: MatchSchema) {
  const values = Object.fromEntries([...columns].map(([to, from]) => [to, row.values[from]]));
  return matchRow(values, schema);
}

async function toldApart(deps: DuplicatesDeps, ctx: Ctx, ids: string[]): Promise<Set<string>> {
  const rows = await deps.db.query<{ a: string; b: string }>(sql`
    select a, b from ${tableOf(ctx.workspace, 'duplicate_pair')}
    where state = 'different' and (a = any(${ids}::uuid[]) or b = any(${ids}::uuid[]))`);
  return new Set(rows.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
}
