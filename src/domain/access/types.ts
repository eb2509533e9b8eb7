import type { Filter } from '../filter/types.ts';

/** Weakest first. Hidden, masked and ranged fields can't be filtered, sorted, searched or grouped by. */
export const MODES = ['hidden', 'masked', 'ranged', 'read', 'edit'] as const;
export type FieldMode = (typeof MODES)[number];

export const ACTIONS = [
  'read',
  'create',
  'update',
  'verify',
  'delete',
  'restore',
  'merge',
  'export',
  'import',
  'undo',
  'share',
  'approve',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What of the administrator's work a role may do besides; people and roles themselves stay with the administrator. */
export const ACTS = ['audit', 'campaigns', 'fields', 'policies', 'privacy', 'quality', 'settings', 'team'] as const;
export type Act = (typeof ACTS)[number];

/** What one role (or a share, or a grant on request) gives in the rows that it reaches, and nowhere else. */
export interface Grant {
  /** Id of the role, `share`, `asked`. */
  from: string;
  rows: true | Filter;
  actions: Action[];
  /** Mode per field; `*` is what a field has that is not named; neither: hidden. */
  fields: Record<string, FieldMode>;
  /** Gives modes in rows that other grants reach; reaches none by itself. */
  within?: boolean;
}

export interface ObjectAccess {
  /** Which rows can be read: all of them, none, or those that match. */
  rows: true | false | Filter;
  /** What may be done with some row at least; `grants` say with which. */
  actions: Action[];
  /** Mode per field that holds in every row reached; `*` is what a field has that is not named. */
  fields: Record<string, FieldMode>;
  /** Where rows differ in modes or actions: each row has the most that the grants reaching it give. Absent: all rows are alike. */
  grants?: Grant[];
}

/** What one actor may do, composed from roles. Data, so that it can be cached, compared and tested. Unnamed objects: nothing. */
export interface Access {
  objects: Record<string, ObjectAccess>;
  /** All acts, people and roles, other people's views. */
  admin: boolean;
  acts?: Act[];
}
