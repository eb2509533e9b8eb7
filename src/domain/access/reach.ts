import type { Filter } from '../filter/types.ts';
import { NONE, union } from './rows.ts';
import { type Action, type FieldMode, type Grant, MODES, type ObjectAccess } from './types.ts';

/** Which grants reach a row: bit i stands for grant i. Absent where all rows are alike. */
export type Reach = number | undefined;

export const strongest = (modes: readonly FieldMode[]): FieldMode =>
  MODES[Math.max(0, ...modes.map((mode) => MODES.indexOf(mode)))] ?? 'hidden';

export const weakest = (modes: readonly FieldMode[]): FieldMode =>
  MODES[modes.length === 0 ? 0 : Math.min(...modes.map((mode) => MODES.indexOf(mode)))] ?? 'hidden';

export const modeOfGrant = (grant: Pick<Grant, 'fields'>, field: string): FieldMode =>
  grant.fields[field] ?? grant.fields['*'] ?? 'hidden';

/** Mode that holds in every row the actor reaches. */
export const modeOf = (access: ObjectAccess | undefined, field: string): FieldMode =>
  access?.fields[field] ?? access?.fields['*'] ?? 'hidden';

/** The most the actor has in some row. */
export function ceilingOf(access: ObjectAccess | undefined, field: string): FieldMode {
  if (!access?.grants) return modeOf(access, field);
  return strongest(access.grants.map((grant) => modeOfGrant(grant, field)));
}

/** Mode in one row. Unknown reach of an object whose rows differ: what holds everywhere. */
export function modeInRow(access: ObjectAccess | undefined, reach: Reach, field: string): FieldMode {
  if (!access?.grants || reach === undefined) return modeOf(access, field);
  return strongest(reached(access.grants, reach).map((grant) => modeOfGrant(grant, field)));
}

/** May this be done with one row? Unknown reach of an object whose rows differ: no. */
export function mayInRow(access: ObjectAccess | undefined, reach: Reach, action: Action): boolean {
  if (!access?.actions.includes(action)) return false;
  if (!access.grants) return true;
  return reached(access.grants, reach ?? 0).some((grant) => grant.actions.includes(action));
}

/** What a new record may be given: it has no row yet, so what any grant that may create says. */
export function modeAtCreate(access: ObjectAccess, field: string): FieldMode {
  if (!access.grants) return modeOf(access, field);
  const creating = access.grants.filter(({ actions }) => actions.includes('create'));
  return strongest(creating.map((grant) => modeOfGrant(grant, field)));
}

const reached = (grants: readonly Grant[], reach: number): Grant[] =>
  grants.filter((_, place) => (reach & (1 << place)) !== 0);

/** The rows that an action may be done with; for `read` all that are reached. */
export function rowsFor(access: ObjectAccess | undefined, action: Action): true | false | Filter {
  if (!access?.actions.includes(action)) return false;
  if (action === 'read' || !access.grants) return access.rows;
  const granting = access.grants.filter(({ actions, within }) => !within && actions.includes(action));
  return union(granting.length > 0 ? granting.map(({ rows }) => rows) : [NONE]);
}

/** Rows in which the field may be read in plain; true: in all that are reached. */
export function plainRows(access: ObjectAccess | undefined, field: string): true | Filter {
  if (isPlain(modeOf(access, field))) return true;
  const plain = (access?.grants ?? []).filter((grant) => isPlain(modeOfGrant(grant, field)));
  return plain.length > 0 ? union(plain.map(({ rows }) => rows)) : NONE;
}

/** Values of a masked or ranged field are known only in part, so they may not be told apart by filtering or sorting either. */
export const isPlain = (mode: FieldMode): boolean => mode === 'read' || mode === 'edit';
