import type { Engine } from '../../src/server/engine.ts';
import type { MakeCtx } from '../../src/server/modules/edge.ts';

/** Contexts of who calls, in the page of workspace `main`, at a moment of the test's own. */
export const ctxAt =
  (engine: Engine, at: () => Date): MakeCtx =>
  async ({ caller, lang }, reason) => ({
    workspace: 'main',
    actor: caller.actor,
    source: 'page',
    access: await engine.accessOf('main', { id: caller.account.id, role: caller.role }),
    at: at(),
    lang,
    ...(reason !== undefined && { reason }),
  });
