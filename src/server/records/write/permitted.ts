import { isPlain, mayInRow, modeInRow } from '../../../domain/access/reach.ts';
import type { Action } from '../../../domain/access/types.ts';
import type { FieldConflict } from '../../../domain/change/types.ts';
import type { Issue } from '../../../domain/issue.ts';
import { fieldOf } from '../catalog/lookup.ts';
import { shown } from '../read/row.ts';
import type { Ctx } from '../types.ts';
import type { Draft, Stored } from './types.ts';

/** What the author may not do with this very record, where his roles give different rights in different records. */
export function permissionIssues(ctx: Ctx, draft: Draft, stored: Stored): Issue[] {
  const access = ctx.access.objects[draft.object.name];
  // What points to merged records moves along, whoever may see it (joining.ts).
  if (!access?.grants || draft.part === 'reference') return [];
  const { change } = draft;
  const verifyOnly = change.op === 'update' && !change.set && (change.verify || change.evidence);
  const action: Action = draft.part === 'member' ? 'merge' : verifyOnly ? 'verify' : change.op;
  if (!mayInRow(access, stored.reach, action)) return [{ code: 'action-forbidden' }];
  if (draft.part) return [];
  const written = Object.keys(draft.set).flatMap((name): Issue[] => {
    const mode = modeInRow(access, stored.reach, name);
    if (mode === 'hidden') return [{ code: 'field-unknown', field: name, params: { name } }];
    return mode === 'edit' ? [] : [{ code: 'field-forbidden', field: name }];
  });
  const named = [...(draft.verify?.fields ?? []), ...(draft.evidence?.fields ?? [])];
  const unseen = named
    .filter(({ name }) => modeInRow(access, stored.reach, name) === 'hidden')
    .map(({ name }): Issue => ({ code: 'field-unknown', field: name, params: { name } }));
  return [...written, ...unseen];
}

/** Of a conflict the author learns what others wrote as far as he may read it. */
export function tellConflicts(ctx: Ctx, draft: Draft, stored: Stored, conflicts: FieldConflict[]): FieldConflict[] {
  const access = ctx.access.objects[draft.object.name];
  return conflicts.flatMap((conflict): FieldConflict[] => {
    const mode = modeInRow(access, stored.reach, conflict.field);
    const field = fieldOf(draft.object, conflict.field);
    if (isPlain(mode) || !field) return [conflict];
    return mode === 'hidden' ? [] : [{ ...conflict, theirs: shown(conflict.theirs, { field, mode }, ctx.lang) }];
  });
}
