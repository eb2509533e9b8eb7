import type { z } from 'zod';
import type { changeSetSchema } from '../../../contract/records.ts';

export type ChangeSet = z.infer<typeof changeSetSchema>;

export interface Counted {
  what: 'create' | 'update' | 'delete' | 'restore' | 'verify';
  n: number;
}

const kinds = ['create', 'update', 'delete', 'restore', 'verify'] as const;
const spellings: Record<(typeof kinds)[number], string[]> = {
  create: ['create', 'created', 'creates'],
  update: ['update', 'updated', 'updates'],
  delete: ['delete', 'deleted', 'deletes'],
  restore: ['restore', 'restored', 'restores'],
  verify: ['verify', 'verified', 'verifies'],
};

/** What a change set did, as counts; the summary's other keys are left alone. */
export function countsOf(set: ChangeSet): Counted[] {
  return kinds.flatMap((what) => {
    const n = spellings[what].map((name) => set.summary[name]).find((value) => typeof value === 'number');
    return typeof n === 'number' && n > 0 ? [{ what, n }] : [];
  });
}

/** Objects it touched, by name, when the summary says so. */
export function objectsOf(set: ChangeSet): string[] {
  const { objects, object } = set.summary;
  if (Array.isArray(objects)) return objects.filter((one) => typeof one === 'string');
  if (typeof objects === 'object' && objects !== null) return Object.keys(objects);
  return typeof object === 'string' ? [object] : [];
}

export type Undoable = 'yes' | 'running' | 'undone' | 'nothing';

/** An undo is a change set like any other and can itself be undone; what is undone already can't be again. */
export function undoable(set: ChangeSet): Undoable {
  if (set.undoneBy !== null || set.status === 'undone') return 'undone';
  if (set.status === 'running') return 'running';
  return countsOf(set).length === 0 && Object.keys(set.summary).length > 0 ? 'nothing' : 'yes';
}
