import sql, { empty, type Sql } from 'sql-template-tag';
import type { PoolRule } from '../../../contract/pool.ts';
import { addDays, localDay } from '../../../domain/fields/calendar.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { type PoolDeps, systemCtx } from './deps.ts';

/** A record that a rule takes back, unless something happens until then. */
export interface DueRecord {
  id: string;
  owner: string;
  title: string | null;
  version: number;
  /** Day on which it goes back. */
  day: string;
  /** Its owner was told since the last contact. */
  warned: boolean;
  [column: string]: unknown;
}

/**
 * Records that a rule takes back on `until` or before, in the order of their ids: so many days after the last contact, or after who owns them got them.
 * Where owners are told beforehand, none goes back earlier than that many days after it was told. What somebody has claimed is protected.
 */
export async function dueReturns(
  deps: PoolDeps,
  workspace: string,
  rule: PoolRule,
  wish: { until: string; after: string | null; limit: number; owner?: string },
): Promise<DueRecord[]> {
  const at = deps.now();
  const statement = await dueSql(deps, workspace, rule, at);
  return deps.db.query<DueRecord>(sql`${statement}
    select id, owner, title, version, day, warned from due
    where day <= ${wish.until} and id > ${wish.after ?? '00000000-0000-0000-0000-000000000000'}::uuid
      ${wish.owner === undefined ? empty : sql`and owner = ${wish.owner}`}
    order by id limit ${wish.limit}`);
}

/** How many go back on each day until then. */
export async function countReturns(
  deps: PoolDeps,
  workspace: string,
  rule: PoolRule,
  wish: { until: string; owner?: string },
): Promise<{ day: string; n: number; warned: number }[]> {
  const statement = await dueSql(deps, workspace, rule, deps.now());
  return deps.db.query<{ day: string; n: number; warned: number }>(sql`${statement}
    select day, count(*)::int as n, count(*) filter (where warned)::int as warned from due
    where day <= ${wish.until} ${wish.owner === undefined ? empty : sql`and owner = ${wish.owner}`} group by day order by day`);
}

export const todayOf = (deps: PoolDeps): string => localDay(deps.now(), deps.env({ at: deps.now() }).timeZone);

async function dueSql(deps: PoolDeps, workspace: string, rule: PoolRule, at: Date): Promise<Sql> {
  const catalog = await deps.catalog.get(workspace);
  const object = objectOf(catalog, rule.object);
  const owner = object.owner ?? '';
  const ctx = await systemCtx(deps, workspace, at);
  const { timeZone } = deps.env(ctx);
  const not = (filter: unknown): Filter[] => (filter ? [{ not: filter as Filter }] : []);
  const conditions: Filter[] = [
    { field: owner, op: 'notEmpty' },
    ...(rule.if ? [rule.if as Filter] : []),
    ...not(rule.except),
    ...(rule.kind === 'still' ? not(rule.until) : []),
  ];
  const { table, where } = await deps.read.select(ctx, { object: object.name, filter: { all: conditions } });
  const today = localDay(at, timeZone);
  const contact = contactSql(ctx, rule, catalog, timeZone);
  const delta = tableOf(workspace, 'delta');
  const move = tableOf(workspace, 'pool_move');
  return sql`with held as (
      select t.id, t.${ident(owner)}::text as owner, t.${ident(object.title)}::text as title, t.version,
        greatest(coalesce((select max(d.at) from ${delta} d where d.record = t.id and d.before ? ${owner}), t.created_at), ${contact}) as since
      from ${table} t where ${where} and not exists (select from ${tableOf(workspace, 'claim')} c
        where c.record = t.id and c.ended_at is null and c.until > ${at})
    ), due as (
      select h.id, h.owner, h.title, h.version, w.due is not null as warned,
        to_char(greatest((h.since at time zone ${timeZone})::date + ${rule.days}::int,
          ${rule.warn > 0 ? sql`coalesce(w.due, ${addDays(today, rule.warn)}::date)` : sql`null`}), 'YYYY-MM-DD') as day
      from held h left join lateral (select m.due from ${move} m
        where m.record = h.id and m.rule = ${rule.id}::uuid and m.kind = 'warned' and m.at >= h.since
        order by m.at desc limit 1) w on true
    )`;
}

/** When somebody last got in touch with record `t`; null: never, or it does not matter. */
function contactSql(ctx: Ctx, { kind, by }: PoolRule, catalog: Parameters<typeof objectOf>[0], timeZone: string): Sql {
  if (kind !== 'silent' || !by) return sql`null::timestamptz`;
  const field = by.at === undefined ? undefined : fieldOf(objectOf(catalog, by.object), by.at);
  const column = field ? sql`i.${ident(field.name)}` : sql`i.created_at`;
  const moment = field?.type === 'date' ? sql`(${column}::timestamp at time zone ${timeZone})` : column;
  return sql`(select max(${moment}) from ${tableOf(ctx.workspace, by.object)} i where i.${ident(by.of)} = t.id and i.deleted_at is null)`;
}
