import type { FieldDef, FieldTypeName, ObjectDef } from './types.ts';

/** Types whose values may be stored encrypted: texts (their columns hold ciphertext as well) that are looked up by the whole value, if at all. */
const ENCRYPTABLE: ReadonlySet<FieldTypeName> = new Set([
  ...(['text', 'longtext', 'phone', 'email', 'url', 'address', 'idcard', 'uscc', 'bankaccount'] as const),
]);

/** Types whose values do harm in the wrong hands and that nobody sorts by: a designer is offered encryption for new ones. */
export const usuallyEncrypted = (type: FieldTypeName): boolean => type === 'idcard' || type === 'bankaccount';

/** Why a field can't be encrypted: code of an error; null when it can. */
export function whyNotEncrypted(
  object: Pick<ObjectDef, 'title'>,
  field: Pick<FieldDef, 'name' | 'type'>,
): 'encrypt-type' | 'encrypt-title' | null {
  if (!ENCRYPTABLE.has(field.type)) return 'encrypt-type';
  return field.name === object.title ? 'encrypt-title' : null;
}
