import sql, { join, type Sql } from 'sql-template-tag';
import type { MassAction, PlainAction } from '../../../contract/mass.ts';
import { shareOut } from '../../../domain/ownership/share-out.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { addCounts, type MassCounts, type MassSample, NONE } from '../../records/mass/door.ts';
import type { Ctx } from '../../records/types.ts';
import type { MassDeps } from './deps.ts';
import { itemsOf, type Run, type RunAction, receiversOf } from './run-store.ts';

type Assign = Extract<MassAction, { kind: 'assign' }>;

/** What the door does with a portion: of an assignment, setting the field to the one who gets it. */
export function plainAction(action: RunAction, receiver: string | null): PlainAction {
  if (action.kind === 'undo') throw new Error('an undo is not planned');
  if (action.kind !== 'assign') return action;
  return { kind: 'set', field: action.field, value: receiver ?? action.to[0] ?? null };
}

/** What would become of each share, counted in SQL; the samples are of those who get most. */
export async function lookAtShares(
  deps: MassDeps,
  ctx: Ctx,
  run: Run,
  action: Assign,
): Promise<{ counts: MassCounts; samples: MassSample[] }> {
  let counts = NONE;
  const samples: MassSample[] = [];
  for (const { account } of await receiversOf(deps.db, ctx.workspace, run.id)) {
    const plan = await deps.mass.plan(ctx, run.object, plainAction(action, account));
    const looked = await deps.mass.look(ctx, plan, itemsOf(ctx.workspace, run.id, account));
    if (!looked) continue;
    counts = addCounts(counts, looked.counts);
    samples.push(...looked.samples.slice(0, 2));
  }
  return { counts, samples: samples.slice(0, 8) };
}

/**
 * The records found, shared out, as rows of n, records, versions, value for `keepPortions`. First to the owner of the record that they belong to, then among
 * the people of their territory, then among those named; within each of these by number or by load.
 */
export async function sharesSql(
  deps: MassDeps,
  ctx: Ctx,
  object: ObjectDef,
  action: Assign,
  from: { table: Sql; where: Sql },
  size: number,
): Promise<Sql> {
  const { workspace } = ctx;
  const active = await activeAmong(deps, action);
  const pools = action.territories ? await territoryPools(deps, ctx, object, action, active) : [];
  const placed = await placedSql(deps, ctx, object, action, from, pools);
  const counts = await deps.db.query<{ pool: number; n: number }>(
    sql`select pool, count(*)::int as n from (${placed}) x where direct is null group by pool`,
  );
  const bounds = { pool: [] as number[], low: [] as number[], high: [] as number[], account: [] as string[] };
  for (const { pool, n } of counts) {
    const people = pools[pool]?.people ?? active;
    const loads = await loadsOf(deps, workspace, object, action.field, people);
    const shares = shareOut(n, loads, action.by);
    let low = 0;
    for (const [place, share] of shares.entries()) {
      bounds.pool.push(pool);
      bounds.low.push(low);
      bounds.high.push(low + share);
      bounds.account.push(loads[place]?.account ?? '');
      low += share;
    }
  }
  const last = active.at(-1) ?? '';
  return sql`
    select (row_number() over (order by value, g))::int as n, records, versions, value from (
      select value, g, array_agg(id order by id) as records, array_agg(version order by id) as versions from (
        select y.id, y.version, y.value, ((row_number() over (partition by y.value order by y.id) - 1) / ${size}::int)::int as g from (
          select x.id, x.version, coalesce(x.direct, b.account, ${last}::text) as value
          from (select p.*, row_number() over (partition by p.pool, p.direct is null order by p.id) as rn from (${placed}) p) x
          left join unnest(${bounds.pool}::int[], ${bounds.low}::int[], ${bounds.high}::int[], ${bounds.account}::text[])
            as b(pool, low, high, account) on x.direct is null and b.pool = x.pool and x.rn > b.low and x.rn <= b.high
        ) y
      ) z group by value, g
    ) w`;
}

/** Each record with the pool it falls into, and who gets it whatever the pool. */
async function placedSql(
  deps: MassDeps,
  ctx: Ctx,
  object: ObjectDef,
  action: Assign,
  { table, where }: { table: Sql; where: Sql },
  pools: readonly Pool[],
): Promise<Sql> {
  const cases = pools.map(
    ({ field, values }, n) => sql`when t.${ident(field)}::text = any(${values}::text[]) then ${n}::int`,
  );
  const pool = cases.length > 0 ? sql`case ${join(cases, ' ')} else -1 end` : sql`-1`;
  const direct = action.follow ? await parentOwnerSql(deps, ctx, object, action) : sql`null::text`;
  return sql`select t.id, t.version, ${pool} as pool, ${direct} as direct from ${table} t where ${where}`;
}

/** Owner of the record that it belongs to, unless that is the one who gets none, or nobody who can sign in. */
async function parentOwnerSql(deps: MassDeps, ctx: Ctx, object: ObjectDef, action: Assign): Promise<Sql> {
  const parent = object.parent ? fieldOf(object, object.parent) : undefined;
  const above = parent?.target ? objectOf(await deps.catalog.get(ctx.workspace), parent.target) : undefined;
  if (!parent || !above?.owner) return sql`null::text`;
  return sql`(select a.${ident(above.owner)}::text from ${tableOf(ctx.workspace, above.name)} a
    join auth."user" u on u.id::text = a.${ident(above.owner)}::text and not u.disabled
    where a.id = t.${ident(parent.name)} and a.deleted_at is null and u.id::text is distinct from ${action.except ?? null}::text)`;
}

interface Pool {
  field: string;
  values: string[];
  people: string[];
}

/** Of those named, who can sign in. Nobody: those named, as they were. */
async function activeAmong(deps: MassDeps, { to, except }: Assign): Promise<string[]> {
  const rows = await deps.db.query<{ id: string }>(
    sql`select id::text as id from auth."user" where id::text = any(${to}::text[]) and not disabled`,
  );
  const known = new Set(rows.map(({ id }) => id));
  const active = to.filter((account) => known.has(account) && account !== except);
  return active.length > 0 ? active : to;
}

async function territoryPools(
  deps: MassDeps,
  ctx: Ctx,
  object: ObjectDef,
  { except }: Assign,
  fallback: string[],
): Promise<Pool[]> {
  const rows = await deps.db.query<{ field: string; values: string[]; accounts: string[] }>(sql`
    select field, "values", accounts from ${tableOf(ctx.workspace, 'territory')} where object = ${object.name} order by name`);
  const active = await deps.db.query<{ id: string }>(
    sql`select id::text as id from auth."user" where not disabled and id::text = any(${rows.flatMap(({ accounts }) => accounts)}::text[])`,
  );
  const known = new Set(active.map(({ id }) => id));
  return rows
    .filter(({ field }) => fieldOf(object, field))
    .map(({ field, values, accounts }) => {
      const people = accounts.filter((account) => known.has(account) && account !== except);
      return { field, values, people: people.length > 0 ? people : fallback };
    });
}

async function loadsOf(
  deps: MassDeps,
  workspace: string,
  object: ObjectDef,
  field: string,
  people: readonly string[],
): Promise<{ account: string; load: number }[]> {
  const rows = await deps.db.query<{ account: string; n: number }>(sql`
    select ${ident(field)}::text as account, count(*)::int as n from ${tableOf(workspace, object.name)}
    where deleted_at is null and ${ident(field)}::text = any(${people}::text[]) group by 1`);
  const loads = new Map(rows.map(({ account, n }) => [account, n]));
  return people.map((account) => ({ account, load: loads.get(account) ?? 0 }));
}
