import { constants, setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type MessagePort, Worker } from 'node:worker_threads';
import { giveBackMemory } from '../give-back.ts';
import type { Log } from '../log.ts';
import type { Job, JobRun } from './job.ts';

/** Runs jobs outside the thread that answers pages. */
export interface Apart {
  /** As the job's own handler would. */
  run(name: string, run: JobRun<unknown>): Promise<unknown>;
  stop(): Promise<void>;
}

type Progress = Parameters<JobRun<unknown>['progress']>;
type ToThread =
  | { run: { id: string; name: string; payload: unknown; attempt: number } }
  | { abort: string }
  | { end: true };
type FromThread = { id: string } & ({ progress: Progress } | { output: unknown } | { error: Error });

/** The thread is there only while there is work: at rest it would cost 40 MB. */
const IDLE_MS = 20_000;
/** Megabytes of heap: a job that needs more ends the thread, not the server. */
const HEAP_MB = 512;
/** A thread that does not close by then is cut off. */
const PATIENCE_MS = 5_000;

interface Running {
  resolve: (output: unknown) => void;
  reject: (error: Error) => void;
  progress: JobRun<unknown>['progress'];
}

/** @param entry compiled file of the thread @param data what it needs to connect */
export function createApart(entry: URL, data: unknown, log: Log): Apart {
  let worker: Worker | null = null;
  const running = new Map<string, Running>();
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    const thread = new Worker(entry, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    thread.on('message', (message: FromThread) => hear(message));
    thread.on('error', (error) => log.error({ err: error }, 'job thread'));
    thread.on('exit', () => {
      if (worker === thread) {
        worker = null;
        // The queue has them run again.
        for (const { reject } of running.values()) reject(new Error('the job thread ended'));
        running.clear();
      }
      giveBackMemory();
    });
    thread.unref();
    return thread;
  }

  function hear(message: FromThread): void {
    const found = running.get(message.id);
    if (!found) return;
    if ('progress' in message) {
      void found.progress(...message.progress).catch((error: unknown) => log.debug({ err: error }, 'job progress'));
      return;
    }
    running.delete(message.id);
    if ('error' in message) found.reject(message.error);
    else found.resolve(message.output);
    if (running.size === 0) idle = setTimeout(() => void end(), IDLE_MS).unref();
  }

  /** It closes its connections and goes; a new one begins with the next job. */
  async function end(): Promise<void> {
    clearTimeout(idle);
    const thread = worker;
    worker = null;
    if (!thread) return;
    const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    thread.postMessage({ end: true } satisfies ToThread);
    await Promise.race([gone, delay(PATIENCE_MS, undefined, { ref: false })]);
    await thread.terminate();
  }

  return {
    run(name, { id, payload, attempt, signal, progress }) {
      clearTimeout(idle);
      worker ??= start();
      const thread = worker;
      const abort = () => thread.postMessage({ abort: id } satisfies ToThread);
      signal.addEventListener('abort', abort, { once: true });
      return new Promise<unknown>((resolve, reject) => {
        running.set(id, { resolve, reject, progress });
        thread.postMessage({ run: { id, name, payload, attempt } } satisfies ToThread);
        if (signal.aborted) abort();
      }).finally(() => signal.removeEventListener('abort', abort));
    },
    stop: end,
  };
}

/** The other end, in the thread: runs what it is told, until `close`. */
export function serveApart(port: MessagePort, jobs: readonly Job[], close: () => Promise<void>): void {
  // On Linux this is the priority of the calling thread, not of the server.
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const aborts = new Map<string, AbortController>();
  const say = (message: FromThread) => port.postMessage(message);
  const run = async ({ id, name, payload, attempt }: Extract<ToThread, { run: unknown }>['run']): Promise<void> => {
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      const job = byName.get(name);
      if (!job) throw new Error(`no job ${name} in this thread`);
      const progress = async (...told: Progress) => say({ id, progress: told });
      say({ id, output: await job.handler({ id, payload, attempt, signal: abort.signal, progress }) });
    } catch (error) {
      say({ id, error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      aborts.delete(id);
    }
  };
  port.on('message', (message: ToThread) => {
    if ('run' in message) void run(message.run);
    else if ('end' in message) void close().finally(() => process.exit(0));
    else aborts.get(message.abort)?.abort();
  });
}
