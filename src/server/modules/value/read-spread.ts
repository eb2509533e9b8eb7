import sql, { type Sql } from 'sql-template-tag';
import type { RfmCuts, Spread } from '../../../domain/value/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Deals per customer: how many and how much since `from`, the first and the last ever until today. */
export const perCustomer = (deals: Sql, from: string, today: string, more: Sql = sql``): Sql => sql`
  select d.customer, count(*) filter (where d.day >= ${from}::date)::int as n,
    coalesce(sum(d.amount) filter (where d.day >= ${from}::date), 0) as amount, min(d.day) as first, max(d.day) as last
  from ${deals} d where d.day <= ${today}::date ${more} group by d.customer`;

/** Of living customers only: what remains of deleted ones would move the borders. */
const living = (workspace: string, deals: Sql, from: string, today: string): Sql => sql`
  with c as (select p.* from (${perCustomer(deals, from, today)}) p
    join ${tableOf(workspace, 'customer')} k on k.id = p.customer and k.deleted_at is null)`;

interface SpreadRow extends Record<string, unknown> {
  customers: number;
  buyers: number;
  count: number | null;
  amount: number | null;
  years: number | null;
}

/** What the deals of all customers are like. */
export async function readSpread(
  on: Queryable,
  workspace: string,
  deals: Sql,
  { from, today }: { from: string; today: string },
): Promise<Spread> {
  const [row] = await on.query<SpreadRow>(sql`${living(workspace, deals, from, today)}
    select count(*)::int as customers, count(*) filter (where n > 0)::int as buyers,
      percentile_cont(0.5) within group (order by n) filter (where n > 0) as count,
      percentile_cont(0.5) within group (order by amount::float8) filter (where n > 0) as amount,
      percentile_cont(0.5) within group (order by (${today}::date - first) / 365.2425) as years from c`);
  const [top] = await on.query<{ amount: number; share: number }>(sql`${living(workspace, deals, from, today)},
    ranked as (select amount, sum(amount) over (order by amount desc, customer) as run, sum(amount) over () as whole,
      row_number() over (order by amount desc, customer) as place, count(*) over () as n from c where amount > 0)
    select amount::float8 as amount, (place::float8 / n) as share from ranked where run >= 0.8 * whole order by place limit 1`);
  return {
    ...{ customers: row?.customers ?? 0, buyers: row?.buyers ?? 0 },
    ...{ medianCount: row?.count ?? 0, medianAmount: row?.amount ?? 0, medianYears: row?.years ?? 0 },
    fourFifths: top ?? null,
  };
}

/** Cuts into fifths: of recency over all who ever bought, of frequency and amount over those of the period. */
export async function readCuts(
  on: Queryable,
  workspace: string,
  deals: Sql,
  { from, today }: { from: string; today: string },
): Promise<RfmCuts> {
  const fifths = sql`array[0.2, 0.4, 0.6, 0.8]::float8[]`;
  const [row] = await on.query<{ days: number[] | null; n: number[] | null; amount: number[] | null }>(sql`
    ${living(workspace, deals, from, today)}
    select percentile_disc(${fifths}) within group (order by ${today}::date - last) as days,
      percentile_disc(${fifths}) within group (order by n) filter (where n > 0) as n,
      percentile_disc(${fifths}) within group (order by amount::float8) filter (where n > 0) as amount from c`);
  return { recency: row?.days ?? [], frequency: row?.n ?? [], monetary: row?.amount ?? [] };
}
