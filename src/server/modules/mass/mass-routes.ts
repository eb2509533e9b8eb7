import sql from 'sql-template-tag';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import { mass, type massRun } from '../../../contract/mass.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { type MassCounts, NONE } from '../../records/mass/door.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { beginRun, beginUndo } from './advance-run.ts';
import { plainAction } from './assign.ts';
import type { MassDeps } from './deps.ts';
import { listRuns, moveRun, newRun, type Run, readRun } from './run-store.ts';

export interface MassRouteDeps extends MassDeps {
  ctxOf: MakeCtx;
  /** Lets a worker go on with a run. */
  kick(workspace: string, run: string): Promise<void>;
}

type View = z.input<typeof massRun>;

/** The HTTP edge of mass operations. Everybody sees his own, administrators see all. */
export function massRoutes(app: App, deps: MassRouteDeps): void {
  const { db, ctxOf } = deps;
  const view = async (ctx: Ctx, id: string): Promise<View> =>
    viewOf(await own(deps, ctx, id), ctx, await deps.catalog.get(ctx.workspace));

  route(app, mass.create, async (call) => {
    const { target, action, reason, start } = call.body;
    const ctx = await ctxOf(call, reason);
    // What is wrong for every record is said at once, where it was typed.
    await deps.mass.plan(ctx, target.object, plainAction(action, null));
    const { ids: _, scan: __, ...query } = target;
    await deps.read.select(ctx, clean(query));
    const id = await newRun(db, ctx, { action, target: clean(target), starts: start ?? false });
    await deps.kick(ctx.workspace, id);
    return view(ctx, id);
  });

  route(app, mass.list, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const runs = await listRuns(db, ctx.workspace, ctx.access.admin ? null : ctx.actor);
    return { runs: runs.map((run) => viewOf(run, ctx, catalog)) };
  });

  route(app, mass.get, async (call) => view(await ctxOf(call), call.params.id));

  route(app, mass.start, async (call) => {
    const ctx = await ctxOf(call);
    const run = await own(deps, ctx, call.params.id);
    const begun = await beginRun(deps, ctx.workspace, run.id);
    if (begun === 'not-ready') throw new AppError('mass-not-ready');
    if (begun === 'begun') await deps.kick(ctx.workspace, run.id);
    return view(ctx, run.id);
  });

  route(app, mass.cancel, async (call) => {
    const ctx = await ctxOf(call);
    const run = await own(deps, ctx, call.params.id);
    // Half an undo would leave neither the one state nor the other.
    if (run.action.kind === 'undo') throw new AppError('mass-not-ready');
    if (await moveRun(db, ctx.workspace, run.id, sql`state = 'cancelled', finished_at = ${deps.now()}`, ['ready']))
      return view(ctx, run.id);
    await moveRun(db, ctx.workspace, run.id, sql`cancel = true`, ['looking', 'running']);
    return view(ctx, run.id);
  });

  route(app, mass.undo, async (call) => {
    const ctx = await ctxOf(call);
    const { changeSet } = call.body;
    const id = await beginUndo(deps, ctx, changeSet);
    await deps.kick(ctx.workspace, id);
    return view(ctx, id);
  });
}

async function own(deps: MassDeps, ctx: Ctx, id: string): Promise<Run> {
  const run = await readRun(deps.db, ctx.workspace, id);
  if (!ctx.access.admin && run.actor !== ctx.actor) throw new AppError('not-found');
  return run;
}

function viewOf(run: Run, ctx: Ctx, catalog: Catalog): View {
  const object = catalog.objects.find(({ name }) => name === run.object);
  const spoken = (counts: MassCounts) => ({
    change: counts.change,
    same: counts.same,
    refused: Object.entries(counts.refused).map(([code, count]) => ({
      code,
      count,
      message: issueSentence({ code, ...fieldOf(run) }, object, ctx.lang),
    })),
    rules: Object.entries(counts.rules ?? {})
      .map(([key, count]) => {
        const [field = '', rule = ''] = key.split(' ');
        return { field, rule, count };
      })
      .sort((a, b) => b.count - a.count),
  });
  const working = run.state === 'looking' || run.state === 'running';
  return {
    id: run.id,
    object: run.object,
    action: run.action,
    state: run.state,
    actor: run.actor,
    at: run.at.toISOString(),
    reason: run.reason,
    found: run.found,
    preview: run.preview && { ...spoken(run.preview), samples: run.preview.samples },
    progress: working ? progressOf(run) : null,
    result: run.state === 'looking' || run.state === 'ready' ? null : spoken({ ...NONE, ...run.counts }),
    changeSet: run.change_set,
    approval: run.approval,
    error: run.error && { code: run.error.code, message: run.error.message[ctx.lang] },
  };
}

/** The field that a refusal is about, where the action names one. */
function fieldOf({ action }: Run): { field?: string } {
  if ('field' in action) return { field: action.field };
  return action.kind === 'verify' && action.fields[0] !== undefined && action.fields.length === 1
    ? { field: action.fields[0] }
    : {};
}

function progressOf({ done, total, started_at, at }: Run) {
  const seconds = Math.max(0.1, (Date.now() - (started_at ?? at).getTime()) / 1000);
  const rate = done / seconds;
  return { done, total, rate, secondsLeft: rate > 0 && total > 0 ? Math.max(0, (total - done) / rate) : null };
}

/** Without the keys that are undefined. */
function clean<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
