import { type AuditEntry, type AuditKind, commit, type Plain, type PrivatePart } from '../../../domain/audit/index.ts';
import { sha256 } from '../../platform/signing.ts';

/** Row of table `audit_entry`. */
export interface EntryRow {
  leaf: number;
  id: string;
  at: Date;
  actor: string;
  source: string;
  kind: string;
  object: string | null;
  records: string[];
  body: Plain;
  commitment: Buffer | null;
  salt: Buffer | null;
  private: Plain;
  [column: string]: unknown;
}

/** Exactly what is in the row: a verification must see what stands there. */
export function entryOf(row: EntryRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    source: row.source,
    kind: row.kind as AuditKind,
    object: row.object,
    records: row.records,
    body: row.body,
    commitment: row.commitment?.toString('base64') ?? null,
  };
}

export function privateOf({ salt, private: value }: EntryRow): PrivatePart | undefined {
  return salt === null ? undefined : { salt: salt.toString('base64'), value };
}

/** Seals a private part: `salt` is 32 random bytes. */
export function commitmentOf(salt: Buffer, value: Plain): Buffer {
  return Buffer.from(commit(sha256, { salt: salt.toString('base64'), value }), 'base64');
}
