import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { api } from '../../contract/api.ts';
import type { LiveEvent } from '../../contract/events.ts';
import { address } from './client.ts';
import { keys } from './query.ts';

type Listener = (event: LiveEvent) => void;

const listeners = new Set<Listener>();
const statusListeners = new Set<() => void>();
let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let attempts = 0;
let online = true;
let place: string | undefined;

function setOnline(next: boolean): void {
  if (online === next) return;
  online = next;
  for (const listener of statusListeners) listener();
}

const TYPES: LiveEvent['type'][] = ['changed', 'catalog', 'import', 'replan', 'presence'];

function receive(message: MessageEvent<string>): void {
  const event = JSON.parse(message.data) as LiveEvent;
  for (const listener of [...listeners]) listener(event);
}

/** What was missed while the connection was down is unknown: everything that is shown is asked for again. */
function connect(queryClient: QueryClient): void {
  const opened = new EventSource(address(api.events.stream, { query: { at: place } }));
  source = opened;
  opened.onopen = () => {
    if (attempts > 0) void queryClient.invalidateQueries({ refetchType: 'active' });
    attempts = 0;
    setOnline(true);
  };
  opened.onmessage = receive;
  for (const type of TYPES) opened.addEventListener(type, receive as EventListener);
  opened.onerror = () => {
    attempts++;
    if (attempts > 1) setOnline(false);
    // A browser gives up on an HTTP error (a restarting server behind a proxy): try again ourselves, ever slower.
    if (opened.readyState === EventSource.CLOSED && source === opened) {
      clearTimeout(timer);
      timer = setTimeout(() => connect(queryClient), Math.min(30_000, 500 * 2 ** Math.min(attempts, 6)));
    }
  };
}

/** Which cached answers an event makes stale. */
export function invalidate(queryClient: QueryClient, event: LiveEvent): void {
  const stale = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey });
  switch (event.type) {
    case 'changed':
      stale(keys.records(event.object));
      stale(keys.changeSets);
      // Timelines and reports draw on many objects; they are cheap to ask again while they are on screen.
      stale(['record']);
      stale(keys.today);
      stale(keys.health);
      break;
    case 'catalog':
      stale(keys.catalog);
      stale(['views']);
      break;
    case 'import':
      stale(keys.import(event.id));
      stale(keys.imports);
      break;
    case 'replan':
      stale(keys.policies);
      if (event.done >= event.total) {
        stale(keys.today);
        stale(keys.health);
      }
      break;
    case 'presence':
      break;
  }
}

/** Opens the stream for as long as someone is signed in; the returned function closes it. */
export function startLive(queryClient: QueryClient): () => void {
  const listener: Listener = (event) => invalidate(queryClient, event);
  listeners.add(listener);
  connect(queryClient);
  return () => {
    listeners.delete(listener);
    clearTimeout(timer);
    source?.close();
    source = null;
  };
}

/** Hears live events while the component is shown. */
export function useLive(listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const stable: Listener = (event) => latest.current(event);
    listeners.add(stable);
    return () => {
      listeners.delete(stable);
    };
  }, []);
}

/** False while the stream is being opened again. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (notify) => {
      statusListeners.add(notify);
      return () => statusListeners.delete(notify);
    },
    () => online,
  );
}
