import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';

/** Shorter texts are alike by chance. */
const LEAST = 2;

/** Rules may ask by these too; which do is not for everybody to know. */
const RULED: ReadonlySet<string> = new Set(['text', 'phone', 'email', 'url', 'uscc', 'idcard', 'bankaccount']);

/** Of what is typed, the fields that tell who somebody is; {} while there is too little to ask by. */
export function typedSoFar(object: ObjectDef, values: Readonly<Record<string, FieldValue>>): Record<string, string> {
  const told: Record<string, string> = {};
  for (const field of object.fields) {
    const value = values[field.name];
    const tells = (field.match !== undefined && field.match !== 'none') || RULED.has(field.type);
    if (field.retired || !tells || field.type === 'autonumber') continue;
    if (typeof value === 'string' && [...value.trim()].length >= LEAST) told[field.name] = value.trim();
  }
  return told;
}
