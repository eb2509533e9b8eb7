import type { Log } from '../server/platform/log.ts';

/** Nobody waits longer than this for a server to stop; work that is cut off is taken up at the next start. */
const PATIENCE_MS = 25_000;

/** At SIGTERM or SIGINT runs `closers` in order and exits; at the second signal, or when it takes too long, exits at once. */
export function onStop(log: Log, closers: (() => Promise<void>)[]): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    for (const close of closers) {
      await close().catch((error: unknown) => log.error({ err: error }, 'while stopping'));
    }
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
}
