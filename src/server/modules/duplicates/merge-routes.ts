import { duplicates } from '../../../contract/duplicates.ts';
import { AppError } from '../../../contract/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import type { MergeDeps } from './deps.ts';
import { mergeOrAsk, previewMerge } from './merge-records.ts';
import { followRedirect, mergesOf } from './merge-store.ts';
import { presentMerge, presentUnmerge, titlesWithBin } from './merge-views.ts';
import { previewUnmerge, unmergeRecords } from './unmerge-records.ts';

/** The HTTP edge of merging and parting. */
export function mergeRoutes(app: App, deps: MergeDeps & { ctxOf: MakeCtx }): void {
  const { ctxOf } = deps;

  route(app, duplicates.preview, async (call) => {
    const ctx = await ctxOf(call);
    return presentMerge(deps, ctx, await previewMerge(deps, ctx, call.body));
  });

  route(app, duplicates.merge, async (call) => {
    const ctx = await ctxOf(call, call.body.reason);
    return mergeOrAsk(deps, ctx, call.body);
  });

  route(app, duplicates.merges, async (call) => {
    const ctx = await ctxOf(call);
    const { object, record } = call.query;
    // History of a record that is out of sight is out of sight, in the bin or not.
    await deps.read.history(ctx, object, record, { limit: 1 });
    const merges = await mergesOf(deps.db, ctx.workspace, object, record);
    const involved = new Set(merges.flatMap(({ winner, losers }) => [winner, ...losers]));
    return {
      titles: await titlesWithBin(deps, ctx, object, [...involved]),
      merges: merges.map(({ changeSet, at, actor, winner, losers, reason, undoneAt }) => ({
        id: changeSet,
        at: at.toISOString(),
        actor,
        winner,
        losers,
        reason,
        undoneAt: undoneAt?.toISOString() ?? null,
      })),
    };
  });

  route(app, duplicates.movedTo, async (call) => {
    const ctx = await ctxOf(call);
    const { object, record } = call.params;
    const found = await followRedirect(deps.db, ctx.workspace, object, record);
    if (!found) throw new AppError('not-found');
    // Who may not see the record it became is told nothing.
    await deps.read.get(ctx, object, found.record);
    return { object, record: found.record, merge: found.merge, at: found.at.toISOString() };
  });

  route(app, duplicates.unmergePreview, async (call) => {
    const ctx = await ctxOf(call);
    return presentUnmerge(deps, ctx, await previewUnmerge(deps, ctx, call.params.id));
  });

  route(app, duplicates.unmerge, async (call) => {
    const ctx = await ctxOf(call, call.body.reason);
    return unmergeRecords(deps, ctx, call.params.id, call.body);
  });
}
