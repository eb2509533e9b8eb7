import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Is there a process with this id that is not a zombie? (A zombie still answers signal 0.) */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return stateOf(pid) !== 'Z';
}

/** A name for one life of a process: ids are used again, start times are not. Undefined when there is none. */
export function lifeOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  return `${pid}@${statOf(pid)?.[19] ?? ''}`;
}

/** Does the process work in this directory? PostgreSQL's processes all sit in their data directory. Undefined: can't tell. */
export function worksIn(pid: number, directory: string): boolean | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return undefined;
  }
}

/** Every process that sits in this directory; empty where /proc doesn't exist. */
export function processesIn(directory: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksIn(pid, directory) === true && stateOf(pid) !== 'Z');
}

const stateOf = (pid: number) => statOf(pid)?.[0];

/** Fields of /proc/PID/stat from the third (state) on; see proc(5). The second may hold blanks and brackets. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
