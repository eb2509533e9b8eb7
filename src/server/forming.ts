import type { apartJobs } from './apart-jobs.ts';
import type { Engine } from './engine.ts';
import type { AskingDeps } from './modules/asking/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import {
  CENSUS,
  censusJob,
  censusRoutes,
  createChallenges,
  createFormLimits,
  createJunkCount,
  type FormDeps,
  forgetSubmissionsJob,
  formPages,
  formsRoutes,
} from './modules/forms/index.ts';
import { calmly } from './platform/calmly.ts';
import type { App } from './platform/http/server.ts';
import type { Keys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import type { Queue } from './platform/queue/queue.ts';

export interface FormingOptions {
  engine: Engine;
  keys: Keys;
  log: Log;
  workspace: string;
  workspaces: () => Promise<string[]>;
  /** What asking customers works with. */
  asking: Omit<AskingDeps, 'notify'>;
  notify: FormDeps['notify'];
  publicUrl: string | undefined;
  /** Makes records of what came in. */
  takeJob: ReturnType<typeof apartJobs>['takeSubmissions'];
  queue: () => Queue;
  /** Records were made elsewhere, a moment ago: reactions of this process. */
  written: () => unknown;
}

/** Milliseconds from what comes in until it is taken up: many submissions, one look. */
const SOON = 400;
/** And until what was made of it is reacted to; the job thread, which makes it, can't wake this one. */
const SOON_WRITTEN = 3_000;

/** Public forms, put together. */
export function openForming(options: FormingOptions) {
  const { engine, keys, log, workspace, workspaces, asking, notify, publicUrl, takeJob, queue, written } = options;
  const now = () => new Date();
  const deps = { ...asking, ...engine, log, notify, now, workspaces, publicUrl };
  const junk = createJunkCount(engine.db, workspace, log, now);
  const writtenSoon = calmly(written, SOON_WRITTEN);
  const takeSoon = calmly(() => {
    queue()
      .enqueue(engine.db, takeJob, {}, { key: 'woken' })
      .then(writtenSoon)
      .catch((error: unknown) => log.warn({ err: error }, 'submissions wait'));
  }, SOON);
  return {
    jobs: [forgetSubmissionsJob(deps), censusJob(deps)],
    routes(app: App, ctxOf: MakeCtx): void {
      formsRoutes(app, { ...deps, ctxOf });
      censusRoutes(app, {
        ...deps,
        ctxOf,
        kick: async () => void (await queue().enqueue(engine.db, CENSUS, {}, { key: 'woken' })),
      });
      formPages(app, {
        ...deps,
        workspace,
        junk,
        challenges: createChallenges(keys.derive('form challenges'), now),
        limits: createFormLimits(),
        received: takeSoon,
      });
    },
    /** Counts that were not written down yet. */
    close: (): Promise<void> => junk.flush(),
  };
}
