import { encryption } from '../../../contract/encryption.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { beginRotation, forgetMaster } from '../../records/sealed/rotate.ts';
import type { MakeCtx } from '../edge.ts';
import { type EncryptionDeps, readEncryption } from './read-encryption.ts';

interface EncryptionRouteDeps extends EncryptionDeps {
  ctxOf: MakeCtx;
  /** Lets the job work. */
  kick: () => Promise<void>;
}

/** The HTTP edge of encryption: administrators see which key is in force, and change it. The audit log has each call (watchCalls). */
export function encryptionRoutes(app: App, deps: EncryptionRouteDeps): void {
  const rotating = { db: deps.db, masters: deps.sealing.masters };

  route(app, encryption.state, async (call) => readEncryption(deps, (await deps.ctxOf(call)).workspace));

  route(app, encryption.rotate, async (call) => {
    const { workspace, actor, at } = await deps.ctxOf(call);
    await beginRotation(rotating, actor, at);
    await deps.kick();
    return readEncryption(deps, workspace);
  });

  route(app, encryption.forget, async (call) => {
    const { workspace } = await deps.ctxOf(call);
    await forgetMaster(rotating, call.params.id);
    return readEncryption(deps, workspace);
  });
}
