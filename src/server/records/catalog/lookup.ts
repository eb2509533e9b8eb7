import { AppError } from '../../../contract/errors.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';

/** The object of that name, retired or not; throws `object-unknown`. */
export function objectOf(catalog: Catalog, name: string): ObjectDef {
  const object = catalog.objects.find((candidate) => candidate.name === name);
  if (!object) throw new AppError('object-unknown', { object: name });
  return object;
}

export function objectById(catalog: Catalog, id: number): ObjectDef | undefined {
  return catalog.objects.find((object) => object.id === id);
}

const byName = new WeakMap<ObjectDef, Map<string, FieldDef>>();

/** Field of an object by name. The map is built once per catalog version. */
export function fieldOf(object: ObjectDef, name: string): FieldDef | undefined {
  let fields = byName.get(object);
  if (!fields) {
    fields = new Map(object.fields.map((field) => [field.name, field]));
    byName.set(object, fields);
  }
  return fields.get(name);
}

/** Fields of an object by what the doors do with them; retired ones are in none. Made once per catalog version, for batches of thousands. */
interface Roles {
  live: FieldDef[];
  relations: FieldDef[];
  unique: FieldDef[];
  required: FieldDef[];
  tracked: FieldDef[];
  /** What people type: sums that the engine keeps are no news. */
  amounts: FieldDef[];
  /** Retired ones too: their values stay sealed. */
  sealed: FieldDef[];
}

const roles = new WeakMap<ObjectDef, Roles>();

export function rolesOf(object: ObjectDef): Readonly<Roles> {
  const known = roles.get(object);
  if (known) return known;
  const live = object.fields.filter((field) => !field.retired);
  const made: Roles = {
    live,
    relations: live.filter((field) => field.type === 'relation'),
    unique: live.filter((field) => field.unique),
    required: live.filter((field) => field.required && field.type !== 'autonumber'),
    tracked: live.filter((field) => field.tracked),
    amounts: live.filter((field) => field.type === 'money' && !field.rollup),
    sealed: object.fields.filter(mayBeSealed),
  };
  roles.set(object, made);
  return made;
}

/** Fields that live: not retired. */
export function liveFields(object: ObjectDef): readonly FieldDef[] {
  return rolesOf(object).live;
}

/** Fields whose stored values may be ciphertext; for nearly all objects: none. */
export function sealedFields(object: ObjectDef): readonly FieldDef[] {
  return rolesOf(object).sealed;
}

const withSealed = new WeakMap<Catalog, boolean>();

/** Whether any field of the workspace is encrypted. */
export function hasSealed(catalog: Catalog): boolean {
  const known = withSealed.get(catalog) ?? catalog.objects.some((object) => sealedFields(object).length > 0);
  withSealed.set(catalog, known);
  return known;
}
