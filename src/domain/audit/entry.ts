import type { Hash } from './tree.ts';

export const AUDIT_KINDS = [
  'sign-in',
  'sign-in-failed',
  'sign-out',
  'read',
  'search',
  'export',
  'change',
  'permission',
  'admin',
  'refused',
  'approval',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** JSON without fractions: what a database, a file and a program all give back as it was. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** One thing that was done. All of this is in the tree; what names people's data is only there as a commitment. */
export interface AuditEntry {
  id: string;
  /** ISO 8601 with milliseconds. */
  at: string;
  actor: string;
  source: string;
  kind: AuditKind;
  object: string | null;
  /** Ids of records. */
  records: string[];
  /** What else may stay for ever: names of fields, counts, the endpoint. */
  body: Plain;
  /** base64; null where there is no private part. */
  commitment: string | null;
}

/** The private part, and the salt without which its commitment can't be guessed at. Both may be erased; the tree stays as it is. */
export interface PrivatePart {
  salt: string;
  value: Plain;
}

/** Bytes that are the same wherever they are made: keys in order, no spaces (RFC 8785; numbers are whole). */
export function canonical(value: Plain): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RangeError('an entry holds whole numbers only');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}

const encoder = new TextEncoder();

/** What is hashed as a leaf. The log's name is in it, so that an entry of one log can't stand in another. */
export function leafBytes(
  log: string,
  { id, at, actor, source, kind, object, records, body, commitment }: AuditEntry,
): Uint8Array {
  const named = { id, at, actor, source, kind, object, records, body, commitment };
  return encoder.encode(`xianke-audit-entry-1\n${log}\n${canonical(named)}`);
}

/** SHA-256 of salt and private part, base64. The salt is 32 random bytes. */
export function commit(hash: Hash, { salt, value }: PrivatePart): string {
  return toBase64(hash(encoder.encode(`xianke-audit-private-1\n${salt}\n${canonical(value)}`)));
}

/** A tree head: this log had these leaves at that moment. */
export interface TreeHead {
  size: number;
  /** base64. */
  root: string;
  at: string;
}

export interface SignedHead extends TreeHead {
  /** Ed25519 over `headBytes`, base64. */
  signature: string;
}

export function headBytes(log: string, { size, root, at }: TreeHead): Uint8Array {
  return encoder.encode(`xianke-audit-head-1\n${log}\n${size}\n${root}\n${at}\n`);
}

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** Throws on what is no base64. */
export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
