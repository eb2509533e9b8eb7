import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../src/server/platform/log.ts';
import { type Connection, connect } from '../../src/server/platform/postgres/connect.ts';
import type { Db } from '../../src/server/platform/postgres/db.ts';
import { isAlive } from '../../src/server/platform/postgres/processes.ts';

// Kills on one machine test the death of processes, not of power: what the kernel has, it keeps.
// KILLS sets how often (a gate runs few; the figures of the README say how many were run).
const KILLS = Number(process.env.KILLS ?? 3);

// A disk that others keep busy makes every initdb and recovery slow; that is no failure.
vi.setConfig({ testTimeout: 300_000 });

const directory = mkdtempSync(join(tmpdir(), 'xianke-crash-'));
chmodSync(directory, 0o711);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let serial = 0;
const fresh = () => join(directory, `data${serial++}`);
const open = (dataDir: string): Promise<Connection> => connect({ dataDir, log: silentLog });

interface Writer {
  process: ChildProcess;
  acknowledged: number[];
  /** Process id of the database it works with. */
  postmaster: Promise<number>;
}

function startWriter(dataDir: string, first: number): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/writer.ts', dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: number[] = [];
  const postmaster = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('postmaster')) resolve(Number(line.split(' ')[1]));
      else acknowledged.push(Number(line));
    });
  });
  return { process: child, acknowledged, postmaster };
}

const numbers = async (db: Db) =>
  (await db.query<{ n: number }>(sql`select n from written order by n`)).map((row) => row.n);

/** What was acknowledged and is not there. */
const lost = (acknowledged: number[], found: number[]) => {
  const present = new Set(found);
  return acknowledged.filter((n) => !present.has(n));
};

describe('kill -9 of the app', () => {
  it(`${KILLS} times loses no acknowledged row; the database lives on and is attached to`, async () => {
    const dataDir = fresh();
    const acknowledged: number[] = [];
    const postmasters = new Set<number>();
    for (let kill = 0; kill < KILLS; kill++) {
      const writer = startWriter(dataDir, kill * 1_000_000);
      postmasters.add(await writer.postmaster);
      while (writer.acknowledged.length < 50) await delay(10);
      writer.process.kill('SIGKILL');
      await once(writer.process, 'close');
      acknowledged.push(...writer.acknowledged);
    }
    expect(postmasters.size).toBe(1);
    const [pid = 0] = postmasters;
    const { db, close } = await open(dataDir);
    expect(lost(acknowledged, await numbers(db))).toEqual([]);
    await close();
    // Its app is dead, so whoever found it answers for it, and has stopped it.
    expect(isAlive(pid)).toBe(false);
  });
});

