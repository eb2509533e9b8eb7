import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { ownership as api, type claimSchema } from '../../../contract/ownership.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { type Claim, type ClaimDeps, claimOrAsk, claimsOf, protectionOf } from './claims.ts';
import { beginHandover, type HandoverDeps, undoHandover } from './hand-over.ts';
import { findHandover, listHandovers } from './handover-store.ts';
import { lookAtLeaving } from './leaving.ts';
import { presentHandovers } from './present-handover.ts';
import { askOwners, type CheckDeps, checkPrivately, findCheck } from './private-check.ts';
import { readOwnership, saveOwnership } from './settings.ts';

export interface OwnershipRouteDeps extends HandoverDeps, CheckDeps, ClaimDeps {
  db: HandoverDeps['db'];
  catalog: HandoverDeps['catalog'];
  ctxOf: MakeCtx;
  /** Has a worker hand over what is left. */
  handOverSoon(): Promise<void>;
  kick(workspace: string, run: string): Promise<void>;
}

/** The HTTP edge of whose customers are whose. */
export function ownershipRoutes(app: App, deps: OwnershipRouteDeps): void {
  const { db, ctxOf } = deps;

  const handover = async (ctx: Ctx, id: string) => {
    const found = await findHandover(db, ctx.workspace, id);
    const [view] = found ? await presentHandovers(deps, ctx, [found]) : [];
    if (!view) throw new AppError('not-found');
    return view;
  };

  route(app, api.leaving, async (call) => lookAtLeaving(deps, await ctxOf(call), call.params.id));

  route(app, api.leave, async (call) => {
    const ctx = await ctxOf(call, call.body.reason);
    await lookAtLeaving(deps, ctx, call.params.id);
    const id = await beginHandover(deps, ctx, call.params.id, call.body, () => deps.handOverSoon());
    return handover(ctx, id);
  });

  route(app, api.handovers, async (call) => {
    const ctx = await ctxOf(call);
    return { handovers: await presentHandovers(deps, ctx, await listHandovers(db, ctx.workspace)) };
  });

  route(app, api.handover, async (call) => handover(await ctxOf(call), call.params.id));

  route(app, api.undo, async (call) => {
    const ctx = await ctxOf(call);
    for (const run of await undoHandover(deps, ctx, call.params.id)) await deps.kick(ctx.workspace, run);
    return handover(ctx, call.params.id);
  });

  route(app, api.settings, async (call) => readOwnership(db, (await ctxOf(call)).workspace));

  route(app, api.saveSettings, async (call) => {
    const { workspace } = await ctxOf(call);
    await saveOwnership(db, workspace, call.body);
    return readOwnership(db, workspace);
  });

  route(app, api.claims, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    // Whose it was is told to who sees the record.
    await deps.read.get(ctx, object, id);
    const claims = await claimsOf(db, ctx.workspace, id);
    const until = (await protectionOf(db, ctx.workspace, [id], ctx.at)).get(id);
    return { claims: await presentClaims(deps, ctx, claims), protectedUntil: until?.toISOString() ?? null };
  });

  route(app, api.claim, async (call) => {
    const ctx = await ctxOf(call, call.body.reason);
    const result = await claimOrAsk(deps, ctx, await claimed(deps, ctx, call.body));
    if ('approval' in result) return result;
    const [claim] = await presentClaims(deps, ctx, [result.claim]);
    if (!claim) throw new AppError('not-found');
    return { claim };
  });

  route(app, api.check, async (call) => checkPrivately(deps, await ctxOf(call), call.body));

  route(app, api.ask, async (call) => ({
    told: await askOwners(deps, await ctxOf(call), call.params.id, call.body.message),
  }));
}

/** The record that is claimed: found by a private check, or one that the claimer sees. */
async function claimed(
  deps: OwnershipRouteDeps,
  ctx: Ctx,
  { check, object, record }: { check?: string | undefined; object?: string | undefined; record?: string | undefined },
): Promise<{ object: string; record: string }> {
  if (check !== undefined) {
    const found = await findCheck(deps.db, ctx, check);
    const [first] = found.records;
    if (first === undefined) throw new AppError('not-found');
    return { object: found.object, record: first };
  }
  if (object === undefined || record === undefined) throw new AppError('not-found');
  await deps.read.get(ctx, object, record);
  return { object, record };
}

async function presentClaims(
  deps: OwnershipRouteDeps,
  ctx: Ctx,
  claims: readonly Claim[],
): Promise<z.input<typeof claimSchema>[]> {
  const ids = claims.flatMap(({ account, before }) => [account, before ?? account]);
  const names = await deps.names(ctx.workspace, [...new Set(ids)]);
  return claims.map((claim) => ({
    id: claim.id,
    object: claim.object,
    record: claim.record,
    account: claim.account,
    name: names[claim.account] ?? '',
    before: claim.before && (names[claim.before] ?? ''),
    at: claim.at.toISOString(),
    until: claim.until.toISOString(),
    endedAt: claim.ended_at?.toISOString() ?? null,
    endedBy: claim.ended_by,
    approval: claim.approval,
  }));
}
