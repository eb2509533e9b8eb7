import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testDb } from '../../../../test/support/database.ts';
import { silentLog } from '../log.ts';
import { housekeepingJob } from './housekeeping.ts';
import { defineJob, type Job } from './job.ts';
import { openQueue } from './queue.ts';

const db = await testDb();
const ran: number[] = [];
const square = defineJob({
  name: 'test.square',
  payload: z.object({ n: z.number() }),
  handler: async ({ payload, progress }) => {
    await progress(1, 1, { step: 'last' });
    ran.push(payload.n);
    return { square: payload.n ** 2 };
  },
});
let failures = 2;
const flaky = defineJob({
  name: 'test.flaky',
  payload: z.object({}),
  handler: async ({ attempt }) => {
    if (failures-- > 0) throw new Error('not yet');
    return { attempt };
  },
});
let begun = 0;
/** Works until told to stop. */
const endless = defineJob({
  name: 'test.endless',
  payload: z.object({}),
  handler: async ({ signal, attempt }) => {
    begun++;
    if (attempt === 0) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { attempt };
  },
});
const idle = defineJob({
  name: 'test.idle',
  payload: z.object({}),
  due: async () => false,
  handler: async () => 'ran',
});
const jobs = [square, flaky, endless, idle];
// Five at once, as when five processes start together.
const queues = await Promise.all(Array.from({ length: 5 }, () => openQueue(db, silentLog, jobs)));
const [queue] = queues as [(typeof queues)[number]];
await queue.work();
afterAll(() => Promise.all(queues.map((one) => one.stop())));

async function finished(job: Job, id: string | null, on = queue) {
  for (;;) {
    const state = await on.state(job, String(id));
    if (state && ['completed', 'failed', 'cancelled'].includes(state.state)) return state;
    await delay(50);
  }
}

it('housekeeping forgets what is old and keeps what may be asked for again', async () => {
  await db.query(sql`insert into xianke.idempotency (workspace, actor, key, request_hash, status, response, at)
    select 'main', 'user:1', 'key ' || age, '', 200, '{}', now() - make_interval(hours => age) from unnest(array[1, 25, 49]) age`);
  const job = housekeepingJob(db);
  const run = { id: '', payload: {}, attempt: 0, signal: new AbortController().signal, progress: async () => {} };
  expect(await job.handler(run)).toEqual({ answers: 1, progress: 0 });
  expect(await db.query(sql`select key from xianke.idempotency order by at`)).toEqual([
    { key: 'key 25' },
    { key: 'key 1' },
  ]);
});

describe('queue', () => {
  it('runs a job, keeps what it returned and how far it was', async () => {
    const id = await queue.enqueue(db, square, { n: 7 });
    expect(await finished(square, id)).toMatchObject({
      state: 'completed',
      done: 1,
      total: 1,
      note: { step: 'last' },
      output: { square: 49 },
    });
  });

  it('knows nothing of a job whose transaction rolled back', async () => {
    let id: string | null = null;
    const attempt = db.tx(async (tx) => {
      id = await queue.enqueue(tx, square, { n: 666 });
      throw new Error('rolled back');
    });
    await expect(attempt).rejects.toThrow('rolled back');
    expect(await queue.state(square, String(id))).toBeNull();
    const after = await db.tx((tx) => queue.enqueue(tx, square, { n: 8 }));
    await finished(square, after);
    expect(ran).not.toContain(666);
  });

  it('repeats a failed job', async () => {
    const id = await queue.enqueue(db, flaky, {});
    expect(await finished(flaky, id)).toMatchObject({ state: 'completed', output: { attempt: 2 } });
  });

  it('does not begin what has nothing to do', async () => {
    const id = await queue.enqueue(db, idle, {});
    expect(await finished(idle, id)).toMatchObject({ state: 'completed', output: null });
  });

  it('drops a second waiting job with the same key', async () => {
    const later = { key: 'k', startAfter: new Date(Date.now() + 3_600_000) };
    const first = await queue.enqueue(db, square, { n: 1 }, later);
    expect(first).not.toBeNull();
    expect(await queue.enqueue(db, square, { n: 2 }, later)).toBeNull();
    await queue.cancel(square, String(first));
    expect(await queue.state(square, String(first))).toMatchObject({ state: 'cancelled' });
  });

  it('refuses a payload that is not what the job says', async () => {
    await expect(queue.enqueue(db, square, { n: 'x' } as never)).rejects.toThrow();
    expect(await db.query(sql`select 1 from jobs.job where data->>'n' = 'x'`)).toEqual([]);
  });

  it('stops at once, and what was cut off runs again', async () => {
    const other = await openQueue(db, silentLog, jobs);
    await other.work();
    const id = await other.enqueue(db, endless, {});
    while (begun === 0) await delay(20);
    await Promise.all([other.stop(), queue.stop()]);
    expect(['retry', 'created']).toContain((await queues[1]?.state(endless, String(id)))?.state);
    await queues[1]?.work();
    expect(await finished(endless, id, queues[1])).toMatchObject({ state: 'completed', output: { attempt: 1 } });
  });
});
