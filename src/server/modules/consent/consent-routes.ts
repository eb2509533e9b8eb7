import { AppError } from '../../../contract/errors.ts';
import { privacy as api, type ConsentView } from '../../../contract/privacy.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { addConsent, consentsOf } from './consent-store.ts';
import { listPurposes, savePurpose } from './purpose-store.ts';

export interface ConsentDeps {
  db: Db;
  catalog: CatalogStore;
  read: ReadDoor;
  ctxOf: MakeCtx;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** The HTTP edge of purposes and consents. Who may see a record may see what the person agreed to; who may edit it may note it. */
export function consentRoutes(app: App, deps: ConsentDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.purposes, async (call) => {
    const { workspace } = await ctxOf(call);
    return { purposes: await listPurposes(db, workspace, await deps.catalog.get(workspace)) };
  });

  route(app, api.savePurpose, async (call) => {
    await savePurpose(db, await ctxOf(call), call.params.id, call.body);
    return { ok: true as const };
  });

  route(app, api.consents, async (call) => {
    const ctx = await ctxOf(call);
    await deps.read.get(ctx, call.params.object, call.params.id);
    return { consents: await viewsOf(deps, ctx, call.params.id) };
  });

  route(app, api.addConsent, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    await deps.read.get(ctx, object, id);
    if (!ctx.access.objects[object]?.actions.includes('update')) throw new AppError('forbidden');
    const { purpose, channel, state, source, separate = false, note = null } = call.body;
    const known = await listPurposes(db, ctx.workspace, await deps.catalog.get(ctx.workspace));
    if (!known.some((one) => one.id === purpose && !one.retired)) throw new AppError('not-found');
    const at = call.body.at ? new Date(call.body.at) : ctx.at;
    // What is noted for later would be in force over what is said until then.
    if (at > ctx.at) throw new AppError('invalid-input', { count: 1 });
    await addConsent(db, ctx.workspace, {
      ...{ object, person: id, purpose, channel, separate, state, source, note, at },
      by: ctx.actor,
    });
    return { consents: await viewsOf(deps, ctx, id) };
  });
}

async function viewsOf(deps: ConsentDeps, ctx: Ctx, person: string): Promise<ConsentView[]> {
  const rows = await consentsOf(deps.db, ctx.workspace, person);
  const names = await deps.names(ctx.workspace, [...new Set(rows.flatMap(({ by }) => by ?? []))]);
  const seen = new Set<string>();
  return rows.map((row) => {
    const kind = `${row.purpose} ${row.channel} ${row.separate}`;
    const inForce = !seen.has(kind) && !(row.channel !== 'any' && seen.has(`${row.purpose} any ${row.separate}`));
    seen.add(kind);
    return {
      ...{ id: row.id, purpose: row.purpose, channel: row.channel, separate: row.separate, state: row.state },
      ...{ at: row.at.toISOString(), source: row.source, textVersion: row.text_version, note: row.note, inForce },
      byName: row.by === null ? null : (names[row.by] ?? row.by),
    };
  });
}
