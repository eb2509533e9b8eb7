import { describe, expect, it } from 'vitest';
import { type ChangeSet, countsOf, objectsOf, undoable } from './change-set-words.ts';

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
  summary: { created: 3, updated: 0, objects: ['customer'] },
  ...more,
});

describe('change sets in words', () => {
  it('counts what was done and leaves zeros out', () => {
    expect(countsOf(set({}))).toEqual([{ what: 'create', n: 3 }]);
    expect(countsOf(set({ summary: { update: 2, verify: 1, rate: 99 } }))).toEqual([
      { what: 'update', n: 2 },
      { what: 'verify', n: 1 },
    ]);
  });
  it('knows the objects however the summary lists them', () => {
    expect(objectsOf(set({}))).toEqual(['customer']);
    expect(objectsOf(set({ summary: { objects: { customer: 1, contact: 2 } } }))).toEqual(['customer', 'contact']);
    expect(objectsOf(set({ summary: {} }))).toEqual([]);
  });
  it('offers undo once', () => {
    expect(undoable(set({}))).toBe('yes');
    expect(undoable(set({ undoneBy: '2' }))).toBe('undone');
    expect(undoable(set({ status: 'running' }))).toBe('running');
    expect(undoable(set({ summary: { created: 0 } }))).toBe('nothing');
    expect(undoable(set({ undoes: '0' }))).toBe('yes');
  });
});
