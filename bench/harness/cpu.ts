import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { round } from './figure.ts';

/** Clock ticks a second; 100 on every Linux. */
const TICKS = 100;

/** Processor time so far, in seconds: of the product's Node process, and of PostgreSQL with all its processes. Zero where /proc is absent. */
export interface Cpu {
  node: number;
  postgres: number;
}

/** Times of one process: its own (all threads) and those of ended children it has waited for. proc(5), fields 14–17. */
function timesOf(pid: number): { own: number; ended: number; parent: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, own1 = 0, own2 = 0, ended1 = 0, ended2 = 0] = [1, 11, 12, 13, 14].map((i) => fields[i] ?? 0);
    return { own: (own1 + own2) / TICKS, ended: (ended1 + ended2) / TICKS, parent };
  } catch {
    return { own: 0, ended: 0, parent: -1 };
  }
}

export function cpuNow(nodePid: number, dataDir: string): Cpu {
  if (process.platform !== 'linux') return { node: 0, postgres: 0 };
  const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const main = timesOf(postmaster);
  let postgres = main.own + main.ended;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const times = timesOf(Number(entry));
    if (times.parent === postmaster) postgres += times.own + times.ended;
  }
  return { node: timesOf(nodePid).own, postgres };
}

/** Processor seconds since `before`. */
export function cpuSince(before: Cpu, nodePid: number, dataDir: string): Cpu {
  const now = cpuNow(nodePid, dataDir);
  return { node: now.node - before.node, postgres: now.postgres - before.postgres };
}

/** For notes: processor time per request in the product and its floor. */
export function cpuNote(product: Cpu, thin: Cpu): string {
  return `processor a request: Node ${round(product.node)} + PostgreSQL ${round(product.postgres)} ms (thin ${round(thin.node)} + ${round(thin.postgres)})`;
}
