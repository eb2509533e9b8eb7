import type { Engine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { followProposalsJob, mayMoveProposals, proposalsRoutes } from './modules/proposals/index.ts';
import { judgeProposalsJob, reviewRoutes } from './modules/review/index.ts';
import type { Idempotency } from './platform/http/idempotency.ts';
import type { App } from './platform/http/server.ts';
import type { Log } from './platform/log.ts';
import type { Db } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';
import type { Committed } from './records/write/types.ts';

export interface ReviewingOptions {
  engine: Engine;
  background: Db;
  log: Log;
  workspace: string;
  workspaces: () => Promise<string[]>;
  idempotency: Idempotency;
  /** Pages read their proposals again. */
  tell: () => void;
  queue: () => Queue;
}

/** Proposals, and the rules that decide on them, put together. */
export function openReviewing(options: ReviewingOptions) {
  const { engine, background, log, workspace, workspaces, idempotency, tell, queue } = options;
  const judge = judgeProposalsJob({ ...engine, accessFor, moved: tell, now: () => new Date(), workspaces });
  const follow = followProposalsJob({ ...engine, db: background, workspaces });
  const judgeSoon = async (): Promise<void> => void (await queue().enqueue(engine.db, judge, {}, { key: 'woken' }));
  return {
    jobs: [judge, follow],
    /** Something waits for review. */
    proposed(): void {
      tell();
      judgeSoon().catch((error: unknown) => log.warn({ err: error }, 'rules wait'));
    },
    /** Whose records changed hands takes their proposals along. */
    committed(fact: Committed): void {
      engine.catalog
        .get(workspace)
        .then((catalog) =>
          mayMoveProposals(catalog, fact) ? queue().enqueue(engine.db, follow, {}, { key: 'woken' }) : null,
        )
        .catch((error: unknown) => log.warn({ err: error }, 'owners of proposals'));
    },
    routes(app: App, ctxOf: MakeCtx): void {
      proposalsRoutes(app, { ...engine, ctxOf, idempotency, moved: tell });
      reviewRoutes(app, { ...engine, ctxOf, judgeSoon });
    },
  };
}
