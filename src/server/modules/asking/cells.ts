import type { Access, FieldMode } from '../../../domain/access/types.ts';
import { maskValue, rangeValue } from '../../../domain/fields/mask.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { isAskable } from '../../../domain/forms/index.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, FieldTypeName, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, liveFields } from '../../records/catalog/lookup.ts';

/** One field of one record that a customer is asked about. */
export interface AskCell {
  object: string;
  id: string;
  field: string;
}

/** Fields of an object that may be asked by someone with this access: he must be allowed to write what the customer writes. */
export function askableFields(object: ObjectDef, access: Access): FieldDef[] {
  const mine = access.objects[object.name];
  if (!mine?.actions.includes('update') || !mine.actions.includes('verify')) return [];
  return liveFields(object).filter(
    (field) => isAskable(field) && (mine.fields[field.name] ?? mine.fields['*'] ?? 'hidden') === 'edit',
  );
}

/** What a customer may do with his link: see and correct these cells of these records, nothing else. */
export function accessOfCells(cells: readonly AskCell[]): Access {
  const objects: Access['objects'] = {};
  for (const name of new Set(cells.map((cell) => cell.object))) {
    const mine = cells.filter((cell) => cell.object === name);
    const fields: Record<string, FieldMode> = { '*': 'hidden' };
    for (const cell of mine) fields[cell.field] = 'edit';
    objects[name] = {
      rows: { field: '$id', op: 'in', value: [...new Set(mine.map((cell) => cell.id))] },
      actions: ['read', 'update', 'verify'],
      fields,
    };
  }
  return { admin: false, objects };
}

const SECRETIVE = new Set<FieldTypeName>(['phone', 'email', 'idcard', 'bankaccount', 'address', 'uscc']);

/**
 * A value as it stands on a page that anyone with the link sees: enough for its owner to know it again, too little for a finder to use
 * (138****5678). Choices and names of firms are shown as they are.
 */
export function shownValue(value: FieldValue, field: FieldDef, lang: Lang, env: ParseEnv): string {
  if (value === null) return '';
  const personal = field.sensitivity === 'personal' || field.sensitivity === 'sensitive';
  if (SECRETIVE.has(field.type)) return maskValue(value, field) ?? '';
  if (personal && (field.type === 'money' || field.type === 'number')) return rangeValue(value, field, lang) ?? '';
  const chosen = field.type === 'select' || field.type === 'multiselect' || field.type === 'tree';
  if ((personal && !chosen) || field.match === 'person') return maskValue(value, field) ?? '';
  return fieldType(field.type).format(value, field, lang, env);
}

export function fieldOfCell(catalog: Catalog, cell: AskCell): { object: ObjectDef; field: FieldDef } | null {
  const object = catalog.objects.find((candidate) => candidate.name === cell.object && !candidate.retired);
  const field = object && fieldOf(object, cell.field);
  return object && field && !field.retired ? { object, field } : null;
}

/** Answers about these wait for a person whatever the setting. */
export const alwaysHeld = (field: FieldDef): boolean => field.protected === true || field.sensitivity === 'sensitive';
