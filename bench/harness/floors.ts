import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Bench } from './context.ts';
import { type Cpu, cpuNow } from './cpu.ts';
import { Client } from './load.ts';
import { databaseOf } from './product.ts';
import { QUERIES, SET_UP } from './thin-queries.ts';

/** The two floors of reads and edits over one copy of the product's customers. */
export interface Floors {
  /** Processor time so far of the process that answers, and of PostgreSQL. */
  cpu(way: 'product' | 'thin' | 'bare'): Cpu;
  /** Over HTTP, by the thin server. */
  thin(query: string, values?: unknown[]): Promise<string>;
  /** By the driver alone, in this process. */
  bare(query: string, values?: unknown[]): Promise<unknown[]>;
  close(): Promise<void>;
}

/** Of which data directory the customers are copied: once for a whole run, for lists and searches come before edits. */
let copied: string | undefined;

/** Copies the customers, builds the ideal indexes and starts the thin server. */
export async function openFloors({ db, product, say }: Bench): Promise<Floors> {
  if (copied !== product.dataDir) {
    say('copying the customers for the floors, with ideal indexes');
    for (const statement of SET_UP) await db.query(statement);
    copied = product.dataDir;
  }
  const config = databaseOf(product.dataDir);
  const child = fork(fileURLToPath(new URL('thin-server.ts', import.meta.url)), [JSON.stringify(config)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', (piece: Buffer) => resolve(Number(piece.toString().trim())));
    child.once('exit', (code) => reject(new Error(`the thin server ended with ${code}`)));
  });
  const http = new Client(`http://127.0.0.1:${port}`);
  const pool = new pg.Pool({ ...config, max: 16, application_name: 'bare' });
  return {
    cpu: (way) =>
      cpuNow(way === 'product' ? product.pid : way === 'thin' ? (child.pid ?? 0) : process.pid, product.dataDir),
    thin: (query, values = []) => http.send({ path: '/', body: { query, values } }),
    bare: async (query, values = []) => (await pool.query({ name: query, text: QUERIES[query] ?? '', values })).rows,
    async close() {
      http.close();
      await pool.end();
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.disconnect();
      });
    },
  };
}
