import { cpus, loadavg, totalmem } from 'node:os';
import type pg from 'pg';

/** What the figures were measured on. */
export interface Machine {
  date: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  node: string;
  postgres: string;
  platform: string;
  /** Load average (1 minute) before the run and after it: above the number of cores, others were at work too. */
  load: number[];
}

export async function describeMachine(db: pg.Client): Promise<Machine> {
  const { rows } = await db.query<{ server_version: string }>('show server_version');
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    postgres: rows[0]?.server_version ?? '',
    platform: `${process.platform} ${process.arch}`,
    load: [loadNow()],
  };
}

export const loadNow = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;
