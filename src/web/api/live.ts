import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { api } from '../../contract/api.ts';
import type { LiveEvent } from '../../contract/events.ts';
import { address } from './client.ts';
import { keys } from './query.ts';

/** `missed`: the stream was closed for a while; what happened meanwhile is unknown. */
export type Heard = LiveEvent | { type: 'missed' };
type Listener = (event: Heard) => void;

/** A hidden tab gives its connection back: with HTTP/1.1 a browser opens six per host, and every tab's stream holds one. */
const HIDDEN_MS = 15_000;

const listeners = new Set<Listener>();
const statusListeners = new Set<() => void>();
let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let attempts = 0;
let online = true;
let hiding: ReturnType<typeof setTimeout> | undefined;
let interrupted = false;

function setOnline(next: boolean): void {
  if (online === next) return;
  online = next;
  for (const listener of statusListeners) listener();
}

const TYPES: LiveEvent['type'][] = ['changed', 'catalog', 'import', 'proposals', 'replan'];

function tell(event: Heard): void {
  for (const listener of [...listeners]) listener(event);
}

function receive(message: MessageEvent<string>): void {
  tell(JSON.parse(message.data) as LiveEvent);
}

function connect(): void {
  const opened = new EventSource(address(api.events.stream));
  source = opened;
  opened.onopen = () => {
    if (interrupted) tell({ type: 'missed' });
    interrupted = false;
    attempts = 0;
    setOnline(true);
  };
  opened.onmessage = receive;
  for (const type of TYPES) opened.addEventListener(type, receive as EventListener);
  opened.onerror = () => {
    attempts++;
    interrupted = true;
    if (attempts > 1) setOnline(false);
    // A browser gives up on an HTTP error (a restarting server behind a proxy): try again ourselves, ever slower.
    if (opened.readyState === EventSource.CLOSED && source === opened) {
      clearTimeout(timer);
      timer = setTimeout(connect, Math.min(30_000, 500 * 2 ** Math.min(attempts, 6)));
    }
  };
}

function disconnect(): void {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function onVisibility(): void {
  clearTimeout(hiding);
  if (document.visibilityState === 'hidden') {
    hiding = setTimeout(() => {
      interrupted = true;
      disconnect();
    }, HIDDEN_MS);
  } else if (!source) connect();
}

/** Which cached answers an event makes stale. */
export function invalidate(queryClient: QueryClient, event: Heard): void {
  const stale = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey });
  switch (event.type) {
    case 'missed':
      void queryClient.invalidateQueries({ refetchType: 'active' });
      break;
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
    case 'proposals':
      stale(keys.proposalCounts);
      break;
    case 'replan':
      stale(keys.policies);
      if (event.done >= event.total) {
        stale(keys.today);
        stale(keys.health);
      }
      break;
  }
}

/** Opens the stream for as long as someone is signed in; the returned function closes it. */
export function startLive(queryClient: QueryClient): () => void {
  const listener: Listener = (event) => invalidate(queryClient, event);
  listeners.add(listener);
  document.addEventListener('visibilitychange', onVisibility);
  connect();
  return () => {
    listeners.delete(listener);
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(hiding);
    disconnect();
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
