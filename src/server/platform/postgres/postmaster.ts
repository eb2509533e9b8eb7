import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { isAlive, worksIn } from './processes.ts';

/** A running server, as its lock file tells. */
export interface Postmaster {
  pid: number;
  socketDirectory: string;
  port: number;
}

/** Reads postmaster.pid; lines as in src/include/utils/pidfile.h of PostgreSQL. */
export function readLockFile(directory: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, , , port, socketDirectory] = lines;
  if (!pid || !port || !socketDirectory) return undefined;
  return { pid: Math.abs(Number(pid)), socketDirectory, port: Number(port) };
}

/** `foreign`: the process lives but is not this directory's server (its number was given out again). */
export function vitality(postmaster: Postmaster, directory: string): 'alive' | 'dead' | 'foreign' {
  if (!isAlive(postmaster.pid)) return 'dead';
  return worksIn(postmaster.pid, directory) === false ? 'foreign' : 'alive';
}

/** `ready`, or why not: `busy` is starting up, recovering or shutting down; `silent` has no socket or does not answer. */
export async function probe(
  at: { socketDirectory: string; port: number },
  role: string,
): Promise<'ready' | 'busy' | 'silent'> {
  const client = new pg.Client({
    host: at.socketDirectory,
    port: at.port,
    user: role,
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return 'ready';
  } catch (error) {
    // 57P03 cannot_connect_now; 53300 too_many_connections means that it is up.
    const code = (error as { code?: string }).code;
    if (code === '53300') return 'ready';
    return code === '57P03' ? 'busy' : 'silent';
  } finally {
    await client.end().catch(() => {});
  }
}
