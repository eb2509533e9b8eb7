import type { Issue } from '../issue.ts';
import type { FieldValue } from '../schema/types.ts';

/** How a value came to be known; decides its confidence and is shown with it. */
export type Source = 'page' | 'import' | 'api' | 'cli' | 'form' | 'customer' | 'sync' | 'rule' | 'system';

/** One wanted change. A batch is a list of these; one edit is a batch of one. */
export interface Change {
  op: 'create' | 'update' | 'delete' | 'restore';
  object: string;
  /** Required but for create, where a caller may bring its own UUIDv7 (so that one batch can relate its records). */
  id?: string;
  /** Version the author saw. Fields that others changed since are conflicts; absent means "last write wins" and is only for machines. */
  version?: number;
  /** Raw values by field name; parsed, standardised and validated by the door. */
  set?: Record<string, unknown>;
  /** Write only into fields that are empty now (fill blanks). */
  onlyEmpty?: boolean;
  /** Fields confirmed as still right, with how. Works with or without `set`. */
  verify?: { fields: string[]; method: VerifyMethod; at?: string };
  /** A sign that values are right or wrong without anyone having looked at them (call connected, mail bounced): moves belief, not the verified clock. */
  evidence?: EvidenceInput;
}

export interface EvidenceInput {
  /** A row of the workspace's table of evidence kinds. */
  kind: string;
  /** Absent: the fields the kind speaks about (`mail-bounced`: all mail addresses). */
  fields?: string[];
  /** When it happened; now by default. */
  at?: string;
}

export type VerifyMethod = 'phone' | 'visit' | 'mail' | 'customer' | 'registry' | 'document' | 'other';

export type Status = 'applied' | 'unchanged' | 'held' | 'conflict' | 'rejected';

/** What became of one change, in the order of the batch. */
export interface Outcome {
  status: Status;
  object: string;
  id: string;
  version?: number;
  /** Standardised values as stored, for the fields that were set. */
  values?: Record<string, FieldValue>;
  issues?: Issue[];
  /** conflict: per field what the author sent, what is there now, who wrote it and when. */
  conflicts?: FieldConflict[];
  /** Request for approval that holds protected values. */
  approval?: string;
}

export interface FieldConflict {
  field: string;
  yours: FieldValue;
  theirs: FieldValue;
  by: string;
  at: string;
}
