import { sales } from '../../../contract/sales.ts';
import { backTests, forecastOf, funnelOf, weightedOf } from '../../../domain/sales/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import { processOf, readJourneys, type SalesDeps } from './read-journeys.ts';

const DAY_MS = 86_400_000;
/** Ids that go along with a figure, to be looked at. */
const SHOWN = 100;
const QUARTER = 91;

const some = (ids: readonly string[]) => ({ n: ids.length, ids: ids.slice(0, SHOWN) });

/** The HTTP edge of funnel and forecast. Both count only what the actor may read. */
export function salesRoutes(app: App, deps: SalesDeps & { ctxOf: MakeCtx }): void {
  route(app, sales.funnel, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { object, filter, from, to } = call.body;
    const process = await processOf(deps, ctx, object);
    const { journeys, clipped } = await readJourneys(deps, ctx, process, filter);
    const now = ctx.at.getTime();
    const period = { from: Date.parse(from), to: to === undefined ? now : Date.parse(to), now };
    const found = funnelOf(journeys, process.stages, period);
    return {
      ...{ object: process.object.name, field: process.stage.name, clipped },
      ...{ deals: found.deals, cameFinished: found.cameFinished, winRate: found.winRate },
      steps: found.steps.map((step) => ({ ...step, reached: some(step.reached), here: some(step.here) })),
      won: some(found.won),
      lost: some(found.lost),
    };
  });

  route(app, sales.forecast, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { object, filter, days = QUARTER } = call.body;
    const process = await processOf(deps, ctx, object);
    const { journeys, deals, clipped } = await readJourneys(deps, ctx, process, filter);
    const { stages, amount, expected } = process;
    const now = ctx.at.getTime();
    const until = now + days * DAY_MS;
    const kinds = new Map(stages.map((stage) => [stage.value, stage.kind]));
    const open = deals.filter((deal) => deal.stage !== null && kinds.get(deal.stage) === 'open');
    return {
      ...{ object: process.object.name, amount: amount?.name ?? null, currency: amount?.currency ?? null, clipped },
      until: new Date(until).toISOString(),
      open: open.length,
      weighted: amount && expected ? weightedOf(open, stages, until) : null,
      history: forecastOf(journeys, stages, { now, days }),
      backTests: backTests(journeys, stages, { now, days }).map((test) => ({
        ...test,
        at: new Date(test.at).toISOString(),
        until: new Date(test.at + days * DAY_MS).toISOString(),
      })),
    };
  });
}
