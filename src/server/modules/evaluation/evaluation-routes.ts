import { AppError } from '../../../contract/errors.ts';
import { evaluation } from '../../../contract/evaluation.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { quarterBefore, quarterOf, quarterOfDay } from '../../../domain/statistics/quarter.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { collectFindings, saveSetting } from '../freshness/index.ts';
import { keepFeedback } from './feedback.ts';
import { policyEffect } from './policy-effect.ts';
import { quarterReport, type ReportDeps } from './quarter-report.ts';
import { readBoard } from './read-board.ts';
import { firstKept } from './read-figures.ts';
import { reportTable } from './report-table.ts';

export interface EvaluationDeps extends ReportDeps {
  catalog: CatalogStore;
  ctxOf: MakeCtx;
  env: (ctx: Ctx) => ParseEnv;
}

/** Quarters offered, the one that runs included. */
const OFFERED = 12;

/** The HTTP edge of the quarterly evaluation. */
export function evaluationRoutes(app: App, deps: EvaluationDeps): void {
  const { db, plans } = deps;

  /** What was verified a moment ago counts at once. */
  async function ready(call: Parameters<MakeCtx>[0]) {
    const ctx = await deps.ctxOf(call);
    const { workspace, at } = ctx;
    await plans.ready(workspace);
    const catalog = await deps.catalog.get(workspace);
    return { workspace, at, catalog, timeZone: deps.env(ctx).timeZone, lang: ctx.lang };
  }

  async function report(call: Parameters<MakeCtx>[0], asked: string | undefined) {
    const { workspace, at, catalog, timeZone, lang } = await ready(call);
    const today = localDay(at, timeZone);
    const quarter = asked === undefined ? quarterOfDay(today) : quarterOf(asked);
    if (quarter.first > today) throw new AppError('not-found');
    await collectFindings({ db, plans, workspace, catalog });
    return { found: await quarterReport(deps, workspace, catalog, quarter, timeZone, at), catalog, lang };
  }

  route(app, evaluation.quarters, async (call) => {
    const { workspace, at, timeZone } = await ready(call);
    const running = quarterOfDay(localDay(at, timeZone));
    const since = await firstKept(db, workspace);
    const first = since === null ? running : quarterOfDay(since);
    const quarters = [running.id];
    for (let one = running; one.id > first.id && quarters.length < OFFERED; ) {
      one = quarterBefore(one);
      quarters.push(one.id);
    }
    return { quarters, since };
  });
  route(app, evaluation.report, async (call) => (await report(call, call.query.quarter)).found);
  route(app, evaluation.table, async (call) => {
    const { found, catalog, lang } = await report(call, call.query.quarter);
    await reportTable(call.reply, found, catalog, lang);
  });
  route(app, evaluation.feedback, async (call) => {
    const ctx = await deps.ctxOf(call);
    await keepFeedback(db, ctx, await deps.catalog.get(ctx.workspace), call.body);
    return { ok: true as const };
  });
  route(app, evaluation.board, async (call) => {
    const ctx = await deps.ctxOf(call);
    return readBoard(db, ctx, deps.env(ctx).timeZone, call.query.days);
  });
  route(app, evaluation.setBoard, async (call) => {
    const { workspace } = await deps.ctxOf(call);
    await saveSetting(db, workspace, 'board', call.body);
    return call.body;
  });
  route(app, evaluation.effect, async (call) => {
    const { workspace, at, catalog, timeZone } = await ready(call);
    return policyEffect(db, workspace, catalog, call.params.version, timeZone, at);
  });
}
