import type { FastifyRequest } from 'fastify';
import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { forms as api } from '../../../contract/forms.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { askableFields } from '../asking/index.ts';
import type { MakeCtx } from '../edge.ts';
import { findCensus, listCensuses, maySeeCensus, stopCensus, viewCensuses } from './census-store.ts';
import type { CensusDeps } from './run-census.ts';

export interface CensusRouteDeps extends CensusDeps {
  ctxOf: MakeCtx;
  publicUrl: string | undefined;
  /** Has the round begun soon. */
  kick: () => Promise<void>;
}

const DAY_MS = 86_400_000;
/** Customers of one round. */
const MOST = 50_000;

/** The HTTP edge of rounds in which customers are asked for their details; what each answers comes by modules/asking. */
export function censusRoutes(app: App, deps: CensusRouteDeps): void {
  const { db, ctxOf } = deps;
  const originOf = (request: FastifyRequest): string => deps.publicUrl ?? `${request.protocol}://${request.host}`;

  route(app, api.censuses, async (call) => {
    const ctx = await ctxOf(call);
    const seen = (await listCensuses(db, ctx.workspace)).filter((census) => maySeeCensus(ctx, census));
    return { censuses: await viewCensuses(deps, ctx, seen) };
  });

  route(app, api.censusCount, async (call) => {
    const ctx = await ctxOf(call);
    const { object, filter } = call.body;
    const fields = await fieldsOf(ctx, object);
    const mail = await deps.channels.find(ctx.workspace, 'mail');
    return { count: await countOf(ctx, object, filter), fields, mail: mail?.enabled ?? false };
  });

  route(app, api.startCensus, async (call) => {
    const ctx = await ctxOf(call);
    const { name, object, filter, fields, days, remindDays, lang } = call.body;
    const mine = await fieldsOf(ctx, object);
    for (const field of fields) if (!mine.includes(field)) throw new AppError('nothing-to-ask', { name: field });
    const total = await countOf(ctx, object, filter);
    if (total > MOST) throw new AppError('too-large', { limit: MOST });
    const due = new Date(ctx.at.getTime() + days * DAY_MS);
    await db.query(sql`insert into ${tableOf(ctx.workspace, 'census')}
      (id, name, object, filter, fields, lang, origin, made_at, made_by, due_at, remind_days, total)
      values (${call.params.id}::uuid, ${name}, ${object}, ${filter === undefined ? null : JSON.stringify(filter)}::jsonb, ${fields}, ${lang},
        ${originOf(call.request)}, ${ctx.at}, ${ctx.actor}, ${due}, ${remindDays}, ${total}) on conflict (id) do nothing`);
    await deps.kick();
    return one(ctx, call.params.id);
  });

  route(app, api.stopCensus, async (call) => {
    const ctx = await ctxOf(call);
    const census = await findCensus(db, ctx.workspace, call.params.id);
    if (!census || !maySeeCensus(ctx, census)) throw new AppError('not-found');
    if (census.made_by !== ctx.actor && !ctx.access.admin) throw new AppError('forbidden');
    await stopCensus(db, ctx.workspace, census.id, ctx.at);
    return one(ctx, census.id);
  });

  async function one(ctx: Ctx, id: string) {
    const census = await findCensus(db, ctx.workspace, id);
    const [view] = await viewCensuses(deps, ctx, census && maySeeCensus(ctx, census) ? [census] : []);
    if (!view) throw new AppError('not-found');
    return view;
  }

  async function fieldsOf(ctx: Ctx, name: string): Promise<string[]> {
    const object = objectOf(await deps.catalog.get(ctx.workspace), name);
    return askableFields(object, ctx.access).map((field) => field.name);
  }

  async function countOf(ctx: Ctx, object: string, filter: Filter | undefined): Promise<number> {
    const query = { object, ...(filter && { filter }), purpose: 'update' as const };
    const page = await deps.read.list(ctx, { ...query, page: { limit: 1 }, count: 'exact' });
    return page.count?.value ?? 0;
  }
}
