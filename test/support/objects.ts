import type { FieldDef, FieldTypeName, MatchRule, ObjectDef } from '../../src/domain/schema/types.ts';

/** A field and an object as a catalog has them, with what a test says and nothing else. */
export const fieldDef = (name: string, type: FieldTypeName, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object: 'x',
  name,
  label: { zh: name, en: name },
  type,
  position: 1,
  ...more,
});

export const objectDef = (name: string, fields: FieldDef[], matchRules?: MatchRule[]): ObjectDef => ({
  id: 1,
  name,
  label: { zh: name, en: name },
  plural: { zh: name, en: name },
  title: 'name',
  position: 1,
  fields,
  ...(matchRules && { matchRules }),
});
