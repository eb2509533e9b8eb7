import type { Filter } from '../filter/types.ts';
import type { Label } from '../issue.ts';
import type { FieldDef } from '../schema/types.ts';
import type { Act, Action, FieldMode } from './types.ts';

/** Which rows a role reaches; several: all that any of them reaches. None: no rows. */
export type RowRule =
  | { rule: 'all' }
  /** The record's owner is the person himself. */
  | { rule: 'own' }
  /** … is in one of his teams. */
  | { rule: 'team' }
  /** … is in his department or one below, as departments are now. */
  | { rule: 'department' }
  /** A field has one of the values of his territories. */
  | { rule: 'territory' }
  /** The record belongs to one (a customer, say) that this role reaches. */
  | { rule: 'parent' }
  | { rule: 'filter'; filter: Filter }
  /** Somebody shared it with him or one of his teams. */
  | { rule: 'shared' };

export const ROW_RULES = ['all', 'own', 'team', 'department', 'territory', 'parent', 'filter', 'shared'] as const;

export interface RoleObject {
  rows: RowRule[];
  actions: Action[];
  /**
   * Mode by field name; `@personal`, `@sensitive`: by how the field is classed; `*`: all others, so fields that come later too.
   * The more precise wins. Nothing said: hidden.
   */
  fields: Record<string, FieldMode>;
}

/** A role is data: what it says is given, nothing else is. */
export interface Role {
  id: string;
  label: Label;
  help?: Label;
  /** By object name; `*`: every object that is not named, so objects that come later too. */
  objects: Record<string, RoleObject>;
  acts: Act[];
  /** Everything, whatever comes; can't be changed, so that nobody locks everybody out. */
  admin?: boolean;
}

export function roleObject(role: Role, object: string): RoleObject | undefined {
  return role.objects[object] ?? role.objects['*'];
}

/** Where a mode comes from: the field's name, its class, `*`, or nothing at all. */
export function modeIn(fields: Record<string, FieldMode>, field: Pick<FieldDef, 'name' | 'sensitivity'>) {
  for (const key of [field.name, `@${field.sensitivity ?? 'internal'}`, '*']) {
    const mode = fields[key];
    if (mode) return { mode, key };
  }
  return { mode: 'hidden' as const, key: null };
}
