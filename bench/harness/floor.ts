import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { DEMO_COLUMNS } from '../../src/demo/index.ts';
import type { Bench } from './context.ts';
import { type Cpu, cpuNow, cpuSince } from './cpu.ts';
import type { Fixture } from './fixtures.ts';
import { databaseOf } from './product.ts';

/** Tables that the product fills for a customer; the floor fills copies of them that have the same indexes. */
const BESIDE = ['search_entry', 'freshness'] as const;

/** Empty twins of the product's tables, same columns, same indexes, same storage, in a schema of their own. */
export async function makeTwins({ db }: Bench): Promise<void> {
  await db.query('create schema if not exists floor');
  for (const table of ['customer', ...BESIDE]) {
    await db.query(`drop table if exists floor.${table}`);
    await db.query(`create table floor.${table} (like w_main.${table} including all)`);
    const { rows } = await db.query<{ options: string | null }>(
      `select array_to_string(reloptions, ', ') as options from pg_class where oid = 'w_main.${table}'::regclass`,
    );
    if (rows[0]?.options) await db.query(`alter table floor.${table} set (${rows[0].options})`);
    // Nothing happens to a floor but what is measured: its vacuum must not slow down the product's next import either.
    await db.query(`alter table floor.${table} set (autovacuum_enabled = off)`);
  }
}

export interface ImportFloor {
  /** Parsing the file while its rows are COPYed into a twin of the customer table. */
  rows: number;
  /** COPY of the ready-made rows of search index and freshness into their twins. */
  beside: number;
  cpu: Cpu;
  peakMb: number;
}

/** Seconds of the floor of importing one file. `changeSet`: the product's own import of it, whose search and freshness rows are taken. */
export async function importFloor(bench: Bench, fixture: Fixture, changeSet: string): Promise<ImportFloor> {
  const { db, options, product } = bench;
  const job = {
    file: fixture.path,
    name: fixture.name,
    connection: databaseOf(product.dataDir),
    table: 'floor.customer',
    columns: DEMO_COLUMNS.map((column) => column.field),
  };
  await db.query('checkpoint');
  const script = fileURLToPath(new URL('floor-copy.ts', import.meta.url));
  const before = cpuNow(process.pid, product.dataDir);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, JSON.stringify(job)]);
  const {
    seconds,
    rows,
    peakMb,
    cpu: own,
  } = JSON.parse(stdout) as Record<'seconds' | 'rows' | 'peakMb' | 'cpu', number>;
  if (rows !== fixture.rows) throw new Error(`the floor read ${rows} of ${fixture.rows} rows`);
  const cpu = { ...cpuSince(before, process.pid, product.dataDir), node: own };
  let beside = 0;
  for (const table of BESIDE) {
    const file = join(options.work, `${table}-${process.pid}.copy`);
    const made = `select s.* from w_main.${table} s join w_main.customer c on c.id = s.record where c.created_in = '${changeSet}'`;
    await pipeline(db.query(copyTo(`copy (${made}) to stdout`)), createWriteStream(file));
    const beganCpu = cpuNow(process.pid, product.dataDir);
    const began = performance.now();
    await pipeline(createReadStream(file), db.query(copyFrom(`copy floor.${table} from stdin`)));
    beside += (performance.now() - began) / 1000;
    const spent = cpuSince(beganCpu, process.pid, product.dataDir);
    cpu.node += spent.node;
    cpu.postgres += spent.postgres;
    rmSync(file);
  }
  return { rows: seconds, beside, cpu, peakMb };
}
