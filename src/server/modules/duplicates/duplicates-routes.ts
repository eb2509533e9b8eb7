import { duplicates } from '../../../contract/duplicates.ts';
import { AppError } from '../../../contract/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { MakeCtx } from '../edge.ts';
import { compareLists } from './compare-lists.ts';
import type { DuplicatesDeps } from './deps.ts';
import { hintDuplicates } from './hint.ts';
import { listDecided } from './list-decided.ts';
import { listDuplicates, readRows } from './list-duplicates.ts';
import { listObjects } from './list-objects.ts';
import { rulesOf, saveRules, tryRule } from './match-rules.ts';
import { decidePairs } from './pair-store.ts';
import { markWaiting } from './scan-progress.ts';

/** The HTTP edge of finding: review queue, decisions, the hint while typing. */
export function duplicatesRoutes(
  app: App,
  deps: DuplicatesDeps & {
    editor: CatalogEditor;
    ctxOf: MakeCtx;
    scanNow: (workspace: string, object: string) => Promise<boolean>;
  },
): void {
  const { ctxOf } = deps;

  route(app, duplicates.objects, async (call) => ({ objects: await listObjects(deps, await ctxOf(call)) }));

  route(app, duplicates.list, async (call) => listDuplicates(deps, await ctxOf(call), call.query));

  route(app, duplicates.decided, async (call) => listDecided(deps, await ctxOf(call), call.query));

  route(app, duplicates.hint, async (call) => ({
    matches: await hintDuplicates(deps, await ctxOf(call), call.body),
  }));

  route(app, duplicates.compare, async (call) => compareLists(deps, await ctxOf(call), call.body));

  route(app, duplicates.decide, async (call) => {
    const ctx = await ctxOf(call);
    const { records, decision } = call.body;
    const object = objectOf(await deps.catalog.get(ctx.workspace), call.body.object);
    // Whoever may change both may say that they are two.
    if (!ctx.access.objects[object.name]?.actions.includes('update')) throw new AppError('forbidden');
    const { rows } = await readRows(deps, ctx, object, records);
    if (records.some((id) => !rows.has(id))) throw new AppError('record-unknown');
    return { pairs: await deps.db.tx((tx) => decidePairs(tx, ctx, object.id, records, decision)) };
  });

  route(app, duplicates.rules, async (call) => {
    const { workspace } = await ctxOf(call);
    return { rules: rulesOf(objectOf(await deps.catalog.get(workspace), call.params.object)) };
  });

  route(app, duplicates.saveRules, async (call) => {
    const ctx = await ctxOf(call);
    const saved = await saveRules(deps, ctx, call.params.object, call.body.rules);
    await markWaiting(deps.db, ctx.workspace, saved.id);
    await deps.scanNow(ctx.workspace, saved.name);
    return { rules: rulesOf(saved) };
  });

  route(app, duplicates.tryRule, async (call) => tryRule(deps, await ctxOf(call), call.params.object, call.body.rule));

  route(app, duplicates.scan, async (call) => {
    const { workspace } = await ctxOf(call);
    const object = objectOf(await deps.catalog.get(workspace), call.body.object);
    // Before it is asked for: one that is done in no time must find its mark to take away.
    await markWaiting(deps.db, workspace, object.id);
    return { started: await deps.scanNow(workspace, object.name) };
  });
}
