import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { value as api } from '../../../contract/value.ts';
import { addDays, localDay, momentOf } from '../../../domain/fields/calendar.ts';
import { subjectIssue } from '../../../domain/filter/validate.ts';
import { ENOUGH, OCTANTS, suggestThresholds } from '../../../domain/value/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { AggregateWish, Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { CUSTOMER, type ValueDeps } from './compute-value.ts';
import { dealsSql, periodStart } from './deals-sql.ts';
import { readMoves } from './read-moves.ts';
import { readSpread } from './read-spread.ts';

export interface ValueRouteDeps extends ValueDeps {
  ctxOf: MakeCtx;
  /** Has it counted soon. */
  compute: () => Promise<void>;
}

/** The HTTP edge of customer value. Figures are of the customers that the actor may read. */
export function valueRoutes(app: App, deps: ValueRouteDeps): void {
  const { db, values, ctxOf } = deps;

  route(app, api.overview, async (call) => {
    const ctx = await ctxOf(call);
    await values.ready(ctx.workspace);
    const { version, rules: settings } = values.of(ctx.workspace);
    const [computed] = await db.query<{ at: Date }>(sql`select at from ${tableOf(ctx.workspace, 'value_computed')}`);
    const sums = await mayRead(ctx, 'deal_amount');
    const measures: AggregateWish['measures'] = [
      { fn: 'count' },
      ...(sums
        ? ([
            { fn: 'sum', field: 'deal_count' },
            { fn: 'sum', field: 'deal_amount' },
          ] as const)
        : []),
    ];
    const { rows } = await deps.read.aggregate(
      ctx,
      { object: CUSTOMER },
      { by: [{ field: 'value_octant' }], measures },
    );
    const found = new Map(rows.map((row) => [row.keys[0], row.values]));
    return {
      ...{ version, settings, computedAt: computed?.at.toISOString() ?? null, sums },
      octants: [...OCTANTS.map(({ value }) => value), null].map((octant) => {
        const [customers, deals, amount] = found.get(octant) ?? [];
        return {
          ...{ octant, customers: Number(customers ?? 0), deals: sums ? Number(deals ?? 0) : null },
          amount: sums ? String(amount ?? 0) : null,
        };
      }),
    };
  });

  route(app, api.moves, async (call) => {
    const ctx = await ctxOf(call);
    const { timeZone } = deps.env(ctx);
    const { from, to } = call.query;
    // Both days at their end; today has not ended, so it is now.
    const end = (day: string) => {
      const [year = 0, month = 1, date = 1] = addDays(day, 1).split('-').map(Number);
      return new Date(
        Math.min(
          momentOf({ year, month, day: date, hour: 0, minute: 0, second: 0, millisecond: 0 }, timeZone).getTime(),
          ctx.at.getTime(),
        ),
      );
    };
    return { moves: await readMoves(deps, ctx, end(from), end(to)) };
  });

  route(app, api.suggestion, async (call) => {
    const ctx = await ctxOf(call);
    const { basis, months } = call.query;
    const deals = dealsSql(await deps.catalog.get(ctx.workspace), ctx.workspace, basis);
    if (!deals) throw new AppError('object-unknown', { object: basis });
    const today = localDay(ctx.at, deps.env(ctx).timeZone);
    const spread = await readSpread(db, ctx.workspace, deals, { from: periodStart(today, months), today });
    return { ...spread, thresholds: suggestThresholds(spread), enough: ENOUGH };
  });

  route(app, api.save, async (call) => {
    const ctx = await ctxOf(call);
    const { settings, version: from } = call.body;
    const version = await values.save(ctx.workspace, { author: ctx.actor, settings, from });
    if (settings.on) await deps.compute();
    return { version };
  });

  async function mayRead(ctx: Ctx, name: string): Promise<boolean> {
    const object = (await deps.catalog.get(ctx.workspace)).objects.find((one) => one.name === CUSTOMER);
    const field = object?.fields.find((one) => one.name === name && !one.retired);
    return Boolean(object && field && !subjectIssue({ is: 'field', object, field, kind: 'number' }, ctx.access, name));
  }
}
