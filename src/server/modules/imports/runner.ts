import { Worker } from 'node:worker_threads';
import { giveBackMemory } from '../../platform/give-back.ts';
import type { Log } from '../../platform/log.ts';
import type { Moved } from './import-steps.ts';
import type { RunState } from './run-store.ts';

/** Sets imports to work outside the thread that answers pages. */
export interface ImportRunner {
  kick(id: string): void;
  stop(): Promise<void>;
}

/** Messages between the server and the import thread. */
export type ToWorker = { kick: string } | { stop: true };
export type FromWorker = { moved: { id: string; state: RunState } };

/** Megabytes of heap of the import thread: a broken file ends the thread, not the server. */
const HEAP_MB = 512;
/** Megabytes for what was just made: rows live for a batch, and in the usual 48 a fifth of the thread's time goes into moving them. */
const YOUNG_MB = 192;
/** How often imports that a crash left behind are looked for. */
const SWEEP_MS = 10_000;

/**
 * Hands imports to a thread that is there only while there is work: at rest it would cost 40 MB. `entry`: compiled file, `data`: what it needs to
 * connect, `waiting`: imports in a working state, whoever began them.
 */
export function createImportRunner(
  entry: URL,
  data: unknown,
  waiting: () => Promise<string[]>,
  log: Log,
  moved: Moved,
): ImportRunner {
  let stopping = false;
  let worker: Worker | null = null;

  function start(): Worker {
    const thread = new Worker(entry, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    thread.on('message', (message: FromWorker) => moved(message.moved));
    thread.on('error', (error) => log.error({ err: error }, 'import thread'));
    thread.on('exit', () => {
      // Idle or broken; what it left unfinished the sweep hands to the next one.
      if (worker === thread) worker = null;
      giveBackMemory();
    });
    thread.unref();
    return thread;
  }

  function kick(id: string): void {
    if (stopping) return;
    worker ??= start();
    worker.postMessage({ kick: id } satisfies ToWorker);
  }

  const sweep = () =>
    waiting().then(
      (ids) => ids.forEach(kick),
      // No workspace yet, or the database is restarting: the next sweep will see.
      (error: unknown) => log.debug({ err: error }, 'import sweep'),
    );
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  void sweep();

  return {
    kick,
    async stop() {
      stopping = true;
      clearInterval(timer);
      const thread = worker;
      if (!thread) return;
      thread.postMessage({ stop: true } satisfies ToWorker);
      await Promise.race([
        new Promise<void>((resolve) => thread.once('exit', () => resolve())),
        new Promise<void>((resolve) => setTimeout(resolve, 10_000).unref()),
      ]);
      await thread.terminate();
    },
  };
}
