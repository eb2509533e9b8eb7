import type { FieldDef, FieldTypeName, MatchRule, MatchTest, ObjectDef } from './types.ts';

/** Types whose values may be stored encrypted: texts (their columns hold ciphertext as well) that are looked up by the whole value, if at all. */
const ENCRYPTABLE: ReadonlySet<FieldTypeName> = new Set([
  ...(['text', 'longtext', 'phone', 'email', 'url', 'address', 'idcard', 'uscc', 'bankaccount'] as const),
]);

/** Types whose values do harm in the wrong hands and that nobody sorts by: a designer is offered encryption for new ones. */
export const usuallyEncrypted = (type: FieldTypeName): boolean => type === 'idcard' || type === 'bankaccount';

/**
 * Why a field can't be encrypted: code of an error; null when it can.
 * @param objects all of them: rules for duplicates of others may compare with this one
 */
export function whyNotEncrypted(
  object: Pick<ObjectDef, 'name' | 'title'>,
  field: Pick<FieldDef, 'name' | 'type'>,
  objects: readonly Pick<ObjectDef, 'name' | 'matchRules'>[],
): 'encrypt-type' | 'encrypt-title' | 'encrypt-rule' | null {
  if (!ENCRYPTABLE.has(field.type)) return 'encrypt-type';
  if (field.name === object.title) return 'encrypt-title';
  return ruleComparing(object.name, field.name, objects) ? 'encrypt-rule' : null;
}

/** A rule for duplicates that would silently stop to hold: ciphertexts are never alike. */
export function ruleComparing(
  object: string,
  field: string,
  objects: readonly Pick<ObjectDef, 'name' | 'matchRules'>[],
): MatchRule | undefined {
  for (const { name, matchRules = [] } of objects)
    for (const rule of matchRules) {
      const there = rule.other ?? name;
      const compares = (test: MatchTest): boolean =>
        (name === object && test.field === field) || (there === object && (test.with ?? test.field) === field);
      if (!rule.off && rule.any.some((group) => group.some(compares))) return rule;
    }
  return undefined;
}
