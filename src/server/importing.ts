import type { Engine } from './engine.ts';
import {
  createImportRunner,
  createImportSteps,
  type ImportRunner,
  type Moved,
  waitingRuns,
} from './modules/imports/index.ts';
import { WORKSPACE } from './modules/setup/index.ts';
import type { Config } from './platform/config.ts';
import type { Files } from './platform/files/files.ts';
import type { Log } from './platform/log.ts';
import type { Connection } from './platform/postgres/connect.ts';

/** From sources (tests, development) everything runs in one thread. */
const compiled = !import.meta.url.endsWith('.ts');

/** Imports run in a thread of their own, where threads are. */
export function openImports(
  config: Config,
  connection: Connection,
  engine: Engine,
  files: Files,
  log: Log,
  moved: Moved,
): Pick<ImportRunner, 'kick' | 'stop'> {
  if (compiled) {
    const { dataDir, uploadLimit, logLevel } = config;
    const data = { connection: connection.config, workspace: WORKSPACE, dataDir, uploadLimit, logLevel };
    const waiting = () => waitingRuns(connection.db, WORKSPACE);
    return createImportRunner(new URL('./import-thread.js', import.meta.url), data, waiting, log, moved);
  }
  const steps = createImportSteps(
    {
      db: connection.db,
      catalog: engine.catalog,
      read: engine.read,
      write: engine.write,
      sealing: engine.sealing,
      workspace: WORKSPACE,
      env: engine.env,
      accessOf: engine.accessOf,
      filePath: (id) => files.path(id),
      now: () => new Date(),
    },
    log,
    moved,
  );
  return { kick: (id) => void steps.advance(id), stop: steps.stop };
}
