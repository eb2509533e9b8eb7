import type { JobWithMetadata, PgBoss, Db as PgBossDb } from 'pg-boss';
import sql from 'sql-template-tag';
import type { z } from 'zod';
import { giveBackMemory } from '../give-back.ts';
import type { Log } from '../log.ts';
import type { Db, Queryable, Tx } from '../postgres/db.ts';
import type { Apart } from './apart.ts';
import type { Job, JobRun } from './job.ts';

const SCHEMA = 'jobs';
/** The least pg-boss allows. A job whose worker died is taken up again after this and one supervision interval. */
const HEARTBEAT_SECONDS = 10;
const SUPERVISE_SECONDS = 4;
const POLL_SECONDS = 2;
const DAY_SECONDS = 24 * 3600;
/** A run that took longer may have left much garbage. */
const LONG_MS = 5000;

export interface EnqueueOptions {
  /** At most one waiting job of this kind has this key; a second one is dropped and the answer is null. */
  key?: string;
  startAfter?: Date;
  /** Higher goes first; 0 by default. */
  priority?: number;
}

export interface JobState {
  id: string;
  state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed';
  done: number | null;
  total: number | null;
  note: Record<string, unknown>;
  /** What the handler returned, or how it failed. */
  output: unknown;
}

/** Name and payload of a job: enough to ask for it. */
export type JobCall<P extends z.ZodType = z.ZodType> = Pick<Job<P>, 'name' | 'payload'>;

export interface Sender {
  /** Adds a job; inside a transaction it exists only if that commits. Returns its id. */
  enqueue<P extends z.ZodType>(
    on: Db | Tx,
    job: JobCall<P>,
    payload: z.input<P>,
    options?: EnqueueOptions,
  ): Promise<string | null>;
}

export interface Queue extends Sender {
  state(job: Job, id: string): Promise<JobState | null>;
  cancel(job: Job, id: string): Promise<void>;
  /** Begins to run jobs in this process. */
  work(): Promise<void>;
  /** Tells running handlers to stop at their next safe point and waits up to ten seconds; what was cut off runs again, here or elsewhere. */
  stop(): Promise<void>;
}

/**
 * Opens the queue: installs its schema where missing, makes a queue per job, and the schedules.
 * @param apart where jobs run that are marked so; in this thread when absent
 */
