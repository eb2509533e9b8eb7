import { checks } from '../../../contract/checks.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { collectFindings } from './collect-findings.ts';
import type { Plans } from './plans.ts';
import { type CheckDeps, closeCheck, createCheck, listChecks, waitingItems } from './spot-checks.ts';

export interface ChecksDeps extends CheckDeps {
  read: ReadDoor;
  plans: Plans;
  catalog: CatalogStore;
  ctxOf: MakeCtx;
}

/** The HTTP edge of spot checks and blind re-checks. */
export function checksRoutes(app: App, deps: ChecksDeps): void {
  const { db, plans, ctxOf } = deps;

  /** What was verified a moment ago counts at once. */
  async function upToDate(call: Parameters<MakeCtx>[0]) {
    const ctx = await ctxOf(call);
    const { workspace } = ctx;
    await plans.ready(workspace);
    const catalog = await deps.catalog.get(workspace);
    await collectFindings({ db, plans, workspace, catalog });
    return { ctx, catalog };
  }

  route(app, checks.list, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    return { campaigns: await listChecks(deps, ctx.workspace, catalog) };
  });
  route(app, checks.create, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    return createCheck(deps, ctx, catalog, call.body);
  });
  route(app, checks.items, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    return { items: await waitingItems(deps, ctx, catalog, call.params.id) };
  });
  route(app, checks.close, async (call) => {
    const { workspace, at } = await ctxOf(call);
    await closeCheck(db, workspace, call.params.id, at);
    return { ok: true as const };
  });
}
