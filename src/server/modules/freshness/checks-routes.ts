import sql from 'sql-template-tag';
import { checks } from '../../../contract/checks.ts';
import { AppError } from '../../../contract/errors.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { collectFindings } from './collect-findings.ts';
import { drawCheck, previewCheck } from './draw-check.ts';
import { type CheckDeps, closeCheck, listChecks, myChecks, waitingItems } from './list-checks.ts';
import type { Plans } from './plans.ts';

export interface ChecksDeps extends CheckDeps {
  read: ReadDoor;
  plans: Plans;
  catalog: CatalogStore;
  ctxOf: MakeCtx;
  env: (ctx: Ctx) => ParseEnv;
  /** Tells people of a check that was drawn, in its transaction. */
  tell: (tx: Tx, workspace: string, campaign: string) => Promise<void>;
}

/** The HTTP edge of spot checks, re-checks, censuses and stock-takes. */
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
  route(app, checks.preview, async (call) => {
    const { workspace, at } = await ctxOf(call);
    return previewCheck(db, workspace, await deps.catalog.get(workspace), call.body, at);
  });
  route(app, checks.create, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    const { workspace, at, actor: author } = ctx;
    const { timeZone } = deps.env(ctx);
    const id = await db.tx(async (tx) => {
      const drawn = await drawCheck(tx, { workspace, at, author, timeZone }, catalog, call.body);
      await deps.tell(tx, workspace, drawn);
      return drawn;
    });
    const [made] = await listChecks(deps, workspace, catalog, id);
    if (!made) throw new AppError('not-found');
    return made;
  });
  route(app, checks.mine, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    return { checks: await myChecks(deps, ctx, catalog) };
  });
  route(app, checks.items, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    return { items: await waitingItems(deps, ctx, catalog, call.params.id) };
  });
  route(app, checks.close, async (call) => {
    const { ctx, catalog } = await upToDate(call);
    await db.tx((tx) => closeCheck(tx, ctx.workspace, catalog, call.params.id, ctx.at));
    return { ok: true as const };
  });
}

/** Whom the records of a check fall to, with how many: who is told of it. */
export async function peopleAsked(tx: Tx, workspace: string, campaign: string) {
  return tx.query<{ person: string; name: string; records: number }>(sql`
    select i.person, c.name, count(*)::int as records from ${tableOf(workspace, 'check_item')} i
      join ${tableOf(workspace, 'check_campaign')} c on c.id = i.campaign
    where i.campaign = ${campaign}::uuid and i.person <> '' group by i.person, c.name`);
}
