import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import { createEngine } from '../server/engine.ts';
import { accessFor } from '../server/modules/access/index.ts';
import { type FromScan, scanObject } from '../server/modules/duplicates/index.ts';
import { createLog } from '../server/platform/log.ts';
import { createPool } from '../server/platform/postgres/connect.ts';
import { createDb } from '../server/platform/postgres/db.ts';

/** One scan for duplicates: an engine of its own over the same database, so that comparing a million records holds up no page. */
interface MatchThreadData {
  connection: pg.ClientConfig;
  logLevel: string;
  workspace: string;
  object: string;
}

const data = workerData as MatchThreadData;
// On Linux this is the priority of the calling thread, not of the server.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const pool = createPool(data.connection, { log: createLog(data.logLevel), poolSize: 2, yields: true });
const db = createDb(pool);
const engine = createEngine(db);
const deps = {
  ...engine,
  accessFor: (catalog: Parameters<typeof accessFor>[1]) => accessFor('admin', catalog),
  now: () => new Date(),
};
const scanned = await scanObject(deps, data.workspace, data.object, (progress) => {
  parentPort?.postMessage({ progress } satisfies FromScan);
});
parentPort?.postMessage({ scanned } satisfies FromScan);
await pool.end();
