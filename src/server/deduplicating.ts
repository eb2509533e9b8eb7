import type { apartJobs } from './apart-jobs.ts';
import type { Engine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import {
  createScanner,
  duplicatesRoutes,
  mayBeDuplicate,
  mergeRoutes,
  SCAN,
  scanDuplicatesJob,
} from './modules/duplicates/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { calmly } from './platform/calmly.ts';
import type { App } from './platform/http/server.ts';
import type { Log } from './platform/log.ts';
import type { Connection } from './platform/postgres/connect.ts';
import type { Queue } from './platform/queue/queue.ts';
import type { Committed } from './records/write/types.ts';

export interface DeduplicatingOptions {
  engine: Engine;
  connection: Connection['config'];
  /** The thread that compares; null: in this one. */
  thread: URL | null;
  logLevel: string;
  log: Log;
  workspaces: () => Promise<string[]>;
  /** Follows what was written. */
  followJob: ReturnType<typeof apartJobs>['followDuplicates'];
  queue: () => Queue;
}

/** Finding duplicates and merging them, put together. */
export function openDeduplicating(options: DeduplicatingOptions) {
  const { engine, connection, thread, logLevel, log, workspaces, followJob, queue } = options;
  const scan = createScanner(
    thread,
    { ...engine, accessFor: (catalog) => accessFor('admin', catalog), now: () => new Date() },
    { connection, logLevel },
  );
  const followSoon = calmly(() => {
    queue()
      .enqueue(engine.db, followJob, {}, { key: 'woken' })
      .catch((error: unknown) => log.warn({ err: error }, 'duplicates'));
  });
  return {
    jobs: [scanDuplicatesJob({ ...engine, workspaces, scan })],
    /** Looks at what was written a moment ago. */
    followSoon,
    committed(fact: Committed): void {
      if (mayBeDuplicate(fact)) followSoon();
    },
    routes(app: App, ctxOf: MakeCtx): void {
      mergeRoutes(app, { ...engine, ctxOf });
      duplicatesRoutes(app, {
        ...engine,
        ctxOf,
        scanNow: async (workspace, object) =>
          (await queue().enqueue(engine.db, SCAN, { workspace, object }, { key: `${workspace} ${object}` })) !== null,
      });
    },
  };
}
