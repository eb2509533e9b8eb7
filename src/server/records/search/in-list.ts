import sql, { type Sql } from 'sql-template-tag';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';
import { any, FALSE, type SqlEnv } from '../read/filter-sql.ts';
import { refuse } from '../read/scope.ts';
import type { Ctx } from '../types.ts';
import { commonGrams } from './common-grams.ts';
import { type HitScope, indexedHits, matchSql, union } from './hits-sql.ts';
import { planSearch } from './plan-search.ts';
import { isSearchable, readableDoc } from './readable-doc.ts';

/** A text typed over a list, as conditions on alias `t`. */
export interface ListSearch {
  /** For walking the list's order row by row. */
  each: Sql;
  /** For collecting all matches first. */
  collect: Sql;
  /** Share of rows that match, at most and probably; null when they are few. */
  share: { most: number; guess: number } | null;
}

/** More ids than this are not sent along; the condition is evaluated in place. */
const MOST_IDS = 20_000;

/** So many rare branches together may match. */
const LEAST_SHARE = 0.005;

/** Combines with filter, scope and sort of the list. 422 when the titles of the object may not be read in plain. */
export async function listSearch(db: Db, ctx: Ctx, object: ObjectDef, text: string, env: SqlEnv): Promise<ListSearch> {
  if (!isSearchable(object, ctx.access))
    refuse([{ code: 'filter-access', field: object.title, params: { field: object.title } }]);
  const plan = planSearch(text, await commonGrams(db, ctx.workspace));
  if (!plan) return { each: FALSE, collect: FALSE, share: null };
  const scope: HitScope = {
    workspace: ctx.workspace,
    objects: [object],
    doc: readableDoc(object, env),
  };
  const branches = [...plan.rare, ...plan.common];
  const indexed = union(branches.map((branch) => indexedHits(scope, branch, sql`s.record`)));
  if (plan.common.length === 0) {
    const rows = await db.query<{ record: string }>(sql`select record from (${indexed}) hits limit ${MOST_IDS + 1}`);
    if (rows.length <= MOST_IDS) {
      const ids = sql`t.id = any(${[...new Set(rows.map((row) => row.record))]}::uuid[])`;
      return { each: ids, collect: ids, share: null };
    }
  }
  const likes = any(branches.map((branch) => matchSql(branch, scope.doc)));
  return {
    // A scalar subquery stays one look-up per row; `exists` might become a join with the whole index table.
    each: sql`(select ${likes} from ${tableOf(ctx.workspace, 'search_entry')} s where s.record = t.id)`,
    collect: sql`t.id in (select record from (${indexed}) hits)`,
    share: {
      most: Math.max(LEAST_SHARE, ...plan.common.map((branch) => branch.share)),
      guess: Math.max(LEAST_SHARE / 10, ...plan.common.map((branch) => branch.guess)),
    },
  };
}
