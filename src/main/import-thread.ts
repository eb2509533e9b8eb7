import { parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import { createEngine } from '../server/engine.ts';
import type { FromWorker, ToWorker } from '../server/modules/imports/index.ts';
import { createImportSteps } from '../server/modules/imports/index.ts';
import { openFiles } from '../server/platform/files/files.ts';
import { createLog } from '../server/platform/log.ts';
import { createPool } from '../server/platform/postgres/connect.ts';
import { createDb } from '../server/platform/postgres/db.ts';

/** The import thread: an engine of its own over the same database, so that reading files never holds up a page. */
export interface ImportThreadData {
  connection: pg.ClientConfig;
  workspace: string;
  dataDir: string;
  uploadLimit: number;
  logLevel: string;
}

const data = workerData as ImportThreadData;
const log = createLog(data.logLevel);
const pool = createPool(data.connection, { log, poolSize: 6 });
const db = createDb(pool);
const engine = createEngine(db);
const files = openFiles(db, data.dataDir, data.uploadLimit);
const say = (message: FromWorker) => parentPort?.postMessage(message);
const steps = createImportSteps(
  {
    db,
    catalog: engine.catalog,
    read: engine.read,
    write: engine.write,
    sealing: engine.sealing,
    workspace: data.workspace,
    env: engine.env,
    accessOf: engine.accessOf,
    filePath: (id) => files.path(id),
    now: () => new Date(),
  },
  log,
  (moved) => say({ moved }),
);

/** Without work for this long the thread ends, and its memory with it. */
const IDLE_MS = 30_000;
let atWork = 0;
let idle: NodeJS.Timeout | undefined;

async function advance(id: string): Promise<void> {
  clearTimeout(idle);
  atWork += 1;
  await steps.advance(id);
  atWork -= 1;
  if (atWork === 0) idle = setTimeout(end, IDLE_MS);
}

async function end(): Promise<void> {
  await steps.stop();
  await pool.end();
  process.exit(0);
}

parentPort?.on('message', (message: ToWorker) => void ('kick' in message ? advance(message.kick) : end()));
