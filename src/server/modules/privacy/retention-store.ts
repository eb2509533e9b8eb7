import sql, { type Sql } from 'sql-template-tag';
import type { RetentionRule } from '../../../contract/retention.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

/** A rule as it is applied. */
export interface Rule {
  id: string;
  name: string;
  object: string;
  filter: Filter | null;
  clock: RetentionRule['clock'];
  days: number;
  grace: number;
  invite: boolean;
  mode: RetentionRule['mode'];
  active: boolean;
  ran_at: Date | null;
  [column: string]: unknown;
}

const rules = (workspace: string): Sql => tableOf(workspace, 'retention_rule');
const cases = (workspace: string): Sql => tableOf(workspace, 'retention_case');

export function listRules(
  on: Queryable,
  workspace: string,
): Promise<(Rule & { warned: number; kept: number; done: number })[]> {
  return on.query(sql`select r.*, coalesce(c.warned, 0) as warned, coalesce(c.kept, 0) as kept, coalesce(c.done, 0) as done
    from ${rules(workspace)} r left join lateral (select count(*) filter (where state = 'warned')::int as warned,
      count(*) filter (where state = 'kept')::int as kept, count(*) filter (where state = 'done')::int as done
      from ${cases(workspace)} c where c.rule = r.id) c on true order by r.created_at, r.id`);
}

export async function readRule(on: Queryable, workspace: string, id: string): Promise<Rule | null> {
  const [row] = await on.query<Rule>(sql`select * from ${rules(workspace)} where id = ${id}`);
  return row ?? null;
}

/** Stores a rule. What it warned about by another measure is forgotten: a term that was made longer must hurt nobody. */
export async function saveRule(on: Queryable, ctx: Ctx, id: string, rule: Omit<Rule, 'id' | 'ran_at'>): Promise<void> {
  const filter = rule.filter === null ? null : JSON.stringify(rule.filter);
  await on.query(sql`
    with stored as (insert into ${rules(ctx.workspace)} as r (id, name, object, filter, clock, days, grace, invite, mode, active, updated_by)
      values (${id}, ${rule.name}, ${rule.object}, ${filter}::jsonb, ${rule.clock}, ${rule.days}, ${rule.grace}, ${rule.invite}, ${rule.mode}, ${rule.active}, ${ctx.actor})
      on conflict (id) do update set name = excluded.name, object = excluded.object, filter = excluded.filter, clock = excluded.clock, days = excluded.days,
        grace = excluded.grace, invite = excluded.invite, mode = excluded.mode, active = excluded.active, updated_at = now(), updated_by = excluded.updated_by
      returning id)
    delete from ${cases(ctx.workspace)} where rule = ${id} and state = 'warned'`);
}

export async function deleteRule(on: Queryable, workspace: string, id: string): Promise<boolean> {
  const rows = await on.query(sql`delete from ${rules(workspace)} where id = ${id} returning 1`);
  return rows.length > 0;
}

export interface CaseRow {
  rule: string;
  record: string;
  state: 'warned' | 'kept' | 'renewed' | 'done';
  found_at: Date;
  due_at: Date;
  owner: string | null;
  invited_at: Date | null;
  kept_until: Date | null;
  [column: string]: unknown;
}

export function listCases(on: Queryable, workspace: string, rule: string): Promise<CaseRow[]> {
  return on.query<CaseRow>(sql`select * from ${cases(workspace)} where rule = ${rule} and state <> 'renewed'
    order by state <> 'warned', due_at, record limit 500`);
}

/** Warned records stay until a day; too late once they were handed to an erasure. */
export async function keepCases(
  on: Queryable,
  ctx: Ctx,
  rule: string,
  records: readonly string[],
  days: number,
): Promise<void> {
  await on.query(sql`update ${cases(ctx.workspace)} set state = 'kept', decided_by = ${ctx.actor},
    kept_until = ${ctx.at}::timestamptz + make_interval(days => ${days})
    where rule = ${rule} and record = any(${records}::uuid[]) and state in ('warned', 'kept')`);
}
