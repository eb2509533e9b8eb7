import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedHead } from '../../../domain/audit/index.ts';

/** The newest head of each log, kept beside the database: who cuts the log and its heads short there is seen through. */
export interface Witness {
  put(log: string, head: SignedHead): void;
  get(log: string): SignedHead | null;
}

export function openWitness(dataDir: string): Witness {
  const pathOf = (log: string) => join(dataDir, `audit-head-${log}.json`);
  const get = (log: string): SignedHead | null => {
    try {
      return JSON.parse(readFileSync(pathOf(log), 'utf8')) as SignedHead;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
  return {
    get,
    put(log, head) {
      // A log that was cut short may grow again: the larger head is the evidence.
      if ((get(log)?.size ?? 0) >= head.size) return;
      const draft = `${pathOf(log)}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify(head)}\n`, { mode: 0o600 });
      renameSync(draft, pathOf(log));
    },
  };
}
