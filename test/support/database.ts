import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import sql, { raw } from 'sql-template-tag';
import { afterAll, inject } from 'vitest';
import { silentLog } from '../../src/server/platform/log.ts';
import { createPool } from '../../src/server/platform/postgres/connect.ts';
import { createDb, type Db } from '../../src/server/platform/postgres/db.ts';

/** A database of one test file, with how to reach it from another process. */
export interface TestDatabase {
  db: Db;
  config: pg.ClientConfig;
  /** For DATABASE_URL. */
  url: string;
}

let serial = 0;

/**
 * A fresh database for this test file, cloned from the migrated template (tens of milliseconds), dropped when the file
 * is done. Call it at the top of a file or in beforeAll: `const { db } = await testDatabase();`
 */
export async function testDatabase(options: { empty?: boolean; poolSize?: number } = {}): Promise<TestDatabase> {
  const server = await serverConfig();
  const database = `t_${process.pid}_${serial++}_${Math.random().toString(36).slice(2, 8)}`;
  const template = options.empty ? 'template1' : 'xianke';
  await administer(server, `create database ${database} template ${template} strategy file_copy`);
  const config = { ...server, database };
  const pool = createPool(config, { log: silentLog, poolSize: options.poolSize ?? 8 });
  afterAll(async () => {
    if (!pool.ended) await pool.end();
    await administer(server, `drop database if exists ${database} with (force)`);
  });
  return { db: createDb(pool), config, url: urlOf(config) };
}

/** Shorthand for the usual case. */
export async function testDb(): Promise<Db> {
  return (await testDatabase()).db;
}

async function serverConfig(): Promise<pg.ClientConfig> {
  const answer = JSON.parse(await text(createConnection(inject('databaseDesk')))) as pg.ClientConfig & {
    error?: string;
  };
  if (answer.error) throw new Error(answer.error);
  return answer;
}

async function administer(server: pg.ClientConfig, statement: string): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** libpq's form for unix sockets: the directory travels as a parameter. */
function urlOf(config: pg.ClientConfig): string {
  return `postgresql:///${config.database}?host=${encodeURIComponent(String(config.host))}&port=${config.port}&user=${config.user}`;
}

/** Waits until every write of a workspace is older than all running transactions (of any test file: they share a server), so that readers of the outbox see it. */
export async function settled(db: Db, schema = 'w_main'): Promise<void> {
  for (;;) {
    const [row] = await db.query<{ open: boolean }>(sql`
      select exists (select from ${raw(schema)}.change_set where txid >= pg_snapshot_xmin(pg_current_snapshot())) as open`);
    if (!row?.open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
