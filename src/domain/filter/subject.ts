import { fieldType } from '../fields/registry.ts';
import type { Kind } from '../fields/types.ts';
import type { Catalog, FieldDef, ObjectDef } from '../schema/types.ts';

export type SystemName =
  | '$created_at'
  | '$updated_at'
  | '$created_by'
  | '$updated_by'
  | '$freshness'
  | '$due_at'
  | '$id';

/** Kinds of the pseudo-fields that every object has. `$freshness` and `$due_at` live in the freshness row of a record. */
export const SYSTEM_KINDS: Record<SystemName, Kind> = {
  $created_at: 'datetime',
  $updated_at: 'datetime',
  $created_by: 'reference',
  $updated_by: 'reference',
  $freshness: 'number',
  $due_at: 'datetime',
  $id: 'reference',
};

export const isSystemName = (name: string): name is SystemName => Object.hasOwn(SYSTEM_KINDS, name);

/** What the left side of a condition names. */
export type Subject =
  | { is: 'field'; object: ObjectDef; field: FieldDef; kind: Kind }
  | { is: 'system'; object: ObjectDef; name: SystemName; kind: Kind }
  | { is: 'path'; object: ObjectDef; relation: FieldDef; target: ObjectDef; field: FieldDef; kind: Kind };

export const findObject = (catalog: Catalog, name: string): ObjectDef | undefined =>
  catalog.objects.find((o) => o.name === name);

export const findField = (object: ObjectDef, name: string): FieldDef | undefined =>
  object.fields.find((f) => f.name === name);

/** Resolves `field`, `$system` or `relation.field`; null when there is no such thing. Retired fields still resolve: old views use them. */
export function findSubject(catalog: Catalog, object: ObjectDef, name: string): Subject | null {
  if (isSystemName(name)) return { is: 'system', object, name, kind: SYSTEM_KINDS[name] };
  const [first = '', rest, ...more] = name.split('.');
  if (more.length > 0) return null;
  const field = findField(object, first);
  if (!field) return null;
  if (rest === undefined) return { is: 'field', object, field, kind: fieldType(field.type).kind };
  if (field.type !== 'relation' || field.target === undefined) return null;
  const target = findObject(catalog, field.target);
  const inner = target && findField(target, rest);
  if (!target || !inner) return null;
  return { is: 'path', object, relation: field, target, field: inner, kind: fieldType(inner.type).kind };
}
