/** Bits asked of a visitor while nothing is going on: a tenth of a second of a phone. */
const USUAL_BITS = 15;
/** And of one from where nearly too much comes: some seconds. */
const MOST_BITS = 20;
const WINDOW_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
const MOST_KNOWN = 50_000;

interface Window {
  since: number;
  count: number;
}

export interface FormLimits {
  /** How hard the next challenge is, by how close form and address are to their limits. */
  bits(form: string, address: string, limits: Limits): number;
  /** Counts one submission. @returns seconds to wait, and for whose sake; null: it may come in */
  count(form: string, address: string, limits: Limits): { seconds: number; kind: 'address' | 'busy' } | null;
}

interface Limits {
  perAddress: number;
  perMinute: number;
}

/** Counts in memory, on each node by itself: a guard against floods that must not cost a write. @param clock milliseconds */
export function createFormLimits(clock: () => number = () => performance.now()): FormLimits {
  const addresses = new Map<string, Window>();
  const forms = new Map<string, Window>();
  const windowOf = (of: Map<string, Window>, key: string, ms: number): Window => {
    const now = clock();
    let window = of.get(key);
    if (!window || now - window.since >= ms) {
      // Forgetting all at once is seldom and cheap; those who flood are counted anew at once.
      if (of.size >= MOST_KNOWN) of.clear();
      window = { since: now, count: 0 };
      of.set(key, window);
    }
    return window;
  };
  const left = (window: Window, ms: number): number => Math.max(1, Math.ceil((window.since + ms - clock()) / 1000));
  return {
    bits(form, address, { perAddress, perMinute }) {
      const share = Math.max(
        windowOf(addresses, `${form} ${address}`, WINDOW_MS).count / perAddress,
        windowOf(forms, form, MINUTE_MS).count / perMinute,
      );
      return Math.min(MOST_BITS, USUAL_BITS + Math.max(0, Math.floor(share * 10) - 4));
    },
    count(form, address, { perAddress, perMinute }) {
      const own = windowOf(addresses, `${form} ${address}`, WINDOW_MS);
      if (own.count >= perAddress) return { seconds: left(own, WINDOW_MS), kind: 'address' };
      const all = windowOf(forms, form, MINUTE_MS);
      if (all.count >= perMinute) return { seconds: left(all, MINUTE_MS), kind: 'busy' };
      own.count++;
      all.count++;
      return null;
    },
  };
}
