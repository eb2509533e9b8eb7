import type { apartJobs } from './apart-jobs.ts';
import type { Engine } from './engine.ts';
import { type MassDeps, massLookJob } from './modules/mass/index.ts';
import type { Log } from './platform/log.ts';
import type { Queue } from './platform/queue/queue.ts';

export interface MassingOptions {
  engine: Engine;
  log: Log;
  replanSoon: MassDeps['replanSoon'];
  now: () => Date;
  /** Writes, in the job thread. */
  advance: ReturnType<typeof apartJobs>['mass'];
  queue: () => Queue;
}

/** Mass operations, put together: requests and the look are for people's connections; the writing, in the job thread, for those that yield. */
export function openMassing({ engine, log, replanSoon, now, advance, queue }: MassingOptions) {
  const deps = { ...engine, mass: engine.mass(engine.db), replanSoon, log, now };
  const look = massLookJob({
    ...deps,
    advance: async (workspace, run) =>
      void (await queue().enqueue(engine.db, advance, { workspace, run }, { key: run })),
  });
  return {
    /** Of requests: somebody waits. */
    deps,
    jobs: [look],
    /** Lets a run go on from wherever it is. */
    kick: async (workspace: string, run: string): Promise<void> =>
      void (await queue().enqueue(engine.db, look, { workspace, run }, { key: run })),
  };
}
