import sql from 'sql-template-tag';
import { greetings } from '../../../contract/greetings.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import type { GreetingDeps } from './deps.ts';
import { type GreetingRow, readGreetings, stopGreeting } from './greeting-store.ts';

/** The HTTP edge of greetings: whom one could greet, and the one tap that says so. */
export function greetingsRoutes(
  app: App,
  deps: GreetingDeps & { ctxOf: MakeCtx; publicUrl: string | undefined },
): void {
  const { db, ctxOf } = deps;

  route(app, greetings.list, async (call) => view(deps, await ctxOf(call)));

  route(app, greetings.decide, async (call) => {
    const ctx = await ctxOf(call);
    const { ids, do: what } = call.body;
    const origin = deps.publicUrl ?? `${call.request.protocol}://${call.request.host}`;
    await db.tx(async (tx) => {
      const state = what === 'send' ? 'confirmed' : 'skipped';
      const rows = await tx.query<{ person: string }>(sql`
        update ${tableOf(ctx.workspace, 'greeting')} set state = ${state}, decided_at = ${ctx.at}, decided_by = ${ctx.actor},
          lang = ${ctx.lang}, origin = ${origin}, problem = null
        where id = any(${ids}::uuid[]) and account = ${accountOf(ctx)} and state in ('proposed', 'confirmed', 'failed')
        returning person`);
      if (what === 'stop')
        for (const { person } of rows) await stopGreeting(tx, ctx.workspace, person, ctx.at, ctx.actor);
    });
    return view(deps, ctx);
  });
}

const accountOf = (ctx: Ctx): string => ctx.actor.replace(/^user:/, '');

async function view(deps: GreetingDeps, ctx: Ctx) {
  const today = localDay(ctx.at, deps.env(ctx).timeZone);
  const rows = await readGreetings(deps.db, ctx.workspace, accountOf(ctx), today);
  const titles = await titlesOf(deps, ctx, rows);
  const channel = await deps.channels.find(ctx.workspace, 'mail');
  return {
    greetings: rows.flatMap(({ id, day, occasion, object, record, name, state, problem }) => {
      const title = titles.get(record);
      // Gone, or out of his sight by now.
      return title === undefined ? [] : [{ id, day, occasion, object, record, title, name, state, problem }];
    }),
    mail: channel?.enabled ?? false,
  };
}

async function titlesOf(deps: GreetingDeps, ctx: Ctx, rows: GreetingRow[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  const catalog = await deps.catalog.get(ctx.workspace);
  for (const name of new Set(rows.map((row) => row.object))) {
    const object = catalog.objects.find((one) => one.name === name && !one.retired);
    if (!object || !ctx.access.objects[name]?.actions.includes('read')) continue;
    const page = await deps.read.list(ctx, {
      object: name,
      fields: [object.title],
      filter: { field: '$id', op: 'in', value: rows.filter((row) => row.object === name).map((row) => row.record) },
      page: { limit: 500 },
      count: 'none',
    });
    for (const row of page.rows) titles.set(row.id, String(row.values[object.title] ?? ''));
  }
  return titles;
}
