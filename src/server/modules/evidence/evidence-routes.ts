import { evidence } from '../../../contract/evidence.ts';
import type { FieldTypeName } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import { listKinds, type Plans, readSetting, saveKind, saveSetting } from '../freshness/index.ts';
import { type ReportDeps, reportEvidence } from './report-evidence.ts';

export interface EvidenceDeps extends ReportDeps {
  plans: Plans;
  ctxOf: MakeCtx;
}

/** The HTTP edge of evidence: reports of outside systems, and the table of kinds. */
export function evidenceRoutes(app: App, deps: EvidenceDeps): void {
  const { db, plans, ctxOf } = deps;

  route(app, evidence.report, async (call) => {
    const ctx = await ctxOf(call);
    // Each event has its ref: sent twice it counts once, with or without an Idempotency-Key.
    return reportEvidence(deps, ctx, call.body.evidence);
  });

  route(app, evidence.kinds, async (call) => {
    const { workspace } = await ctxOf(call);
    return { kinds: await listKinds(db, workspace) };
  });

  route(app, evidence.saveKind, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    const { types, ...rest } = call.body;
    const definition = { ...rest, ...(types && { types: types as FieldTypeName[] }) };
    await db.tx((tx) => saveKind(tx, workspace, actor, call.params.kind, definition));
    plans.invalidate(workspace);
    return { kinds: await listKinds(db, workspace) };
  });

  route(app, evidence.resetKind, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    await db.tx((tx) => saveKind(tx, workspace, actor, call.params.kind, null));
    plans.invalidate(workspace);
    return { kinds: await listKinds(db, workspace) };
  });

  route(app, evidence.sources, async (call) => {
    const { workspace } = await ctxOf(call);
    const { sources } = await readSetting(db, workspace, 'imports');
    return { sources };
  });

  route(app, evidence.saveSources, async (call) => {
    const { workspace } = await ctxOf(call);
    const { sources } = call.body;
    await db.tx(async (tx) => {
      await saveSetting(tx, workspace, 'imports', { ...(await readSetting(tx, workspace, 'imports')), sources });
    });
    return { sources };
  });
}
