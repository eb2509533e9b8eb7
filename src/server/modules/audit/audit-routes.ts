import { Readable } from 'node:stream';
import { audit as api } from '../../../contract/audit.ts';
import { AppError } from '../../../contract/errors.ts';
import { fromBase64, toBase64 } from '../../../domain/audit/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import { exportLog } from './export-log.ts';
import { listEntries, listHeads, logState, proveConsistency, proveEntry } from './read-log.ts';
import { type SealDeps, sealAll } from './seal.ts';
import { verifyStore } from './verify-store.ts';
import type { Witness } from './witness.ts';

export interface AuditDeps extends SealDeps {
  witness: Witness;
  ctxOf: MakeCtx;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** The HTTP edge of the audit log. Who looks, looks at a log that holds what he has seen happen. */
export function auditRoutes(app: App, deps: AuditDeps): void {
  const { db, signer, ctxOf } = deps;

  route(app, api.entries, async (call) => {
    const { workspace } = await ctxOf(call);
    if (call.query.before === undefined) await sealAll(deps, workspace);
    const entries = await listEntries(db, workspace, call.query);
    const names = await deps.names(workspace, [...new Set(entries.map(({ actor }) => actor))]);
    const { size } = await logState(db, workspace);
    return {
      size,
      entries: entries.map(({ commitment: _, ...entry }) => {
        const actorName = names[entry.actor];
        return actorName === undefined ? entry : { ...entry, actorName };
      }),
    };
  });

  route(app, api.entry, async (call) => {
    const { workspace } = await ctxOf(call);
    const { private: _, ...proof } = await proveEntry(db, workspace, call.params.leaf);
    return proof;
  });

  route(app, api.heads, async (call) => {
    const { workspace } = await ctxOf(call);
    if (call.query.before === undefined) await sealAll(deps, workspace);
    const { log, size } = await logState(db, workspace);
    const heads = await listHeads(db, workspace, { limit: call.query.limit ?? 20, before: call.query.before });
    return { log, size, key: signer.publicKey, heads };
  });

  route(app, api.consistency, async (call) => {
    const { workspace } = await ctxOf(call);
    return { path: await proveConsistency(db, workspace, call.query.from, call.query.to) };
  });

  route(app, api.verify, async (call) => {
    const { workspace } = await ctxOf(call);
    const { from } = call.body;
    if (!from) await sealAll(deps, workspace);
    const standing = from && {
      frontier: { size: from.size, nodes: from.nodes.map(bytesOf) },
      proven: from.proven,
      heads: from.heads,
    };
    const verdict = await verifyStore(deps, workspace, standing);
    const { frontier, proven, heads } = verdict.standing;
    return {
      ...verdict,
      standing: { size: frontier.size, nodes: frontier.nodes.map(toBase64), proven, heads },
    };
  });

  route(app, api.export, async (call) => {
    const { workspace, at } = await ctxOf(call);
    await sealAll(deps, workspace);
    void call.reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="audit-${at.toISOString().slice(0, 10)}.ndjson"`);
    await call.reply.send(Readable.from(exportLog(deps, workspace)));
  });
}

function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new AppError('invalid-input', { count: 1 }, { cause });
  }
}
