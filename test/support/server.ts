import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse as Reply } from 'fastify';
import sql from 'sql-template-tag';
import { afterAll } from 'vitest';
import { ACTS } from '../../src/domain/access/types.ts';
import { createApiKey, createIdentity, identityRoutes, type Letter } from '../../src/server/modules/identity/index.ts';
import { type App, createHttp } from '../../src/server/platform/http/server.ts';
import { type Keys, openKeys } from '../../src/server/platform/keys.ts';
import { silentLog } from '../../src/server/platform/log.ts';
import type { Db } from '../../src/server/platform/postgres/db.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export interface TestServer extends TestDatabase {
  app: App;
  keys: Keys;
  /** Mail about sign-in that was to be sent; none unless `mail` is on. */
  letters: Letter[];
  mail: { on: boolean };
  /** A directory of this test file. */
  directory: string;
  /** Makes an account and returns a function that calls the API as it: `const as = await server.account('member')`. */
  account(role: 'admin' | 'member'): Promise<As>;
}

export interface As {
  id: string;
  (call: InjectOptions): Promise<Reply>;
}

/**
 * The web server with sign-in over a database of its own, replies checked against the contract. `add` puts more routes
 * on it. Nothing listens: use `server.app.inject` or `as({ method, url, payload })`.
 */
export async function testServer(
  add: (app: App, db: Db) => void | Promise<void> = () => {},
  options: { publicUrl?: string } = {},
): Promise<TestServer> {
  const database = await testDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'xianke-server-'));
  const keys = openKeys(directory);
  const { db } = database;
  const letters: Letter[] = [];
  const mail = { on: false };
  const identity = createIdentity({
    db,
    keys,
    connection: database.config,
    publicUrl: options.publicUrl,
    log: silentLog,
    allowPlainSso: true,
    rolesOf: async ({ role }) => [role === 'admin' ? 'admin' : 'sales'],
    post: { ready: async () => mail.on, put: async (_tx, letter) => void letters.push(letter) },
    firm: async () => 'Test',
    workspaceOf: async () => ({ id: 'main', name: 'Test', scenario: null, timeZone: 'Asia/Shanghai' }),
    actsOf: async ({ role }) => (role === 'admin' ? ACTS : []),
    afterSetup: async () => {},
  });
  const config = { publicUrl: options.publicUrl, trustProxy: false, rateLimit: 0 };
  const app = await createHttp({ config, log: silentLog, authenticate: identity.authenticate, checkReplies: true });
  identityRoutes(app, identity);
  await add(app, db);
  afterAll(async () => {
    await app.close();
    await identity.close();
    rmSync(directory, { recursive: true, force: true });
  });
  let serial = 0;
  return {
    ...database,
    app,
    keys,
    letters,
    mail,
    directory,
    async account(role) {
      const email = `${role}${++serial}@example.com`;
      // Without a password: hashing one takes a quarter of a second.
      const [account] = await db.query<{ id: string }>(sql`
        with made as (insert into auth."user" (name, email, "emailVerified", role, disabled)
          values (${`${role} ${serial}`}, ${email}, false, ${role}, false) returning id)
        insert into auth.account ("accountId", "providerId", "userId", "updatedAt")
        select id, 'credential', id, now() from made returning "userId" as id`);
      const id = account?.id ?? '';
      const { key } = await createApiKey(db, id, 'test');
      const call = (request: InjectOptions) =>
        app.inject({ ...request, headers: { authorization: `Bearer ${key}`, ...request.headers } });
      return Object.assign(call, { id });
    },
  };
}
