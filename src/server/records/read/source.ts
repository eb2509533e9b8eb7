import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { ceilingOf, modeOf } from '../../../domain/access/reach.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { hasSealed } from '../catalog/lookup.ts';
import { tableOf } from '../catalog/names.ts';
import { lookupIfOpen, type OpenRows, openerFor } from '../sealed/open-rows.ts';
import type { Sealing } from '../sealed/sealing.ts';
import { listSearch } from '../search/in-list.ts';
import type { Ctx, Query } from '../types.ts';
import { all, filterSql, reachSql, type SqlEnv, scopeSql, TRUE } from './filter-sql.ts';
import type { FreshnessLens } from './freshness-lens.ts';
import type { IndexKeeper } from './index-keeper.ts';
import type { Seen } from './row.ts';
import { refuse, type Sight, sightOf } from './scope.ts';
import { conjuncts, planSort, type SortPlan } from './sort-key.ts';

/** What the read door is made of. */
export interface ReadDeps {
  db: Db;
  /** Where figures over all records are read: a replica that may lag a little. `db` when absent. */
  replica?: Db;
  catalog: { get(workspace: string): Promise<Catalog> };
  /** Zone of the workspace and the reference trees. */
  environment(
    workspace: string,
  ): Promise<Pick<FilterEnv, 'timeZone' | 'trees'>> | Pick<FilterEnv, 'timeZone' | 'trees'>;
  /** Freshness as the policy in force sees it. Absent: no cell is stale and rows come without freshness. */
  lens?(workspace: string): Promise<FreshnessLens>;
  /** Names of accounts that occur in values and histories, by id. */
  names?(workspace: string, ids: string[]): Promise<Record<string, string>>;
  /** Told which fields are sorted or filtered by, so that it can make indexes. */
  indexes?: IndexKeeper;
  /** Opens encrypted values. Absent: they stay locked. */
  sealing?: Sealing;
}

/** A query after reading: who sees what of which rows in what order, all in SQL over alias `t`. */
export interface Source {
  ctx: Ctx;
  sight: Sight;
  fields: Seen[];
  /** Which grants reach a row, where rows differ. */
  reach: Sql | null;
  env: SqlEnv;
  table: Sql;
  /** Living rows, or those in the recycle bin: part of `where`. */
  living: Sql;
  /** All conditions, for walking in order. */
  where: Sql;
  /** The same rows, phrased for collecting all matches first. */
  collect: Sql;
  /** Share of rows that a search text leaves, at most and probably; null when the planner can tell by itself. */
  searchShare: { most: number; guess: number } | null;
  /** `where` without the search. */
  filtered: Sql;
  filter: Filter | undefined;
  /** Rows that a walk along the sort order passes: `living` and the conditions on the first sort field itself. */
  walked: Sql;
  /** Every living row matches: nothing but the order decides the first page. */
  unfiltered: boolean;
  /** Living rows under nothing but `filter`: no search, no scope. */
  alone: boolean;
  /** Living rows that match `filter`, whoever may see them; null where a search narrows them, or in the bin. */
  asked: Sql | null;
  plan: SortPlan;
  /** Opens encrypted values of rows that were read, in place; null, nearly always: there are none. */
  open: OpenRows | null;
}

export const ALIAS = 't';

/** The environment conditions are read in for this actor. */
export async function envOf(deps: ReadDeps, ctx: Ctx, catalog: Catalog): Promise<SqlEnv> {
  const [{ timeZone, trees }, lens, lookup] = await Promise.all([
    deps.environment(ctx.workspace),
    deps.lens?.(ctx.workspace),
    hasSealed(catalog) ? lookupIfOpen(deps.sealing, ctx.workspace) : undefined,
  ]);
  return {
    workspace: ctx.workspace,
    catalog,
    access: ctx.access,
    now: ctx.at,
    timeZone,
    trees,
    ...(lens && { lens }),
    ...(lookup && { lookup }),
    ...(ctx.actor.startsWith('user:') && { me: ctx.actor.slice(5) }),
  };
}

/** Validates a query and turns it into SQL. Throws `object-unknown`, `forbidden` or `invalid-input` with the issues. */
export async function readQuery(deps: ReadDeps, ctx: Ctx, query: Query): Promise<Source> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const sight = sightOf(ctx, catalog, query.object);
  const env = await envOf(deps, ctx, catalog);
  // A moment of the past knows values, not who looked after the record then: conditions need a field that is plain in every row.
  const mode = query.asOf === undefined ? ceilingOf : modeOf;
  const issues: Issue[] = query.filter
    ? validateFilter(query.filter, catalog, sight.object, ctx.access, env, mode)
    : [];
  const { plan, issues: sortIssues } = planSort(query.sort ?? [], sight.object, ALIAS, env);
  issues.push(...sortIssues);
  const wanted = query.fields && new Set(query.fields);
  for (const name of wanted ?? [])
    if (!sight.object.fields.some((f) => f.name === name))
      issues.push({ code: 'filter-field', field: name, params: { field: name } });
  refuse(issues);
  const fields = wanted ? sight.fields.filter(({ field }) => wanted.has(field.name)) : sight.fields;
  const conditions = [
    scopeSql(ctx.access, sight.object, ALIAS, env, query.purpose),
    query.filter ? filterSql(query.filter, sight.object, ALIAS, env) : TRUE,
  ];
  const typed = query.search?.trim();
  const search = typed ? await listSearch(deps.db, ctx, sight.object, typed, env) : null;
  const living = query.deleted ? DELETED : LIVING;
  const filtered = all([living, ...conditions]);
  const [first] = plan.keys;
  const onKey = query.filter && first ? conjuncts(query.filter).filter((leaf) => leaf.field === first.field) : [];
  const walked = all([living, ...onKey.map((leaf) => filterSql(leaf, sight.object, ALIAS, env))]);
  const unfiltered = !query.deleted && !search && conditions.every((part) => part === TRUE);
  return {
    ctx,
    sight,
    fields,
    reach: reachSql(ctx.access, sight.object, ALIAS, env),
    env,
    table: tableOf(ctx.workspace, sight.object.name),
    living,
    where: search ? all([filtered, search.each]) : filtered,
    collect: search ? all([filtered, search.collect]) : filtered,
    searchShare: search?.share ?? null,
    filtered,
    filter: query.filter,
    walked,
    unfiltered,
    alone: !query.deleted && !search && conditions[0] === TRUE,
    asked: query.deleted || search ? null : all([living, conditions[1] ?? TRUE]),
    plan,
    open: openerFor(deps, ctx, sight.object, fields),
  };
}

const LIVING = sql`t.deleted_at is null`;
const DELETED = sql`t.deleted_at is not null`;

/** Errors of class 22 while a client's cursor is in play mean that its values don't fit the columns. */
export function cursorError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('22') ? new AppError('invalid-input', { count: 1 }, { issues: [{ code: 'cursor' }] }) : error;
}
