import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import sql from 'sql-template-tag';
import { afterAll } from 'vitest';
import { compose, type Product } from '../../src/server/app.ts';
import { createApiKey } from '../../src/server/modules/identity/index.ts';
import { makeWorkspace } from '../../src/server/modules/setup/index.ts';
import { createWorkspace } from '../../src/server/modules/workspace/index.ts';
import { readConfig } from '../../src/server/platform/config.ts';
import { createLog } from '../../src/server/platform/log.ts';
import { createPool } from '../../src/server/platform/postgres/connect.ts';
import { createDb, type Db } from '../../src/server/platform/postgres/db.ts';
import { testDatabase } from './database.ts';

export const API = '/api/v1';

export type Call = (request: InjectOptions) => Promise<{ statusCode: number; json(): never; body: string }>;

/** The whole product with its jobs over a database of its own, asked without a network. */
export interface TestProduct {
  db: Db;
  product: Product;
  /** The data directory. */
  directory: string;
  /** All that was logged, from `trace` up. */
  logged: string[];
  /** Requests of a new administrator of this name. */
  as(name: string): Promise<Call>;
}

/** Call it in beforeAll; it is closed when the file is done. */
export async function testProduct(): Promise<TestProduct> {
  const directory = mkdtempSync(join(tmpdir(), 'xianke-product-'));
  const logged: string[] = [];
  const database = await testDatabase({ poolSize: 12 });
  const { db } = database;
  const log = createLog(
    'trace',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged.push(chunk.toString());
        done();
      },
    }) as never,
  );
  const background = createPool(database.config, { log, poolSize: 4 });
  const settings = { ...readConfig({ DATA_DIR: directory }), rateLimit: 0, publicUrl: undefined };
  const connection = {
    ...{ db, replica: db, config: database.config },
    background: createDb(background),
    close: async () => undefined,
  };
  await createWorkspace(db, { id: 'main', name: 'Test', settings: { timeZone: 'Asia/Shanghai' } });
  const product = await compose(settings, connection, log);
  await makeWorkspace(product.engine, 'Test', 'zh');
  afterAll(async () => {
    await product.close();
    await background.end();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    ...{ db, product, directory, logged },
    async as(name) {
      const [account] = await db.query<{ id: string }>(sql`
        insert into auth."user" (name, email, "emailVerified", role, disabled) values (${name}, ${`${name}@x.cn`}, false, 'admin', false) returning id`);
      const { key } = await createApiKey(db, account?.id ?? '', 'test');
      return (request) =>
        product.app.inject({ ...request, headers: { authorization: `Bearer ${key}`, ...request.headers } }) as never;
    },
  };
}

/** What requests of one person answer; an answer that is an error throws. */
export function asking(call: Call) {
  return {
    async post<T>(url: string, payload: object, headers: Record<string, string> = {}): Promise<T> {
      const reply = await call({ method: 'POST', url: API + url, payload, headers });
      if (reply.statusCode >= 300) throw new Error(`${url}: ${reply.body}`);
      return reply.json() as T;
    },
    get: async <T>(url: string): Promise<T> => (await call({ method: 'GET', url: API + url })).json() as T,
  };
}

/** Looks again and again until it is so. */
export async function until<T>(look: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
