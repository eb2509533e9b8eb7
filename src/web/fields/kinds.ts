import type { FieldDef } from '../../domain/schema/types.ts';

/** How a field is edited: typed, typed in several lines, picked from a list, picked from a calendar, switched, or not by hand. */
export type Editing = 'text' | 'multiline' | 'pick' | 'calendar' | 'toggle' | 'none';

export function editingOf(field: FieldDef): Editing {
  if (field.readonly) return 'none';
  switch (field.type) {
    case 'longtext':
      return 'multiline';
    case 'select':
    case 'multiselect':
    case 'tags':
    case 'tree':
    case 'user':
    case 'relation':
    case 'rating':
      return 'pick';
    case 'date':
    case 'datetime':
      return 'calendar';
    case 'boolean':
      return 'toggle';
    case 'autonumber':
    case 'file':
    case 'geo':
      return 'none';
    default:
      return 'text';
  }
}

export const isMultiple = (field: FieldDef): boolean => field.type === 'multiselect' || field.type === 'tags';

/** Shown with coloured chips. */
export const isChoice = (field: FieldDef): boolean =>
  field.type === 'select' || field.type === 'multiselect' || field.type === 'tags';

export const isNumeric = (field: FieldDef): boolean =>
  field.type === 'number' || field.type === 'money' || field.type === 'percent';

/** A small mark of the field's type, before its label. */
export function markOf(field: FieldDef): string {
  switch (field.type) {
    case 'number':
    case 'percent':
      return '#';
    case 'money':
      return field.currency === 'USD' ? '$' : '¥';
    case 'date':
    case 'datetime':
      return '◷';
    case 'select':
    case 'multiselect':
    case 'tags':
    case 'tree':
      return '◉';
    case 'phone':
      return '☏';
    case 'email':
      return '@';
    case 'user':
      return '☺';
    case 'relation':
      return '↗';
    case 'boolean':
      return '✓';
    case 'autonumber':
      return '№';
    case 'url':
      return '⌁';
    default:
      return 'A';
  }
}
