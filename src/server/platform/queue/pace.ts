import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Pauses between portions of background work, of the time that the last one took: as long while nobody does anything, and up to twenty times while this process has its hands full. */
const IDLE = 1;
const BUSY = 20;
const LEAST_MS = 30;

/**
 * Work that nobody waits for, a portion at a time: in the pauses people's requests come first, and how busy the process was in the last pause decides how
 * long the next one is. `work` returns whether there may be more.
 */
export async function inPortions(signal: AbortSignal, work: () => Promise<boolean>): Promise<void> {
  let factor = BUSY / 2;
  while (!signal.aborted) {
    const began = performance.now();
    if (!(await work())) return;
    const others = performance.eventLoopUtilization();
    await delay(Math.max(LEAST_MS, factor * (performance.now() - began)), undefined, { signal }).catch(() => undefined);
    factor = IDLE + (BUSY - IDLE) * performance.eventLoopUtilization(others).utilization;
  }
}
