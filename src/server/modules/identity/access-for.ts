import type { Access, Action, FieldMode, ObjectAccess } from '../../../domain/access/types.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';

const EVERYTHING: Action[] = [
  'read',
  'create',
  'update',
  'delete',
  'restore',
  'export',
  'import',
  'merge',
  'verify',
  'undo',
];
/** A member works with all records; what takes records away, or out of the house, is the administrator's. */
const DAILY_WORK: Action[] = ['read', 'create', 'update', 'import', 'verify', 'undo'];

/** What a role may do, compiled for the doors. Sensitive fields are masked for members. */
export function accessFor(role: 'admin' | 'member', catalog: Catalog): Access {
  const objects = catalog.objects.map((object) => [object.name, objectAccess(role, object)] as const);
  return { admin: role === 'admin', objects: Object.fromEntries(objects) };
}

function objectAccess(role: 'admin' | 'member', object: ObjectDef): ObjectAccess {
  if (role === 'admin') return { rows: true, actions: EVERYTHING, fields: { '*': 'edit' } };
  const masked = object.fields.filter((field) => field.sensitivity === 'sensitive');
  const fields: Record<string, FieldMode> = Object.fromEntries(masked.map((field) => [field.name, 'masked']));
  return { rows: true, actions: DAILY_WORK, fields: { '*': 'edit', ...fields } };
}
