import { parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import { createEngine } from '../server/engine.ts';
import { accessFor } from '../server/modules/identity/index.ts';
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
    write: engine.write,
    workspace: data.workspace,
    env: engine.env,
    accessFor,
    filePath: (id) => files.path(id),
    now: () => new Date(),
  },
  log,
  (moved) => say({ moved }),
);

parentPort?.on('message', async (message: ToWorker) => {
  if ('kick' in message) return steps.advance(message.kick);
  await steps.stop();
  await pool.end();
  say({ stopped: true });
  process.exit(0);
});
steps.sweep().catch((error: unknown) => log.debug({ err: error }, 'no workspace yet'));
