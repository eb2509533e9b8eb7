import { join } from 'node:path';
import type { Logger } from 'pino';
import { accessFor, createIdentity, type Identity, identityRoutes } from './modules/identity/index.ts';
import type { Config } from './platform/config.ts';
import { openFiles } from './platform/files/files.ts';
import { type App, createHttp } from './platform/http/server.ts';
import { serveWeb } from './platform/http/static.ts';
import { openKeys } from './platform/keys.ts';
import { follow } from './platform/live/follow.ts';
import { createHub } from './platform/live/hub.ts';
import type { Connection } from './platform/postgres/connect.ts';
import { migratePlatform } from './platform/postgres/migrate.ts';
import type { Job } from './platform/queue/job.ts';
import { openQueue } from './platform/queue/queue.ts';
import { root } from './platform/root.ts';

/** A composed product that has not begun to listen. */
export interface Product {
  app: App;
  identity: Identity;
  close(): Promise<void>;
}

/** Composition: database → engine → modules → http and workers. */
export async function compose(config: Config, connection: Connection, log: Logger): Promise<Product> {
  const { db } = connection;
  await migratePlatform(db);
  const keys = openKeys(config.dataDir);
  const files = openFiles(db, config.dataDir, config.uploadLimit);
  const hub = createHub();
  const unfollow = follow(db, hub, log, (workspace) => `w_${workspace}`);

  const identity = createIdentity({
    db,
    keys,
    connection: connection.config,
    publicUrl: config.publicUrl,
    workspaceOf: async () => ({ id: 'main', name: '鲜客', scenario: null, timeZone: 'Asia/Shanghai' }),
    afterSetup: async () => {},
  });
  const app = await createHttp({ config, log, authenticate: identity.authenticate });
  identityRoutes(app, identity);

  // Modules go here: each takes what it needs of { db, files, hub, queue, identity }, adds its routes and its jobs.
  void files;
  void accessFor;
  const jobs: Job[] = [];

  const queue = config.runJobs && jobs.length > 0 ? await openQueue(db, log, jobs) : undefined;
  await queue?.work();
  await serveWeb(app, join(root, 'dist', 'web'));
  return {
    app,
    identity,
    async close() {
      await app.close();
      await unfollow();
      await queue?.stop();
      await identity.close();
    },
  };
}
