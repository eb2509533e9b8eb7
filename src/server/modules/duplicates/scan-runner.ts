import { Worker } from 'node:worker_threads';
import { type ScanDeps, type Scanned, scanObject } from './scan-object.ts';
import type { Report, ScanProgress } from './scan-progress.ts';

export type FromScan = { scanned: Scanned } | { progress: ScanProgress };

/** Heap of a scan: two gigabytes at a million records. */
const HEAP_MB = 4_096;

/** Runs each scan in a thread of its own, compiled; from sources (tests, development) in this one. */
export function createScanner(entry: URL | null, deps: ScanDeps, data: Record<string, unknown>) {
  return (workspace: string, object: string, signal: AbortSignal, report: Report): Promise<Scanned> => {
    if (!entry) return scanObject(deps, workspace, object, report);
    return new Promise((resolve, reject) => {
      const thread = new Worker(entry, {
        workerData: { ...data, workspace, object },
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      });
      const stop = () => void thread.terminate();
      signal.addEventListener('abort', stop, { once: true });
      thread.on('message', (told: FromScan) => {
        if ('scanned' in told) resolve(told.scanned);
        else report(told.progress);
      });
      thread.on('error', reject);
      thread.on('exit', (code) => {
        signal.removeEventListener('abort', stop);
        reject(new Error(`scan of ${object} ended with ${code}`));
      });
    });
  };
}
