import { AppError } from '../../../contract/errors.ts';
import { pool as api, type DueReturn, type PoolRule } from '../../../contract/pool.ts';
import { addDays } from '../../../domain/fields/calendar.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { accountOf, type PoolDeps } from './deps.ts';
import { countReturns, type DueRecord, dueReturns, todayOf } from './due-returns.ts';
import { movesOf } from './move-store.ts';
import { listPool, mayTake, poolFields } from './pool-view.ts';
import { checkPools, poolOf, readPools, ruleIssues, savePools } from './settings.ts';
import { countsOf, giveUpRecord, takeRecord } from './take.ts';

/** Days that people look ahead. */
const AHEAD = 30;
const LISTED = 200;

/** The HTTP edge of the pool. */
export function poolRoutes(app: App, deps: PoolDeps & { ctxOf: MakeCtx }): void {
  const { db, ctxOf } = deps;

  route(app, api.settings, async (call) => readPools(db, (await ctxOf(call)).workspace));

  route(app, api.saveSettings, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    checkPools(call.body, catalog, await deps.systemAccess(ctx.workspace), deps.env(ctx));
    await savePools(db, ctx.workspace, call.body, ctx.actor);
    return call.body;
  });

  route(app, api.list, async (call) => {
    const ctx = await ctxOf(call);
    const found = poolOf(await readPools(db, ctx.workspace), await deps.catalog.get(ctx.workspace), call.params.object);
    if (!mayTake(ctx, found.object)) throw new AppError('forbidden');
    const page = await listPool(deps, ctx, found.object, found.pool, call.query);
    const { owner, name } = found.object;
    return {
      fields: poolFields(found.object, found.pool),
      rows: page.rows.map(({ id, values }) => ({ id, values })),
      titles: page.titles ?? {},
      next: page.next ?? null,
      count: page.count?.value ?? page.rows.length,
      ...(await countsOf(deps, db, ctx, name, owner, accountOf(ctx.actor))),
    };
  });

  route(app, api.take, async (call) => {
    const { object, record } = call.body;
    await takeRecord(deps, await ctxOf(call), object, record);
    return { object, record };
  });

  route(app, api.giveUp, async (call) => {
    const { object, record, reason } = call.body;
    await giveUpRecord(deps, await ctxOf(call), object, record, reason);
    return { object, record };
  });

  route(app, api.due, async (call) => {
    const ctx = await ctxOf(call);
    const { rules } = await readPools(db, ctx.workspace);
    const until = addDays(todayOf(deps), call.query.days ?? AHEAD);
    const mine = ctx.access.admin ? {} : { owner: accountOf(ctx.actor) };
    const records: DueReturn[] = [];
    const days = new Map<string, number>();
    for (const rule of await readable(deps, ctx, rules)) {
      const found = await dueReturns(deps, ctx.workspace, rule, { until, after: null, limit: LISTED, ...mine });
      records.push(...(await present(deps, ctx, rule, found)));
      for (const { day, n } of await countReturns(deps, ctx.workspace, rule, { until, ...mine }))
        days.set(day, (days.get(day) ?? 0) + n);
    }
    return {
      records: records.toSorted((a, b) => (a.on < b.on ? -1 : 1)).slice(0, LISTED),
      days: [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([on, count]) => ({ on, count })),
    };
  });

  route(app, api.preview, async (call) => {
    const ctx = await ctxOf(call);
    const { rule } = call.body;
    const issues = ruleIssues(
      rule,
      await deps.catalog.get(ctx.workspace),
      await deps.systemAccess(ctx.workspace),
      deps.env(ctx),
    );
    if (issues.length > 0) throw new AppError('invalid-input', { count: issues.length }, { issues });
    const until = addDays(todayOf(deps), call.body.days);
    const counts = await countReturns(deps, ctx.workspace, rule, { until });
    const records = await dueReturns(deps, ctx.workspace, rule, { until, after: null, limit: 20 });
    return {
      count: counts.reduce((sum, { n }) => sum + n, 0),
      warned: counts.reduce((sum, { warned }) => sum + warned, 0),
      records: await present(deps, ctx, rule, records),
    };
  });

  route(app, api.trail, async (call) => {
    const ctx = await ctxOf(call);
    await deps.read.get(ctx, call.params.object, call.params.id);
    const moves = await movesOf(db, ctx.workspace, call.params.id);
    const { rules } = await readPools(db, ctx.workspace);
    const people = moves.flatMap(({ before, after, actor }) =>
      [before, after, accountOf(actor)].flatMap((one) => one ?? []),
    );
    const names = await deps.names(ctx.workspace, [...new Set(people)]);
    const nameOf = (account: string | null) => (account === null ? null : (names[account] ?? ''));
    return {
      moves: moves.map(({ at, kind, before, after, rule, due, actor }) => ({
        ...{ at: at.toISOString(), kind, before: nameOf(before), after: nameOf(after), due },
        rule: rule === null ? null : (rules.find(({ id }) => id === rule)?.name ?? ''),
        actor: nameOf(accountOf(actor)) ?? '',
      })),
    };
  });
}

/** Rules in use about objects that who asks works with. */
async function readable(deps: PoolDeps, ctx: Ctx, rules: readonly PoolRule[]): Promise<PoolRule[]> {
  const { objects } = await deps.catalog.get(ctx.workspace);
  return rules.filter(
    ({ off, object }) =>
      !off && objects.some(({ name, owner }) => name === object && owner) && ctx.access.objects[object],
  );
}

async function present(
  deps: PoolDeps,
  { workspace }: Ctx,
  rule: PoolRule,
  records: readonly DueRecord[],
): Promise<DueReturn[]> {
  const names = await deps.names(workspace, [...new Set(records.map(({ owner }) => owner))]);
  return records.map(({ id, title, owner, day, warned }) => ({
    ...{ object: rule.object, record: id, title: title ?? '', owner, ownerName: names[owner] ?? '' },
    ...{ rule: rule.id, ruleName: rule.name, on: day, warned },
  }));
}