export async function openQueue(db: Db, log: Log, jobs: Job[], apart?: Apart): Promise<Queue> {
  // Loaded here: commands that need no queue don't pay for it.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    schema: SCHEMA,
    db: adapt(db),
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    cronWorkerIntervalSeconds: 15,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'job queue'));
  // Several processes may start at once; pg-boss's own installation is safe, the making of queues is serialised here.
  await db.tx(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('xianke jobs', 0))`);
    await boss.start();
    for (const job of jobs) await prepare(boss, job);
  });
  return new BossQueue(boss, db, log, jobs, apart);
}

/** For a thread beside one that has opened the queue: adds jobs, and neither runs nor supervises any. */
export async function openSender(db: Db): Promise<Sender & { stop(): Promise<void> }> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ schema: SCHEMA, db: adapt(db), migrate: false, supervise: false, schedule: false });
  await boss.start();
  return {
    enqueue: (on, job, payload, options) => send(boss, on, job, payload, options),
    stop: () => boss.stop({ graceful: false, close: false }),
  };
}

async function send<P extends z.ZodType>(
  boss: PgBoss,
  on: Db | Tx,
  job: JobCall<P>,
  payload: z.input<P>,
  options: EnqueueOptions = {},
): Promise<string | null> {
  return boss.send(job.name, job.payload.parse(payload) as object, {
    db: adapt(on),
    // Policy "short" allows one waiting job per key: without a key each job is its own.
    singletonKey: options.key ?? crypto.randomUUID(),
    ...(options.startAfter && { startAfter: options.startAfter }),
    ...(options.priority !== undefined && { priority: options.priority }),
  });
}

async function prepare(boss: PgBoss, job: Job): Promise<void> {
  const options = {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    // The heartbeat watches over dead workers; an import may well take hours.
    expireInSeconds: DAY_SECONDS - 1,
    retryLimit: job.retries ?? 10,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    retentionSeconds: 14 * DAY_SECONDS,
    deleteAfterSeconds: 30 * DAY_SECONDS,
  };
  if (await boss.getQueue(job.name)) await boss.updateQueue(job.name, options);
  else await boss.createQueue(job.name, { ...options, policy: 'short' });
  if (job.schedule) {
    await boss.schedule(
      job.name,
      job.schedule.cron,
      {},
      { tz: job.schedule.timeZone ?? 'Asia/Shanghai', missed: 'once' },
    );
  } else {
    await boss.unschedule(job.name);
  }
}

class BossQueue implements Queue {
  readonly #boss: PgBoss;
  readonly #db: Db;
  readonly #log: Log;
  readonly #jobs: Job[];
  readonly #apart: Apart | undefined;
  readonly #workers = new Map<string, string>();
  readonly #stopping = new AbortController();

  constructor(boss: PgBoss, db: Db, log: Log, jobs: Job[], apart: Apart | undefined) {
    this.#boss = boss;
    this.#db = db;
    this.#log = log;
    this.#jobs = jobs;
    this.#apart = apart;
  }

  async enqueue<P extends z.ZodType>(on: Db | Tx, job: JobCall<P>, payload: z.input<P>, options: EnqueueOptions = {}) {
    const id = await send(this.#boss, on, job, payload, options);
    if ('afterCommit' in on) on.afterCommit(() => this.#wake(job.name));
    else this.#wake(job.name);
    return id;
  }

  async state(job: Job, id: string): Promise<JobState | null> {
    const [found] = await this.#boss.findJobs(job.name, { id });
    if (!found) return null;
    const [progress] = await this.#db.query<{ done: number; total: number | null; note: Record<string, unknown> }>(
      sql`select done, total, note from xianke.job_progress where job = ${id}`,
    );
    return {
      id,
      state: found.state,
      done: progress?.done ?? null,
      total: progress?.total ?? null,
      note: progress?.note ?? {},
      output: found.output ?? null,
    };
  }

  async cancel(job: Job, id: string): Promise<void> {
    await this.#boss.cancel(job.name, id);
  }

  async work(): Promise<void> {
    for (const job of this.#jobs) {
      const options = {
        includeMetadata: true,
        pollingIntervalSeconds: POLL_SECONDS,
        localConcurrency: job.concurrency ?? 1,
      } as const;
      const worker = await this.#boss.work<object, unknown, typeof options>(job.name, options, async ([run]) =>
        run ? this.#run(job, run) : undefined,
      );
      this.#workers.set(job.name, worker);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#boss.stop({ graceful: true, timeout: 10_000, close: false });
    await this.#apart?.stop();
  }

  async #run(job: Job, run: JobWithMetadata<object>): Promise<unknown> {
    const began = performance.now();
    try {
      const payload: unknown = job.payload.parse(run.data ?? {});
      if (job.due && !(await job.due())) return null;
      const jobRun: JobRun<unknown> = {
        id: run.id,
        payload,
        attempt: run.retryCount,
        signal: AbortSignal.any([run.signal, this.#stopping.signal]),
        progress: (done, total, note) => storeProgress(this.#db, run.id, done, total, note),
      };
      const output = job.apart && this.#apart ? await this.#apart.run(job.name, jobRun) : await job.handler(jobRun);
      // It may have stopped halfway; a job that did its work twice does no harm.
      if (this.#stopping.signal.aborted) throw new Error('the server stops');
      return output ?? null;
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      this.#log.warn({ err: error, job: job.name, id: run.id, attempt: run.retryCount }, 'job failed');
      throw error;
    } finally {
      if (performance.now() - began > LONG_MS) giveBackMemory();
    }
  }

  /** Fetches at once instead of at the next poll, when this process works. */
  #wake(name: string): void {
    const worker = this.#workers.get(name);
    if (worker !== undefined) this.#boss.notifyWorker(worker);
  }
}

async function storeProgress(db: Db, job: string, done: number, total?: number, note?: Record<string, unknown>) {
  await db.query(sql`
    insert into xianke.job_progress (job, done, total, note) values (${job}, ${done}, ${total ?? null}, ${note ?? {}})
    on conflict (job) do update set done = excluded.done, total = excluded.total, note = excluded.note, at = now()`);
}

/** Our connections, as pg-boss wants to see them. */
function adapt(on: Queryable & ({ pool: Db['pool'] } | { client: Tx['client'] })): PgBossDb {
  const target = 'pool' in on ? on.pool : on.client;
  return { executeSql: (text, values) => target.query(text, values as unknown[]) };
}
