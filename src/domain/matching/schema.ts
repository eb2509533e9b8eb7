import { mayBeSealed } from '../schema/encryption.ts';
import type { FieldDef, ObjectDef } from '../schema/types.ts';
import type { KindName, MatchField, MatchSchema } from './types.ts';

const BY_MATCH: Record<NonNullable<FieldDef['match']>, KindName | null> = {
  none: null,
  exact: 'identifier',
  company: 'company',
  person: 'person',
  phone: 'phone',
  email: 'email',
  address: 'address',
  text: 'text',
};

/** The comparison that an object's fields declare (`match`). The title field names the record. */
export function matchSchemaOf(object: ObjectDef): MatchSchema {
  const fields: MatchField[] = [];
  for (const f of object.fields) {
    const declared = BY_MATCH[f.match ?? 'none'];
    // Ciphertext is like nothing else.
    if (declared === null || f.retired === true || mayBeSealed(f)) continue;
    const kind: KindName =
      f.type === 'uscc'
        ? 'uscc'
        : f.type === 'url'
          ? 'url'
          : f.type === 'date' && declared !== 'text'
            ? 'date'
            : f.type === 'select'
              ? 'category'
              : declared;
    fields.push({ column: f.name, kind, label: f.label, ...(f.name === object.title ? { subject: true } : {}) });
  }
  return { fields };
}
