import type { Engine } from './engine.ts';
import { approvalsRoutes, performProtected, runApprovalJob, tendApprovalsJob } from './modules/approvals/index.ts';
import { performMerge } from './modules/duplicates/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { createMarks, expireExportsJob, exportsRoutes, performExport } from './modules/exports/index.ts';
import { type MassDeps, performMass } from './modules/mass/index.ts';
import type { Files } from './platform/files/files.ts';
import type { App } from './platform/http/server.ts';
import type { Keys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import type { Tx } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';

/** Bytes of an approved file: a million rows of fifty columns are below it. */
const FILE_LIMIT = 4 * 1024 ** 3;

export interface ApprovingOptions {
  engine: Engine;
  massing: MassDeps & { kick(workspace: string, run: string): Promise<void> };
  files: Files;
  keys: Keys;
  /** Bytes. */
  uploadLimit: number;
  log: Log;
  workspaces: () => Promise<string[]>;
  queue: () => Queue;
}

/** Approvals, put together with all that may be asked for. */
export function openApproving(options: ApprovingOptions) {
  const { engine, massing, files, keys, uploadLimit, log, workspaces, queue } = options;
  const exporting = { ...engine, files, uploadLimit, marks: createMarks(keys.derive('export marks')) };
  const deps = {
    ...engine,
    log,
    workspaces,
    now: () => new Date(),
    performers: {
      export: performExport({ ...exporting, fileLimit: FILE_LIMIT }),
      merge: performMerge(engine),
      mass: performMass(massing),
      protected: performProtected(engine),
    },
    rolesOf: async (workspace: string, person: { id: string; role: 'admin' | 'member' }) =>
      (await engine.access.composed(workspace, person)).roles.map(({ id }) => id),
    runSoon: async (tx: Tx, workspace: string, id: string) =>
      void (await queue().enqueue(tx, run, { workspace, id }, { key: id })),
  };
  const run = runApprovalJob(deps);
  return {
    jobs: [run, tendApprovalsJob(deps), expireExportsJob({ ...exporting, ...deps })],
    routes(app: App, ctxOf: MakeCtx): void {
      approvalsRoutes(app, { ...deps, ctxOf });
      exportsRoutes(app, { ...exporting, ctxOf, people: engine.accounts });
    },
  };
}
