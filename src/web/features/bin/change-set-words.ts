import type { z } from 'zod';
import type { changeSetSchema, historyEntrySchema } from '../../../contract/records.ts';

export type ChangeSet = z.infer<typeof changeSetSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

const words = ['created', 'updated', 'verified', 'signalled', 'deleted', 'restored', 'erased', 'anonymised'] as const;
export type Word = (typeof words)[number];

export interface Counted {
  object: string;
  word: Word;
  n: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What a change set did, per object: `{counts: {customer: {created: 3}}}` of its summary. */
export function countsOf(set: ChangeSet): Counted[] {
  const { counts } = set.summary;
  if (!isRecord(counts)) return [];
  return Object.entries(counts).flatMap(([object, per]) =>
    isRecord(per)
      ? words.flatMap((word) => {
          const n = per[word];
          return typeof n === 'number' && n > 0 ? [{ object, word, n }] : [];
        })
      : [],
  );
}

export interface NamedRecord {
  object: string;
  id: string;
  fields: string[];
  /** Version of the record after this change set. */
  version: number;
}

/** The records a small change set touched, by name; null for large ones, which name none. */
export function recordsOf(set: ChangeSet): NamedRecord[] | null {
  const { records } = set.summary;
  if (!Array.isArray(records)) return null;
  return records.flatMap((one): NamedRecord[] => {
    if (!Array.isArray(one)) return [];
    const [object, id, fields, version] = one;
    if (typeof object !== 'string' || typeof id !== 'string' || typeof version !== 'number') return [];
    return [
      { object, id, fields: Array.isArray(fields) ? fields.filter((name) => typeof name === 'string') : [], version },
    ];
  });
}

/** Fields of a record that were changed after a version: an undo leaves them as they are. */
export function touchedSince(entries: HistoryEntry[], version: number, fields: string[]): string[] {
  const later = entries.filter(
    (entry) => entry.version > version && entry.kind !== 'verify' && entry.kind !== 'evidence',
  );
  const touched = new Set(later.flatMap((entry) => entry.fields.map((change) => change.field)));
  return fields.filter((field) => touched.has(field));
}

export type Undoable = 'yes' | 'running' | 'undone' | 'nothing';

const FINAL = new Set(['unmerge', 'erase', 'anonymise']);

/** An undo is a change set like any other and can itself be undone; what is undone already can't be again. */
export function undoable(set: ChangeSet): Undoable {
  if (set.undoneBy !== null || set.status === 'undone') return 'undone';
  if (set.status === 'running') return 'running';
  // What was merged and parted again can be merged anew, with a look at what stays; what was erased is nowhere any more.
  return countsOf(set).length === 0 || FINAL.has(set.kind) ? 'nothing' : 'yes';
}
