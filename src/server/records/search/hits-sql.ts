import sql, { join, type Sql } from 'sql-template-tag';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { SearchBranch } from '../../../domain/text/query-grams.ts';
import { tableOf } from '../catalog/names.ts';
import { all, any, literal } from '../read/filter-sql.ts';
import type { SearchPlan } from './plan-search.ts';

/** Conditions that `doc` holds what was typed. */
export function likeSql(branch: Pick<SearchBranch, 'like'>, doc: Sql): Sql {
  return all(branch.like.map((part) => sql`${doc} like ${`%${literal(part)}%`}`));
}

/** Entries of the newest records looked at before the index is asked after all. */
export const WINDOW = 8_000;
export interface HitScope {
  workspace: string;
  object: ObjectDef;
  /** Readable part of `s.doc` for the actor. */
  doc: Sql;
}

/** 0 exact title, 1 prefix, 2 anywhere. */
export function rankSql(plan: SearchPlan, doc: Sql): Sql {
  const text = literal(plan.text);
  return sql`case when ${doc} = ${plan.text} or ${doc} like ${`${text}\n%`} then 0 when ${doc} like ${`${text}%`} then 1 else 2 end`;
}

/** Entries that hold all grams of a branch, by the index. */
export function indexedHits(scope: HitScope, branch: SearchBranch, columns: Sql): Sql {
  return sql`select ${columns} from ${tableOf(scope.workspace, 'search_entry')} s
    where s.grams @> ${branch.grams}::int[] and s.object = ${scope.object.id} and ${likeSql(branch, scope.doc)}`;
}

/** Among the newest entries, those that match any of the common branches. */
export function newestHits(scope: HitScope, branches: SearchBranch[], columns: Sql, limit: number): Sql {
  return sql`select ${columns} from (
      select s.record, s.doc from ${tableOf(scope.workspace, 'search_entry')} s
      where s.object = ${scope.object.id} order by s.record desc limit ${WINDOW}
    ) s where ${any(branches.map((branch) => likeSql(branch, scope.doc)))} limit ${limit}`;
}

/** The exact title, however common its fragments. */
export function exactHits(scope: HitScope, plan: SearchPlan, columns: Sql): Sql {
  return sql`select ${columns} from ${tableOf(scope.workspace, 'search_entry')} s
    where s.grams @> ${[plan.whole]}::int[] and s.object = ${scope.object.id} and (${scope.doc} = ${plan.text} or ${scope.doc} like ${`${literal(plan.text)}\n%`})`;
}

export const union = (parts: Sql[]): Sql =>
  join(
    parts.map((part) => sql`(${part})`),
    ' union all ',
  );
