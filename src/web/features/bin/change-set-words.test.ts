import { describe, expect, it } from 'vitest';
import { type ChangeSet, countsOf, type HistoryEntry, recordsOf, touchedSince, undoable } from './change-set-words.ts';

const set = (more: Partial<ChangeSet>): ChangeSet => ({
  id: '1',
  at: '2026-11-21T00:00:00Z',
  actor: 'a',
  source: 'page',
  kind: 'write',
  reason: null,
  status: 'done',
  undoes: null,
  undoneBy: null,
  summary: {
    counts: { customer: { created: 3, updated: 0 }, contact: { verified: 2 } },
    records: [['customer', 'x', ['name'], 4]],
  },
  ...more,
});

const entry = (version: number, field: string, kind: HistoryEntry['kind'] = 'update'): HistoryEntry => ({
  changeSet: 'later',
  version,
  at: '2026-11-21T00:00:00Z',
  actor: 'a',
  source: 'page',
  kind,
  fields: [{ field, before: null, after: 'x' }],
});

describe('change sets in words', () => {
  it('counts what was done per object and leaves zeros out', () => {
    expect(countsOf(set({}))).toEqual([
      { object: 'customer', word: 'created', n: 3 },
      { object: 'contact', word: 'verified', n: 2 },
    ]);
    expect(countsOf(set({ summary: {} }))).toEqual([]);
  });
  it('names the records of a small set and says so when there are none', () => {
    expect(recordsOf(set({}))).toEqual([{ object: 'customer', id: 'x', fields: ['name'], version: 4 }]);
    expect(recordsOf(set({ summary: { counts: {} } }))).toBeNull();
  });
  it('offers undo once', () => {
    expect(undoable(set({}))).toBe('yes');
    expect(undoable(set({ undoneBy: '2' }))).toBe('undone');
    expect(undoable(set({ status: 'running' }))).toBe('running');
    expect(undoable(set({ summary: { counts: {} } }))).toBe('nothing');
    expect(undoable(set({ undoes: '0' }))).toBe('yes');
    expect(undoable(set({ kind: 'merge' }))).toBe('yes');
    expect(undoable(set({ kind: 'unmerge' }))).toBe('nothing');
  });
});

describe('touchedSince', () => {
  it('finds what an undo will leave alone: later changes of the same fields, not confirmations', () => {
    const entries = [entry(6, 'phone'), entry(5, 'name', 'verify'), entry(4, 'name')];
    expect(touchedSince(entries, 4, ['name', 'phone'])).toEqual(['phone']);
    expect(touchedSince(entries, 3, ['name', 'phone'])).toEqual(['name', 'phone']);
  });
});
