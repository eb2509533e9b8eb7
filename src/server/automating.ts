import type { apartJobs } from './apart-jobs.ts';
import type { Engine } from './engine.ts';
import {
  automationRoutes,
  forgetFiringsJob,
  PERFORM,
  performRulesJob,
  tickRulesJob,
} from './modules/automation/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import type { openOutgoing } from './outgoing.ts';
import { calmly } from './platform/calmly.ts';
import type { App } from './platform/http/server.ts';
import type { Log } from './platform/log.ts';
import type { Tx } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';
import type { Committed } from './records/write/types.ts';

export interface AutomatingOptions {
  engine: Engine;
  /** Over connections for work that nobody waits for: what rules do comes after what people do. */
  behind: Engine;
  outgoing: Pick<ReturnType<typeof openOutgoing>, 'channels' | 'outbox'>;
  log: Log;
  workspace: string;
  workspaces: () => Promise<string[]>;
  /** Finds the rules that changes wake. */
  followJob: ReturnType<typeof apartJobs>['followRules'];
  queue: () => Queue;
  wakeOutbox: (tx: Tx) => Promise<void>;
}

/** Milliseconds from a commit until rules are looked at: many commits, one look. */
const SOON = 500;
/** And until what they ask for is done. */
const SOON_DONE = 1_200;

/** Automatic rules, put together. */
export function openAutomating(options: AutomatingOptions) {
  const { engine, behind, outgoing, log, workspace, workspaces, followJob, queue, wakeOutbox } = options;
  const deps = {
    ...engine,
    ...outgoing,
    log,
    workspaces,
    now: () => new Date(),
    performSoon: async (tx: Tx) => void (await queue().enqueue(tx, PERFORM, {}, { key: 'woken' })),
  };
  const after = { ...deps, ...behind };
  const followSoon = calmly(() => {
    engine.automation
      .ready(workspace)
      .then(() => {
        // Where no rule is on nothing is woken.
        if (engine.automation.of(workspace).rules.some(({ off }) => !off))
          return queue().enqueue(engine.db, followJob, {}, { key: 'woken' });
        return null;
      })
      .catch((error: unknown) => log.warn({ err: error }, 'automatic rules wait'));
  }, SOON);
  // The job thread finds; this one, which it can't wake, would look again only at the next poll.
  const performSoon = calmly(() => {
    if (engine.automation.of(workspace).rules.some(({ off }) => !off))
      queue()
        .enqueue(engine.db, PERFORM, {}, { key: 'woken' })
        .catch((error: unknown) => log.warn({ err: error }, 'automatic rules wait'));
  }, SOON_DONE);
  const woken = (): void => {
    followSoon();
    performSoon();
  };
  return {
    jobs: [performRulesJob(after), tickRulesJob(after), forgetFiringsJob(after)],
    /** After a commit. Lost with a crash, it is made up for within a minute. */
    committed: (_fact: Committed): void => woken(),
    /** The same where the job thread wrote. */
    woken,
    routes(app: App, ctxOf: MakeCtx): void {
      automationRoutes(app, { ...deps, wakeOutbox, ctxOf });
    },
  };
}
