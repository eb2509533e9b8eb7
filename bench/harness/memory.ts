import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const MB = 1024;

/** Resident memory of a process in megabytes: now, or (Linux) its peak since `forgetPeak`. */
export function residentMb(pid: number, which: 'now' | 'peak' = 'now'): number {
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kb] = new RegExp(`${which === 'now' ? 'VmRSS' : 'VmHWM'}:\\s+(\\d+)`).exec(status) ?? [];
    return Number(kb) / MB;
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / MB;
}

function forgetPeak(pid: number): void {
  try {
    // proc(5): 5 resets the peak to the present size.
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Other systems: the sampled sum has to do.
  }
}

/** Processes that `pid` has started, with what those started, as far as they run Node.js. */
function nodesUnder(pid: number): number[] {
  if (process.platform !== 'linux') return [];
  const children = new Map<number, { pid: number; name: string }[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
      const list = children.get(Number(parent)) ?? [];
      list.push({ pid: Number(entry), name });
      children.set(Number(parent), list);
    } catch {
      // It ended meanwhile.
    }
  }
  const found: number[] = [];
  const visit = (parent: number) => {
    for (const child of children.get(parent) ?? []) {
      if (/^(node|MainThread)/.test(child.name)) found.push(child.pid);
      visit(child.pid);
    }
  };
  visit(pid);
  return found;
}

/** Watches the Node.js processes of a server together. */
export function watchMemory(pid: number): { stop(): number } {
  forgetPeak(pid);
  let peak = 0;
  const look = () => {
    const others = nodesUnder(pid).reduce((sum, child) => sum + safely(() => residentMb(child)), 0);
    peak = Math.max(peak, residentMb(pid, 'now') + others);
  };
  const timer = setInterval(() => safely(look), 200);
  return {
    stop() {
      clearInterval(timer);
      safely(look);
      return Math.max(peak, process.platform === 'linux' ? residentMb(pid, 'peak') : 0);
    },
  };
}

function safely<T>(look: () => T): T | 0 {
  try {
    return look();
  } catch {
    return 0;
  }
}
