import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';

/** Shorter texts are alike by chance. */
const LEAST = 2;

/** Of what is typed, the fields that tell who somebody is; {} while there is too little to ask by. */
export function typedSoFar(object: ObjectDef, values: Readonly<Record<string, FieldValue>>): Record<string, string> {
  const told: Record<string, string> = {};
  for (const field of object.fields) {
    const value = values[field.name];
    if (field.retired || !field.match || field.match === 'none' || field.type === 'autonumber') continue;
    if (typeof value === 'string' && [...value.trim()].length >= LEAST) told[field.name] = value.trim();
  }
  return told;
}
