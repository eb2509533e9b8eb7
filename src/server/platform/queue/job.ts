import type { z } from 'zod';

/** One run of a job. */
export interface JobRun<Payload> {
  id: string;
  payload: Payload;
  /** 0 for the first run, one more for each repetition. */
  attempt: number;
  /** Aborted when the server stops or the job was cancelled: stop at the next safe point; the job runs again. */
  signal: AbortSignal;
  /** Stores how far the work is, at most about twice a second. */
  progress(done: number, total?: number, note?: Record<string, unknown>): Promise<void>;
}

/** A kind of background work: a named contract. The handler must be idempotent: after a crash it runs again. */
export interface Job<Payload extends z.ZodType = z.ZodType> {
  /** `imports.run`: module and verb. */
  name: string;
  payload: Payload;
  handler: (run: JobRun<z.output<Payload>>) => Promise<unknown>;
  /** Five cron fields, and the zone they are meant in. The payload schema must accept `{}`. */
  schedule?: { cron: string; timeZone?: string };
  /** How many run at once in one process; 1 by default. */
  concurrency?: number;
  /** Runs in the job thread, where there is one: reading and arithmetic that would hold up pages. */
  apart?: true;
  /** Whether there is anything to do; asked before a scheduled run that is likely to find nothing, and before the job thread is started for it. */
  due?: () => Promise<boolean>;
  /** How often a failed run is repeated, with growing pauses of up to a minute; 10 by default. */
  retries?: number;
}

/** Declares a job and infers the type of its payload. */
export function defineJob<Payload extends z.ZodType>(job: Job<Payload>): Job<Payload> {
  return job;
}
