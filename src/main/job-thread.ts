import { parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import { apartJobs } from '../server/apart-jobs.ts';
import { createEngine } from '../server/engine.ts';
import { createLog } from '../server/platform/log.ts';
import { createPool } from '../server/platform/postgres/connect.ts';
import { createDb } from '../server/platform/postgres/db.ts';
import { serveApart } from '../server/platform/queue/apart.ts';
import { openSender } from '../server/platform/queue/queue.ts';

/** The job thread: an engine of its own over the same database, so that learning and planning hold up no page. */
interface JobThreadData {
  connection: pg.ClientConfig;
  logLevel: string;
}

const data = workerData as JobThreadData;
const log = createLog(data.logLevel);
const pool = createPool(data.connection, { log, poolSize: 4, yields: true });
const db = createDb(pool);
const sender = await openSender(db);
const jobs = apartJobs(createEngine(db), db, log, () => sender);
if (parentPort)
  serveApart(parentPort, Object.values(jobs), async () => {
    await sender.stop();
    await pool.end();
  });
