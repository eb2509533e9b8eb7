import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { silentLog } from '../../src/server/platform/log.ts';
import { type Connection, connect } from '../../src/server/platform/postgres/connect.ts';
import { migratePlatform } from '../../src/server/platform/postgres/migrate.ts';
import { readLockFile, vitality } from '../../src/server/platform/postgres/postmaster.ts';
import { lifeOf } from '../../src/server/platform/postgres/processes.ts';

/** Where test files ask for the server's address; see test/support/database.ts. */
export const DESK = 'databaseDesk';

declare module 'vitest' {
  interface ProvidedContext {
    databaseDesk: string;
  }
}

const PREFIX = 'xianke-test-';

/** Data that survives nothing needs no fsync; everything else is as in production. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '100',
};

/**
 * One PostgreSQL server for the whole run, with a migrated template database, started when the first test file asks for
 * it: a run of pure tests starts none.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  clearAway();
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  // Engines of tests that name no place make their master keys here.
  process.env.DATA_DIR ??= join(directory, 'data');
  let started: Promise<Connection> | undefined;
  const desk = createServer((socket) => {
    socket.on('error', () => {});
    started ??= start(directory);
    started.then(
      (connection) => socket.end(JSON.stringify(connection.config)),
      (error: Error) => socket.end(JSON.stringify({ error: error.message })),
    );
  });
  const address = join(directory, 'desk');
  await listen(desk, address);
  project.provide(DESK, address);
  return async () => {
    desk.close();
    const connection = await started?.catch(() => undefined);
    await connection?.close();
    rmSync(directory, { recursive: true, force: true });
  };
}

/** Ends servers whose test run was killed, and removes their files. */
function clearAway(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    const owner = existsSync(join(directory, 'postgres.owner'))
      ? readFileSync(join(directory, 'postgres.owner'), 'utf8').trim()
      : undefined;
    if (owner === undefined || owner === lifeOf(Number.parseInt(owner, 10))) continue;
    const server = readLockFile(join(directory, 'postgres'));
    if (server && vitality(server, join(directory, 'postgres')) === 'alive') process.kill(server.pid, 'SIGQUIT');
    rmSync(directory, { recursive: true, force: true });
  }
}

async function start(directory: string): Promise<Connection> {
  const connection = await connect({ dataDir: directory, log: silentLog, poolSize: 2, settings });
  await migratePlatform(connection.db);
  // A template must have no connections: tests connect to its clones, this pool only to close the server.
  await connection.db.pool.end();
  return { ...connection, close: async () => connection.embedded?.close() };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(address, resolve));
}
