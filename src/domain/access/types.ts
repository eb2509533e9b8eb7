import type { Filter } from '../filter/types.ts';

/** hidden < masked < ranged < read < edit. Hidden, masked and ranged fields can't be filtered, sorted, searched or grouped by. */
export type FieldMode = 'hidden' | 'masked' | 'ranged' | 'read' | 'edit';

export type Action =
  | 'read'
  | 'create'
  | 'update'
  | 'delete'
  | 'restore'
  | 'export'
  | 'import'
  | 'merge'
  | 'verify'
  | 'undo';

export interface ObjectAccess {
  /** Which rows: all of them, none, or those that match. */
  rows: true | false | Filter;
  actions: Action[];
  /** Mode per field; `*` is what a field has that is not named. */
  fields: Record<string, FieldMode>;
}

/** What one actor may do, compiled from roles. Data, so that it can be cached, compared and tested. Unnamed objects: nothing. */
export interface Access {
  objects: Record<string, ObjectAccess>;
  /** Metadata, policies, other people's views, settings. */
  admin: boolean;
}
