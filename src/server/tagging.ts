import type { apartJobs } from './apart-jobs.ts';
import type { Engine } from './engine.ts';
import type { MakeCtx } from './modules/edge.ts';
import {
  APPLY_TAGS,
  adviserRoutes,
  adviseTagsJob,
  applyTagsJob,
  expireTagsJob,
  taggingRoutes,
} from './modules/tagging/index.ts';
import { valueRoutes } from './modules/value/index.ts';
import { calmly } from './platform/calmly.ts';
import type { App } from './platform/http/server.ts';
import type { Keys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import { createSeal } from './platform/outgoing/seal.ts';
import type { Queue } from './platform/queue/queue.ts';

export interface TaggingOptions {
  engine: Engine;
  /** Over connections for work that nobody waits for. */
  behind: Engine;
  log: Log;
  workspace: string;
  workspaces: () => Promise<string[]>;
  apart: Pick<ReturnType<typeof apartJobs>, 'followTexts' | 'tagRuns' | 'computeValue'>;
  queue: () => Queue;
  keys: Keys;
  /** Language models at addresses of the own network. */
  allowPrivate: boolean;
}

/** Milliseconds from a commit until texts are read: many commits, one look. */
const SOON = 700;
/** And until what they say is acted on. */
const SOON_DONE = 1_500;

/** Tags found in texts, and the value of customers, put together. */
export function openTagging({
  engine,
  behind,
  log,
  workspace,
  workspaces,
  apart,
  queue,
  keys,
  allowPrivate,
}: TaggingOptions) {
  const seal = createSeal(keys, 'tag adviser');
  const deps = { ...engine, log, seal, allowPrivate, now: () => new Date() };
  const after = { ...deps, ...behind, workspaces };
  const wake = (job: Parameters<Queue['enqueue']>[1], wait: number) =>
    calmly(() => {
      queue()
        .enqueue(engine.db, job, {}, { key: 'woken' })
        .catch((error: unknown) => log.warn({ err: error }, 'tags wait'));
    }, wait);
  const followSoon = wake(apart.followTexts, SOON);
  // The job thread listens; this one, which it can't wake, would look again only at the next poll.
  const applySoon = wake(APPLY_TAGS, SOON_DONE);
  const kick = async (): Promise<void> => void (await queue().enqueue(engine.db, apart.tagRuns, {}, { key: 'woken' }));
  const compute = async (): Promise<void> =>
    void (await queue().enqueue(engine.db, apart.computeValue, {}, { key: 'woken' }));
  return {
    jobs: [applyTagsJob(after), expireTagsJob(after), adviseTagsJob(after)],
    /** After a commit. Lost with a crash, it is made up for within a minute. */
    woken(): void {
      engine.tags
        .ready(workspace)
        .then(() => {
          if (!engine.tags.of(workspace).rules.on) return;
          followSoon();
          applySoon();
        })
        .catch((error: unknown) => log.warn({ err: error }, 'tags wait'));
    },
    routes(app: App, ctxOf: MakeCtx): void {
      adviserRoutes(app, { ...deps, ctxOf });
      taggingRoutes(app, { ...deps, ctxOf, kick });
      valueRoutes(app, { ...deps, ctxOf, compute });
    },
  };
}
