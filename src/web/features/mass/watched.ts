import { useSyncExternalStore } from 'react';

/** Operations this browser shows the progress of, newest first; kept so that a reload goes on showing them. */
const KEY = 'xk-mass';
const MOST = 5;
const listeners = new Set<() => void>();
let ids = read();

function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function set(next: readonly string[]): void {
  ids = next.slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // Private windows may refuse: it is shown until the page is left.
  }
  for (const listener of listeners) listener();
}

export const watch = (id: string): void => set([id, ...ids.filter((one) => one !== id)]);
export const unwatch = (id: string): void => set(ids.filter((one) => one !== id));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useWatched = (): readonly string[] => useSyncExternalStore(subscribe, () => ids);
