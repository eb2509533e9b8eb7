import { Worker } from 'node:worker_threads';
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
export type FromWorker = { moved: { id: string; state: RunState } } | { stopped: true };

/** Megabytes of heap of the import thread: a broken file ends the thread, not the server. */
const HEAP_MB = 512;

/** Starts the import thread (again when it dies) and hands work to it. `entry`: compiled file, `data`: what it needs to connect. */
export function createImportRunner(entry: URL, data: unknown, log: Log, moved: Moved): ImportRunner {
  let stopping = false;
  let worker = start();

  function start(): Worker {
    const thread = new Worker(entry, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    thread.on('message', (message: FromWorker) => {
      if ('moved' in message) moved(message.moved);
    });
    thread.on('error', (error) => log.error({ err: error }, 'import thread'));
    thread.on('exit', () => {
      if (stopping) return;
      // Its sweep takes up what was interrupted; a pause keeps a file that kills it from spinning.
      setTimeout(() => {
        if (!stopping) worker = start();
      }, 1000).unref();
    });
    thread.unref();
    return thread;
  }

  return {
    kick: (id) => worker.postMessage({ kick: id } satisfies ToWorker),
    async stop() {
      stopping = true;
      worker.postMessage({ stop: true } satisfies ToWorker);
      await Promise.race([
        new Promise<void>((resolve) => worker.once('exit', () => resolve())),
        new Promise<void>((resolve) => setTimeout(resolve, 10_000).unref()),
      ]);
      await worker.terminate();
    },
  };
}
