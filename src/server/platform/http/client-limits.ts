import { AppError } from '../../../contract/errors.ts';
import type { Caller } from './caller.ts';

const WINDOW_MS = 60_000;
const MOST = 10_000;

export interface ClientLimits {
  /** Counts one request; throws too-many-requests over the limit. */
  count(caller: Caller): void;
}

/**
 * Requests a minute per app, key or account, whatever addresses they come from; counted on each node by itself. An app has one count
 * for all its people. `usual`: for those who have no limit of their own; 0 = none.
 */
export function clientLimits(usual: number, clock: () => number = () => performance.now()): ClientLimits {
  const windows = new Map<string, { since: number; count: number }>();
  return {
    count(caller) {
      const most = caller.perMinute ?? usual;
      if (most <= 0) return;
      const who = caller.app?.id ?? (caller.via === 'key' ? caller.credential : caller.account.id);
      const now = clock();
      let window = windows.get(who);
      if (!window || now - window.since >= WINDOW_MS) {
        if (windows.size >= MOST) windows.clear();
        window = { since: now, count: 0 };
        windows.set(who, window);
      }
      window.count++;
      if (window.count <= most) return;
      throw new AppError('too-many-requests', {
        seconds: Math.max(1, Math.ceil((window.since + WINDOW_MS - now) / 1000)),
      });
    },
  };
}
