import type { Engine } from './engine.ts';
import { auditRoutes, openWitness, type PostDeps, postHeadJob, sealJob, watchCalls } from './modules/audit/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { calmly } from './platform/calmly.ts';
import type { App } from './platform/http/server.ts';
import type { Keys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import type { Db } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';
import { openSigner } from './platform/signing.ts';

/** What an entry may wait for its leaf: with the poll of the queue a head is well below a minute old. */
const SOON_MS = 15_000;

export interface AuditingOptions {
  engine: Engine;
  background: Db;
  keys: Keys;
  dataDir: string;
  log: Log;
  /** Of calls. */
  workspace: string;
  workspaces: () => Promise<string[]>;
  queue: () => Queue;
  /** Tells webhooks. */
  put: PostDeps['put'];
}

/** The audit log, put together. */
export function openAuditing({
  engine,
  background,
  keys,
  dataDir,
  log,
  workspace,
  workspaces,
  queue,
  put,
}: AuditingOptions) {
  const now = () => new Date();
  const deps = { ...engine, signer: openSigner(keys, 'audit log'), witness: openWitness(dataDir), now };
  const job = sealJob({ ...deps, db: background, workspaces });
  const sealSoon = calmly(() => {
    queue()
      .enqueue(engine.db, job, {}, { key: 'woken' })
      .catch((error: unknown) => log.warn({ err: error }, 'audit'));
  }, SOON_MS);
  engine.audit.onAppended(sealSoon);
  return {
    jobs: [job, postHeadJob({ ...deps, put, workspaces })],
    sealSoon,
    routes(app: App, ctxOf: MakeCtx): void {
      watchCalls(app, { audit: engine.audit, workspace, workspaces, now });
      auditRoutes(app, { ...deps, ctxOf });
    },
  };
}
