/** Keys in memory, the longest unused dropped first; what is dropped is written over with zeros. */
export interface KeyCache {
  get(name: string): Buffer | undefined;
  /** Takes the buffer over. */
  put(name: string, key: Buffer): void;
  drop(name: string): void;
  clear(): void;
  size(): number;
}

export function createKeyCache(most: number): KeyCache {
  const keys = new Map<string, Buffer>();
  const drop = (name: string): void => {
    keys.get(name)?.fill(0);
    keys.delete(name);
  };
  return {
    get(name) {
      const key = keys.get(name);
      if (!key) return undefined;
      // Last in the order of a Map is the newest.
      keys.delete(name);
      keys.set(name, key);
      return key;
    },
    put(name, key) {
      if (keys.get(name) !== key) drop(name);
      keys.set(name, key);
      for (const oldest of keys.keys()) {
        if (keys.size <= most) break;
        drop(oldest);
      }
    },
    drop,
    clear() {
      for (const name of [...keys.keys()]) drop(name);
    },
    size: () => keys.size,
  };
}
