import { AppError } from '../../../contract/errors.ts';
import { service } from '../../../contract/service.ts';
import { workBetween } from '../../../domain/calendar/work-time.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { MakeCtx } from '../edge.ts';
import { checkCalendar, checkClocks } from './check-clocks.ts';
import type { ServiceDeps } from './deps.ts';
import { wantOpen } from './follow-records.ts';
import { readClocksOf } from './read-kept.ts';
import { readService, saveService } from './settings.ts';

const MINUTE = 60_000;

/** The HTTP edge of working hours and service times. */
export function serviceRoutes(app: App, deps: ServiceDeps & { ctxOf: MakeCtx; tendSoon: () => Promise<void> }): void {
  const { db, ctxOf } = deps;

  route(app, service.get, async (call) => readService(db, (await ctxOf(call)).workspace));

  route(app, service.saveCalendar, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    checkCalendar(call.body);
    await saveService(db, workspace, 'service.calendar', call.body, actor);
    await wantOpen(deps, workspace);
    await deps.tendSoon();
    return readService(db, workspace);
  });

  route(app, service.saveClocks, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    checkClocks(call.body.clocks, catalog, await deps.systemAccess(ctx.workspace), deps.env(ctx));
    await saveService(db, ctx.workspace, 'service.clocks', call.body.clocks, ctx.actor);
    await wantOpen(deps, ctx.workspace);
    await deps.tendSoon();
    return readService(db, ctx.workspace);
  });

  route(app, service.clocksOf, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    const { clocks, calendar } = await readService(db, ctx.workspace);
    const mine = clocks.filter((clock) => clock.object === object && !clock.off);
    if (mine.length === 0) return { clocks: [] };
    const row = await deps.read.get(ctx, object, id);
    const fields = objectOf(await deps.catalog.get(ctx.workspace), object).fields;
    // Who may not read the time limit sees no clock of it either.
    const seen = mine.filter(({ due }) => due in row.values && fields.some(({ name }) => name === due));
    if (!row) throw new AppError('not-found');
    const kept = await readClocksOf(db, ctx.workspace, id);
    return {
      clocks: seen.flatMap(({ id: clock, name }) => {
        const one = kept.get(clock);
        if (!one) return [];
        const left =
          one.phase === 'done'
            ? null
            : one.due
              ? workBetween(calendar, ctx.at, one.due)
              : one.phase === 'pauses'
                ? Math.max(0, one.target - one.spent)
                : null;
        return [
          {
            id: clock,
            name,
            phase: one.phase,
            state: one.state,
            due: one.due?.toISOString() ?? null,
            doneAt: one.done_at?.toISOString() ?? null,
            left: left === null ? null : Math.trunc(left / MINUTE),
          },
        ];
      }),
    };
  });
}
