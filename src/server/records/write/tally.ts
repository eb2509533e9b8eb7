import type { UndoResult } from '../types.ts';
import type { Summary } from './types.ts';

/** Running total of an undo; names the first thousand records that were left alone. */
export interface Tally {
  undone: number;
  skipped: UndoResult['skipped'];
  skippedCount: number;
  counts: Summary['counts'];
  /** Request for approval that protected values wait for. */
  approval?: string;
}

export const NAMED_RECORDS = 1000;

export function skip(tally: Tally, object: string, id: string, fields: string[]): void {
  tally.skippedCount += 1;
  if (tally.skipped.length < NAMED_RECORDS) tally.skipped.push({ object, id, fields });
}

export function count(tally: Tally, object: string, word: 'updated' | 'deleted' | 'restored', n: number): void {
  if (n === 0) return;
  tally.undone += n;
  tally.counts[object] ??= {};
  const counts = tally.counts[object];
  counts[word] = (counts[word] ?? 0) + n;
}
