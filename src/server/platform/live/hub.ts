import type { LiveEvent } from '../../../contract/events.ts';

export type Listener = (event: LiveEvent) => void;

/** Spreads events among the open pages of one process. */
export interface Hub {
  publish(workspace: string, event: LiveEvent): void;
  /** Returns how to stop listening. */
  subscribe(workspace: string, listener: Listener): () => void;
  /** Called with true when a workspace gets its first listener here, with false when it loses its last. */
  onInterest(react: (workspace: string, wanted: boolean) => void): void;
}

export function createHub(): Hub {
  const listeners = new Map<string, Set<Listener>>();
  let react: (workspace: string, wanted: boolean) => void = () => {};
  return {
    publish(workspace, event) {
      for (const listener of listeners.get(workspace) ?? []) listener(event);
    },
    subscribe(workspace, listener) {
      const set = listeners.get(workspace) ?? new Set();
      listeners.set(workspace, set.add(listener));
      if (set.size === 1) react(workspace, true);
      return () => {
        if (!set.delete(listener) || set.size > 0) return;
        listeners.delete(workspace);
        react(workspace, false);
      };
    },
    onInterest(next) {
      react = next;
    },
  };
}