describe('kill -9 of the database', () => {
  it(`${KILLS} times, and of single backends, loses no acknowledged row and needs no hand`, async () => {
    const { db, embedded, close } = await open(fresh());
    if (!embedded) throw new Error('not embedded');
    await db.query(sql`create table written (n int primary key)`);
    const acknowledged: number[] = [];
    let refused = 0;
    let next = 0;
    let ended = false;
    const write = async () => {
      while (!ended) {
        const n = next++;
        await db.query(sql`insert into written values (${n})`).then(
          () => acknowledged.push(n),
          async () => {
            refused++;
            await delay(20);
          },
        );
      }
    };
    const writers = Array.from({ length: 4 }, write);
    const progress = async (rows: number) => {
      const goal = acknowledged.length + rows;
      while (acknowledged.length < goal) await delay(10);
    };
    for (let kill = 0; kill < KILLS; kill++) {
      await progress(100);
      process.kill(embedded.postmaster.pid, 'SIGKILL');
      await progress(100);
      const [backend] = await db.query<{ pid: number }>(
        sql`select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
      );
      if (backend) process.kill(backend.pid, 'SIGKILL');
    }
    await progress(100);
    ended = true;
    await Promise.all(writers);
    expect(refused).toBeGreaterThan(0);
    expect(lost(acknowledged, await numbers(db))).toEqual([]);
    await db.query(sql`create extension if not exists amcheck`);
    await db.query(sql`select bt_index_check('written_pkey', true)`);
    await close();
    expect(isAlive(embedded.postmaster.pid)).toBe(false);
  });
});

describe('a backend that computes on after its postmaster was killed', () => {
  it('is ended, for it holds the memory that the next start needs', async () => {
    const { db, embedded, close } = await open(fresh());
    if (!embedded) throw new Error('not embedded');
    const busy = db.query(sql`select count(*) from generate_series(1, 1e12) n`).catch(() => 'cut off');
    await delay(300);
    process.kill(embedded.postmaster.pid, 'SIGKILL');
    expect(await busy).toBe('cut off');
    const answer = async (): Promise<unknown> => db.query(sql`select 1 as one`).catch(() => delay(50).then(answer));
    expect(await answer()).toEqual([{ one: 1 }]);
    await close();
  });
});

describe('several apps on one data directory', () => {
  it('start together on an empty one, and end up in the same database', async () => {
    const dataDir = fresh();
    const connections = await Promise.all([open(dataDir), open(dataDir), open(dataDir)]);
    const pids = new Set(connections.map(({ embedded }) => embedded?.postmaster.pid));
    expect(pids.size).toBe(1);
    for (const { close } of connections) await close();
  });

  it('a visitor does not stop the database of the one that started it', async () => {
    const dataDir = fresh();
    const owner = startWriter(dataDir, 0);
    const pid = await owner.postmaster;
    const visitor = await open(dataDir);
    expect(visitor.embedded?.postmaster.pid).toBe(pid);
    await visitor.close();
    expect(isAlive(pid)).toBe(true);
    owner.process.kill('SIGTERM');
    await once(owner.process, 'close');
    expect(isAlive(pid)).toBe(false);
  });
});

describe('places', () => {
  it('a long path gets its socket elsewhere, in a directory of its own', async () => {
    const deep = join(fresh(), '很长的目录名'.repeat(6), '很长的目录名'.repeat(6));
    mkdirSync(deep, { recursive: true, mode: 0o711 });
    const { db, embedded, close } = await open(deep);
    const { socketDirectory } = embedded?.cluster ?? { socketDirectory: '' };
    expect(socketDirectory.startsWith(tmpdir())).toBe(true);
    expect(statSync(socketDirectory).mode & 0o777).toBe(0o700);
    expect(await db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await close();
    rmSync(socketDirectory, { recursive: true });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'below a directory that only root enters, root still gets a database',
    async () => {
      const home = fresh();
      mkdirSync(home, { mode: 0o700 });
      const dataDir = join(home, 'app', 'data');
      const first = await open(dataDir);
      await first.db.query(sql`create table written (n int)`);
      await first.close();
      const second = await open(dataDir);
      expect(await numbers(second.db)).toEqual([]);
      await second.close();
      rmSync(realpathSync(join(dataDir, 'postgres')), { recursive: true });
      await expect(open(dataDir)).rejects.toMatchObject({ code: 'database-missing' });
    },
  );
});

describe('a database that hides Chinese text', () => {
  it('is refused with the way out', async () => {
    const { db, config, close } = await open(fresh());
    await db.query(sql`create database blind template template0 locale_provider libc locale 'C'`);
    const url = `postgresql:///blind?host=${encodeURIComponent(String(config.host))}&user=${config.user}`;
    const attempt = connect({ dataDir: fresh(), databaseUrl: url, log: silentLog });
    await expect(attempt).rejects.toMatchObject({ code: 'database-locale' });
    await close();
  });
});

it('work that nobody waits for comes after people’s queries: its backends yield the processor', async () => {
  const connection = await open(fresh());
  const backend = async (db: Db) => (await db.query<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid ?? 0;
  try {
    const before = getPriority(await backend(connection.db));
    expect(getPriority(await backend(connection.background))).toBe(Math.max(before, 10));
    expect(getPriority(await backend(connection.db))).toBe(before);
  } finally {
    await connection.close();
  }
});
