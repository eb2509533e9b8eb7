import type { Engine } from './engine.ts';
import type { MakeCtx } from './modules/edge.ts';
import { evaluationRoutes, readOutcomeKinds } from './modules/evaluation/index.ts';
import { evidenceRoutes } from './modules/evidence/index.ts';
import {
  adviceRoutes,
  checksRoutes,
  freshnessRoutes,
  peopleAsked,
  readPresets,
  repeatChecksJob,
  teamRoutes,
} from './modules/freshness/index.ts';
import { notify } from './modules/reminders/index.ts';
import type { Idempotency } from './platform/http/idempotency.ts';
import type { App } from './platform/http/server.ts';
import type { Db, Tx } from './platform/postgres/db.ts';

export interface FresheningOptions {
  engine: Engine;
  /** Connections for work that nobody waits for. */
  background: Db;
  idempotency: Idempotency;
  replanSoon: (tx: Tx, workspace: string) => Promise<void>;
  workspaces: () => Promise<{ id: string; timeZone: string }[]>;
}

/** Policies, checks, evidence and how far they are right, put together. */
export function openFreshening({ engine, background, idempotency, replanSoon, workspaces }: FresheningOptions) {
  const tell = async (tx: Tx, workspace: string, campaign: string): Promise<void> => {
    for (const { person, name, records: count } of await peopleAsked(tx, workspace, campaign)) {
      const notice = {
        account: person,
        cause: `check ${campaign}`,
        kind: 'check-mine' as const,
        params: { name, count },
      };
      await notify(tx, workspace, notice, new Date());
    }
  };
  return {
    jobs: [
      repeatChecksJob({
        ...engine,
        db: background,
        catalogs: engine.catalog,
        now: () => new Date(),
        tell,
        workspaces,
      }),
    ],
    routes(app: App, ctxOf: MakeCtx): void {
      adviceRoutes(app, { ...engine, ctxOf });
      checksRoutes(app, { ...engine, ctxOf, tell });
      evaluationRoutes(app, { ...engine, ctxOf, outcomes: readOutcomeKinds() });
      evidenceRoutes(app, { ...engine, ctxOf });
      teamRoutes(app, { ...engine, ctxOf });
      freshnessRoutes(app, { ...engine, ctxOf, idempotency, presets: readPresets(), replanSoon });
    },
  };
}
