import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { tableOf } from '../catalog/names.ts';
import { all, any, literal } from '../read/filter-sql.ts';
import type { Branch, SearchPlan } from './plan-search.ts';

/** True when entry `s` matches; `is true` keeps the gram test away from the index, which was asked for the rarest already. */
export function matchSql(branch: Branch, doc: Sql): Sql {
  const likes = branch.like.map((part) => sql`${doc} like ${`%${literal(part)}%`}`);
  return all([...likes, sql`(s.grams @> ${branch.all}::int[]) is true`]);
}

/** Entries of the newest records looked at before the index is asked after all. */
export const WINDOW = 2_000;
export interface HitScope {
  workspace: string;
  objects: ObjectDef[];
  /** Readable part of `s.doc` for the actor. */
  doc: Sql;
}

const ofObjects = ({ objects }: HitScope): Sql => {
  const [object] = objects;
  return objects.length === 1 && object
    ? sql`s.object = ${object.id}`
    : sql`s.object = any(${objects.map(({ id }) => id)}::int[])`;
};

/** 0 exact title, 1 prefix, 2 anywhere. */
export function rankSql(plan: SearchPlan, doc: Sql): Sql {
  const text = literal(plan.text);
  return sql`case when ${doc} = ${plan.text} or ${doc} like ${`${text}\n%`} then 0 when ${doc} like ${`${text}%`} then 1 else 2 end`;
}

/** Entries that hold all grams of a branch, by the index. */
export function indexedHits(scope: HitScope, branch: Branch, columns: Sql): Sql {
  return sql`select ${columns} from ${tableOf(scope.workspace, 'search_entry')} s
    where s.grams @> ${branch.grams}::int[] and ${ofObjects(scope)} and ${matchSql(branch, scope.doc)}`;
}

/** Among the newest `window` entries, those that match any of the common branches; `among` narrows them to what the actor may see. */
export function newestHits(
  scope: HitScope,
  branches: Branch[],
  columns: Sql,
  { window, among, limit }: { window: number; among: Sql; limit: number },
): Sql {
  return sql`select ${columns} from (
      select s.record, s.object, s.doc, s.grams from ${tableOf(scope.workspace, 'search_entry')} s
      where ${ofObjects(scope)} order by s.record desc limit ${raw(String(window))}
    ) s where ${all([any(branches.map((branch) => matchSql(branch, scope.doc))), among])} limit ${raw(String(limit))}`;
}

/** The exact title, however common its fragments. */
export function exactHits(scope: HitScope, plan: SearchPlan, columns: Sql): Sql {
  return sql`select ${columns} from ${tableOf(scope.workspace, 'search_entry')} s
    where s.grams @> ${[plan.whole]}::int[] and ${ofObjects(scope)} and (${scope.doc} = ${plan.text} or ${scope.doc} like ${`${literal(plan.text)}\n%`})`;
}

export const union = (parts: Sql[]): Sql =>
  join(
    parts.map((part) => sql`(${part})`),
    ' union all ',
  );
