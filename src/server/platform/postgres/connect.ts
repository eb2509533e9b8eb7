import { constants, getPriority, setPriority } from 'node:os';
import pg from 'pg';
import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';
import { ROLE } from './cluster.ts';
import { createDb, type Db } from './db.ts';
import { typeParsers } from './parsers.ts';
import { type EmbeddedServer, startEmbedded } from './supervisor.ts';

const OLDEST_SERVER = 150_000;
const BACKGROUND_POOL = 4;

export interface ConnectOptions {
  log: Log;
  /** For the embedded server; also where its socket and log are. */
  dataDir: string;
  /** A server of one's own (15 or newer) instead of the embedded one. */
  databaseUrl?: string | undefined;
  /** For reports; the same database when absent. */
  replicaUrl?: string | undefined;
  /** Connections at most; 16 by default. */
  poolSize?: number;
  /** Over the embedded server's settings. */
  settings?: Record<string, string>;
}

export interface Connection {
  db: Db;
  /** For heavy reads that may lag a little; `db` itself when there is no replica. */
  replica: Db;
  /** For work that nobody waits for: people's queries come first. A pool of its own. */
  background: Db;
  /** Absent with DATABASE_URL. */
  embedded?: EmbeddedServer;
  /** How others connect to the same database. */
  config: pg.ClientConfig;
  close(): Promise<void>;
}

/** Starts or finds the database, checks that Chinese text works in it, and opens a pool. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const embedded = options.databaseUrl === undefined ? await startEmbedded(options) : undefined;
  try {
    const config = embedded ? await embeddedConfig(embedded) : { connectionString: options.databaseUrl };
    const pool = createPool(config, options);
    const replicaPool = options.replicaUrl ? createPool({ connectionString: options.replicaUrl }, options) : undefined;
    const db = createDb(pool);
    const backgroundPool = createPool(config, { ...options, poolSize: BACKGROUND_POOL, yields: true });
    const close = async () => {
      await Promise.all([pool.end(), backgroundPool.end(), replicaPool?.end()]);
      await embedded?.close();
    };
    await checkServer(db).catch(async (error) => {
      await pool.end();
      throw error;
    });
    return {
      db,
      replica: replicaPool ? createDb(replicaPool) : db,
      background: createDb(backgroundPool),
      ...(embedded && { embedded }),
      config,
      close,
    };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

/** The operating system gives the backend of this connection a tenth of what others get, where both want the processor. */
function yieldToOthers(client: pg.PoolClient): void {
  const { processID } = client as pg.PoolClient & { processID?: number | null };
  try {
    const low = constants.priority.PRIORITY_BELOW_NORMAL;
    if (processID && getPriority(processID) < low) setPriority(processID, low);
  } catch {
    // Another user's process: it works all the same, only not after the others.
  }
}

/** @param options.yields its backends come after those of others, when they run on this machine */
export function createPool(
  config: pg.ClientConfig,
  options: { log: Log; poolSize?: number; yields?: boolean },
): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    max: options.poolSize ?? 16,
    types: typeParsers,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'xianke',
  });
  // Without listeners a connection that breaks, idle or between two queries of a transaction, would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) =>
    client.on('error', (error) => options.log.debug({ reason: error.message }, 'connection lost')),
  );
  // Only what is reached by a socket file is surely on this machine: a process number from elsewhere is somebody else's here.
  if (options.yields && config.host?.startsWith('/')) pool.on('connect', yieldToOthers);
  return pool;
}

async function embeddedConfig(embedded: EmbeddedServer): Promise<pg.ClientConfig> {
  const { socketDirectory, port } = embedded.postmaster;
  const config = { host: socketDirectory, port, user: ROLE, database: 'xianke' };
  const client = new pg.Client({ ...config, database: 'postgres' });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = 'xianke'");
    // 42P04, 23505: another process made it just now.
    if (found.rowCount === 0) await client.query('create database xianke').catch(ignore('42P04', '23505'));
  } finally {
    await client.end();
  }
  return config;
}

/** Refuses a server that is too old, or whose locale makes Chinese text invisible to pg_trgm. */
export async function checkServer(db: Db): Promise<void> {
  const [server] = await db
    .query<{ version: number; encoding: string }>(
      sql`select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    )
    .catch((error: Error) => {
      throw new StartError(
        'database-unreachable',
        {
          zh: `无法连接数据库：${error.message}。请检查 DATABASE_URL 以及数据库是否在运行。`,
          en: `The database can't be reached: ${error.message}. Check DATABASE_URL and that the server runs.`,
        },
        error,
      );
    });
  if (server && server.version < OLDEST_SERVER) {
    throw new StartError('database-too-old', {
      zh: `PostgreSQL 版本过低（${server.version}），需要 15 或更高版本。`,
      en: `This PostgreSQL is too old (${server.version}); 15 or newer is needed.`,
    });
  }
  await db.query(sql`create extension if not exists pg_trgm`).catch(ignore('23505', '42710'));
  const [text] = await db.query<{ works: boolean }>(
    sql`select cardinality(show_trgm('张三')) > 0 and current_setting('server_encoding') = 'UTF8' as works`,
  );
  if (!text?.works) {
    throw new StartError('database-locale', {
      zh: "该数据库的区域设置不支持中文检索（show_trgm('张三') 为空）。请新建数据库：CREATE DATABASE xianke TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'，再让 DATABASE_URL 指向它。",
      en: "This database's locale hides Chinese text from search (show_trgm('张三') is empty). Create one with CREATE DATABASE xianke TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' and point DATABASE_URL at it.",
    });
  }
}

const ignore = (...codes: string[]) => {
  return (error: { code?: string }): never[] => {
    if (codes.includes(error.code ?? '')) return [];
    throw error;
  };
};

/** The error of a lost or refused connection, a server that is shutting down, or a full disk, as one of ours. */
export function databaseError(error: unknown): AppError | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') {
    const text = error instanceof Error ? error.message : '';
    return /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(text)
      ? new AppError('database-unavailable', {}, { cause: error })
      : undefined;
  }
  if (code === '53100' || code === 'ENOSPC') return new AppError('disk-full', {}, { cause: error });
  const lost = /^(08|57P0|53[23])/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'].includes(code);
  return lost ? new AppError('database-unavailable', {}, { cause: error }) : undefined;
}
