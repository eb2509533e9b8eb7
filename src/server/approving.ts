import type { Engine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import {
  approvalsRoutes,
  type Perform,
  performProtected,
  runApprovalJob,
  tendApprovalsJob,
} from './modules/approvals/index.ts';
import { performMerge } from './modules/duplicates/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { createMarks, expireExportsJob, exportsRoutes, performExport } from './modules/exports/index.ts';
import { type MassDeps, performMass } from './modules/mass/index.ts';
import { assignNewJob, handOverJob, mayBeNew, ownershipRoutes, performClaim } from './modules/ownership/index.ts';
import type { Files } from './platform/files/files.ts';
import type { App } from './platform/http/server.ts';
import type { Keys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import type { Tx } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';
import type { Ctx } from './records/types.ts';
import type { Committed } from './records/write/types.ts';

/** Bytes of an approved file: a million rows of fifty columns are below it. */
const FILE_LIMIT = 4 * 1024 ** 3;

export interface ApprovingOptions {
  engine: Engine;
  massing: MassDeps & { kick(workspace: string, run: string): Promise<void> };
  files: Files;
  keys: Keys;
  /** Begins a campaign. */
  campaign: Perform;
  /** Bytes. */
  uploadLimit: number;
  /** After accounts changed: the next request is looked up anew. */
  forget: () => void;
  log: Log;
  workspaces: () => Promise<string[]>;
  queue: () => Queue;
}

/** Approvals, put together with all that may be asked for. */
export function openApproving(options: ApprovingOptions) {
  const { engine, massing, files, keys, uploadLimit, log, workspaces, queue } = options;
  const exporting = { ...engine, files, uploadLimit, marks: createMarks(keys.derive('export marks')) };
  const now = () => new Date();
  const systemAccess = async (workspace: string) => accessFor('admin', await engine.catalog.get(workspace));
  const owning = {
    ...engine,
    massing,
    systemAccess,
    now,
    forget: options.forget,
    workspaces,
    actingAs: async (workspace: string, actor: string): Promise<Ctx> => {
      const access = await engine.accessOf(workspace, { id: actor.replace(/^user:/, ''), role: 'admin' });
      return { workspace, actor, source: 'page', access, at: now(), lang: 'zh' };
    },
  };
  const handOver = handOverJob(owning);
  const assign = assignNewJob(owning);
  const deps = {
    ...engine,
    log,
    workspaces,
    now,
    performers: {
      campaign: options.campaign,
      claim: performClaim(owning),
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
    jobs: [run, tendApprovalsJob(deps), expireExportsJob({ ...exporting, ...deps }), handOver, assign],
    /** After a commit: new records that nobody owns go to somebody. */
    committed(fact: Committed): void {
      if (!mayBeNew(fact)) return;
      queue()
        .enqueue(engine.db, assign, {}, { key: 'woken' })
        .catch((error: unknown) => log.warn({ err: error }, 'assignment'));
    },
    routes(app: App, ctxOf: MakeCtx): void {
      approvalsRoutes(app, { ...deps, ctxOf });
      ownershipRoutes(app, {
        ...owning,
        ctxOf,
        kick: massing.kick,
        handOverSoon: async () => void (await queue().enqueue(engine.db, handOver, {}, { key: 'woken' })),
      });
      exportsRoutes(app, { ...exporting, ctxOf, people: engine.accounts });
    },
  };
}
