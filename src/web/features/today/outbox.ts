import type { FieldValue } from '../../../domain/schema/types.ts';

/**
 * What a salesperson has done and the server has not heard yet. Kept in the browser's storage, so that a tunnel, a dead
 * spot or a closed page loses nothing; sent in order, each with its idempotency key, so that sending twice does it once
 * (draft-ietf-httpapi-idempotency-key-header).
 */
export interface OutboxEntry {
  /** Idempotency key, UUID. */
  key: string;
  /** Whose work it is: on a shared phone nobody sends another's. */
  account: string;
  kind: 'write' | 'cannot-reach' | 'snooze';
  body: unknown;
  /** Item and cells of the list it is about. */
  item: string;
  cells: string[];
  /** What was typed as the correction, so that it isn't lost when the server refuses it. */
  draft?: FieldValue;
  /** Sentence shown while it waits. */
  label: string;
  at: number;
  /** Not before this moment (ms): the seconds in which it can be taken back unsent. */
  notBefore: number;
  tries: number;
  state: 'waiting' | 'sending' | 'refused';
  /** Why the server refused, in the reader's words. */
  message?: string;
}

export type OutboxAction =
  | { type: 'add'; entry: OutboxEntry }
  | { type: 'sending'; key: string }
  | { type: 'sent'; key: string }
  | { type: 'later'; key: string; notBefore: number }
  | { type: 'refused'; key: string; message: string }
  | { type: 'drop'; key: string };

export function outbox(entries: OutboxEntry[], action: OutboxAction): OutboxEntry[] {
  switch (action.type) {
    case 'add':
      return entries.some((entry) => entry.key === action.entry.key) ? entries : [...entries, action.entry];
    case 'sent':
    case 'drop':
      return entries.filter((entry) => entry.key !== action.key);
    case 'sending':
      return change(entries, action.key, (entry) => ({ ...entry, state: 'sending', tries: entry.tries + 1 }));
    case 'later':
      return change(entries, action.key, (entry) => ({ ...entry, state: 'waiting', notBefore: action.notBefore }));
    case 'refused':
      return change(entries, action.key, (entry) => ({ ...entry, state: 'refused', message: action.message }));
  }
}

const change = (entries: OutboxEntry[], key: string, next: (entry: OutboxEntry) => OutboxEntry): OutboxEntry[] =>
  entries.map((entry) => (entry.key === key ? next(entry) : entry));

/** The entry to send now: the oldest that waits and whose moment has come; none while one is under way (order matters). */
export function nextToSend(entries: OutboxEntry[], now: number): OutboxEntry | null {
  if (entries.some((entry) => entry.state === 'sending')) return null;
  return entries.find((entry) => entry.state === 'waiting' && entry.notBefore <= now) ?? null;
}

/** Milliseconds until something can be sent; null when nothing waits. */
export function waitFor(entries: OutboxEntry[], now: number): number | null {
  const moments = entries.filter((entry) => entry.state === 'waiting').map((entry) => entry.notBefore);
  return moments.length === 0 ? null : Math.max(0, Math.min(...moments) - now);
}

/** 1 s, 2 s, 4 s … at most 30 s. */
export const backoff = (tries: number): number => Math.min(30_000, 1000 * 2 ** Math.max(0, tries - 1));

/** After a reload, what was under way may or may not have arrived: send it again under the same key. */
export function restore(text: string | null, account: string): OutboxEntry[] {
  if (!text) return [];
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries)) return [];
    return entries
      .filter(isEntry)
      .filter((entry) => entry.account === account)
      .map((entry) => (entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry));
  } catch {
    return [];
  }
}

const isEntry = (value: unknown): value is OutboxEntry =>
  typeof value === 'object' &&
  value !== null &&
  ['key', 'account', 'kind', 'item', 'label'].every((name) => typeof Reflect.get(value, name) === 'string') &&
  Array.isArray(Reflect.get(value, 'cells')) &&
  typeof Reflect.get(value, 'notBefore') === 'number';
