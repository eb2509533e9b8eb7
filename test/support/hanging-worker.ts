import { z } from 'zod';
import { silentLog } from '../../src/server/platform/log.ts';
import { createPool } from '../../src/server/platform/postgres/connect.ts';
import { createDb } from '../../src/server/platform/postgres/db.ts';
import { defineJob } from '../../src/server/platform/queue/job.ts';
import { openQueue } from '../../src/server/platform/queue/queue.ts';

// A program that takes up the job test.hang and never finishes it; a test kills it.
const db = createDb(createPool({ connectionString: process.argv[2] }, { log: silentLog }));
const hang = defineJob({
  name: 'test.hang',
  payload: z.object({}),
  handler: () => {
    process.stdout.write('taken\n');
    return new Promise(() => setInterval(() => {}, 1000));
  },
});
await (await openQueue(db, silentLog, [hang])).work();
