import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../src/server/platform/log.ts';
import { defineJob } from '../../src/server/platform/queue/job.ts';
import { openQueue } from '../../src/server/platform/queue/queue.ts';
import { testDatabase } from '../support/database.ts';

const { db, url } = await testDatabase();
let takenUp: (attempt: number) => void = () => {};
const again = new Promise<number>((resolve) => {
  takenUp = resolve;
});
const hang = defineJob({ name: 'test.hang', payload: z.object({}), handler: async ({ attempt }) => takenUp(attempt) });
const queue = await openQueue(db, silentLog, [hang]);
afterAll(() => queue.stop());

it('a job whose worker was killed is taken up by another, without a hand', async () => {
  await queue.enqueue(db, hang, {});
  const worker = spawn(process.execPath, ['--import', 'tsx', 'test/support/hanging-worker.ts', url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(worker.stdout, 'data');
  worker.kill('SIGKILL');
  await queue.work();
  expect(await again).toBe(1);
}, 120_000);
