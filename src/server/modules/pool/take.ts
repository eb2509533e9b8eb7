import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { addDays, localDay } from '../../../domain/fields/calendar.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { protect } from '../ownership/index.ts';
import { accountOf, type PoolDeps } from './deps.ts';
import { insertMoves } from './move-store.ts';
import { mayTake, pooled } from './pool-view.ts';
import { poolOf, readPools } from './settings.ts';

const DAY_MS = 86_400_000;

/** Gives a record of the pool to who asks for it, unless a limit is reached or somebody was faster. */
export async function takeRecord(deps: PoolDeps, ctx: Ctx, name: string, record: string): Promise<void> {
  const { workspace, at } = ctx;
  const pools = await readPools(deps.db, workspace);
  const { object, pool } = poolOf(pools, await deps.catalog.get(workspace), name);
  if (!mayTake(ctx, object)) throw new AppError('forbidden');
  const account = accountOf(ctx.actor);
  const everything = { ...ctx, access: await deps.systemAccess(workspace) };
  const filter: Filter = { all: [pooled(object, pool), { field: '$id', op: 'eq', value: record }] };
  const { rows } = await deps.read.list(everything, { object: name, fields: [], filter, page: { limit: 1 } });
  if (rows.length === 0) throw new AppError('pool-taken');
  await notCooling(deps, ctx, record, account, pool.coolingDays);
  const change = { op: 'update' as const, object: name, id: record, set: { [object.owner]: account }, onlyEmpty: true };
  const { outcomes } = await deps.write.write({ ...everything, approved: 'pool' }, [change], {
    kind: 'pool',
    reviewed: true,
    alongside: async (tx, { outcomes: [outcome] }) => {
      if (outcome?.status !== 'applied') return;
      // Two records taken at the same moment are counted one after the other.
      await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`pool ${workspace} ${account}`}, 0))`);
      const { owned, taken } = await countsOf(deps, tx, ctx, name, object.owner, account);
      // The record itself is among those owned now, not yet among those taken.
      if (pool.mostOwned > 0 && owned > pool.mostOwned) throw new AppError('pool-most', { limit: pool.mostOwned });
      if (pool.perDay > 0 && taken >= pool.perDay) throw new AppError('pool-day', { limit: pool.perDay });
      const move = { at, object: name, record, kind: 'taken' as const, before: null, after: account };
      await insertMoves(tx, workspace, [{ ...move, rule: null, due: null, actor: ctx.actor }]);
      await protect(tx, ctx, { object: name, record, account });
    },
  });
  if (outcomes[0]?.status !== 'applied') throw new AppError('pool-taken');
}

/** Records that somebody owns, and that he took today by the clock on the wall. */
export async function countsOf(
  deps: PoolDeps,
  on: Queryable,
  { workspace, at }: Pick<Ctx, 'workspace' | 'at'>,
  object: string,
  owner: string,
  account: string,
): Promise<{ owned: number; taken: number }> {
  const { timeZone } = deps.env({ at });
  const [row] = await on.query<{ owned: number; taken: number }>(sql`select
    (select count(*)::int from ${tableOf(workspace, object)} where ${ident(owner)}::text = ${account} and deleted_at is null) as owned,
    (select count(*)::int from ${tableOf(workspace, 'pool_move')} where after = ${account} and kind = 'taken' and object = ${object}
      and at >= (${localDay(at, timeZone)}::timestamp at time zone ${timeZone})) as taken`);
  return row ?? { owned: 0, taken: 0 };
}

async function notCooling(deps: PoolDeps, ctx: Ctx, record: string, account: string, days: number): Promise<void> {
  if (days === 0) return;
  const since = new Date(ctx.at.getTime() - days * DAY_MS);
  const [lost] = await deps.db.query<{ at: Date }>(sql`select m.at from ${tableOf(ctx.workspace, 'pool_move')} m
    where record = ${record} and before = ${account} and kind in ('returned', 'given-up') and m.at > ${since} order by m.at desc limit 1`);
  if (!lost) return;
  const day = addDays(localDay(lost.at, deps.env(ctx).timeZone), days);
  throw new AppError('pool-cooling', { day });
}

/** Puts a record of one's own into the pool. */
export async function giveUpRecord(
  deps: PoolDeps,
  ctx: Ctx,
  name: string,
  record: string,
  reason: string | undefined,
): Promise<void> {
  const { workspace, at } = ctx;
  const catalog = await deps.catalog.get(workspace);
  const { object } = poolOf(await readPools(deps.db, workspace), catalog, name);
  const row = await deps.read.get(ctx, name, record);
  const account = accountOf(ctx.actor);
  const before = row.values[object.owner];
  if (before !== account && !ctx.access.admin) throw new AppError('pool-not-owner');
  const everything: Ctx = { ...ctx, access: await deps.systemAccess(workspace), ...(reason && { reason }) };
  const set = { [objectOf(catalog, name).owner ?? '']: null };
  const { outcomes } = await deps.write.write(
    everything,
    [{ op: 'update', object: name, id: record, version: row.version, set }],
    {
      kind: 'pool',
      reviewed: true,
      alongside: async (tx, { outcomes: [outcome] }) => {
        if (outcome?.status !== 'applied') return;
        const move = { at, object: name, record, kind: 'given-up' as const, before: String(before ?? ''), after: null };
        await insertMoves(tx, workspace, [{ ...move, rule: null, due: null, actor: ctx.actor }]);
        await tx.query(sql`update ${tableOf(workspace, 'claim')} set ended_at = ${at}, ended_by = 'given up'
        where record = ${record} and ended_at is null`);
      },
    },
  );
  if (outcomes[0]?.status === 'conflict') throw new AppError('conflict');
}
