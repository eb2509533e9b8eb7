import { ApiError } from './errors.ts';
import { viewed } from './view-as.ts';

// What today's list needs to open without a network: who is signed in, the catalog, the names, the list itself. Kept in this browser for the one
// who is signed in, and gone when he signs out or his session ends.

const PREFIX = 'xianke.copy.';

interface Copy<T> {
  at: number;
  value: T;
}

function read<T>(name: string): Copy<T> | null {
  try {
    const stored = localStorage.getItem(PREFIX + name);
    return stored === null ? null : (JSON.parse(stored) as Copy<T>);
  } catch {
    return null;
  }
}

/** Asks; without a network the answer is the last one, and `copyTime` says from when. */
export async function withCopy<T>(name: string, ask: () => Promise<T>): Promise<T> {
  // What somebody else sees is not kept for the one who looks.
  if (viewed()) return ask();
  try {
    const value = await ask();
    fresh.add(name);
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), value } satisfies Copy<T>));
    } catch {
      // Storage is full or forbidden: then there is no list offline.
      localStorage.removeItem(PREFIX + name);
    }
    return value;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) forgetCopies();
    const copy = error instanceof ApiError && error.code === 'network' ? read<T>(name) : null;
    if (!copy) throw error;
    fresh.delete(name);
    return copy.value;
  }
}

/** Names whose last answer came from the server. */
const fresh = new Set<string>();

/** When the shown answer was given, if it is a copy; null when it is the server's own. */
export const copyTime = (name: string): Date | null => {
  if (fresh.has(name)) return null;
  const copy = read(name);
  return copy ? new Date(copy.at) : null;
};

export function forgetCopies(): void {
  fresh.clear();
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
