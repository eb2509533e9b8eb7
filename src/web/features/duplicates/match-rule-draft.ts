import type { z } from 'zod';
import type { matchRuleSchema } from '../../../contract/duplicates.ts';
import { sharedKindOf } from '../../../domain/matching/schema.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';

export type MatchRule = z.output<typeof matchRuleSchema>;
export type MatchTest = MatchRule['any'][number][number];

const live = (object: ObjectDef): FieldDef[] => object.fields.filter(({ retired }) => !retired);

/** Fields of the other side that one can be compared with, that of the same name first. */
export function partnersOf(field: FieldDef, other: ObjectDef): FieldDef[] {
  const found = live(other).filter((one) => sharedKindOf(field, one) !== null);
  return [...found.filter(({ name }) => name === field.name), ...found.filter(({ name }) => name !== field.name)];
}

/** Fields that have a partner on the other side. */
export const comparable = (object: ObjectDef, other: ObjectDef): FieldDef[] =>
  live(object).filter((field) => partnersOf(field, other).length > 0);

/** A condition to begin with: the first field that no other of the group looks at. */
export function newTest(object: ObjectDef, other: ObjectDef, taken: readonly MatchTest[]): MatchTest | null {
  const fields = comparable(object, other);
  const field = fields.find(({ name }) => !taken.some((test) => test.field === name)) ?? fields[0];
  return field ? testOn(field, object, other, 'same') : null;
}

/** A condition on a field; its partner is named only where it is not the field itself. */
export function testOn(field: FieldDef, object: ObjectDef, other: ObjectDef, how: MatchTest['how']): MatchTest | null {
  const [partner] = partnersOf(field, other);
  if (!partner) return null;
  const same = object.name === other.name && partner.name === field.name;
  return { field: field.name, how, ...(!same && { with: partner.name }) };
}

/** Changed so that it can be followed: what forbids saving compares exactly, and what has no partner any more goes. */
export function settled(rule: MatchRule, object: ObjectDef, other: ObjectDef): MatchRule {
  const any = rule.any
    .map((tests) =>
      tests.flatMap((test): MatchTest[] => {
        const field = object.fields.find(({ name }) => name === test.field);
        const partner = other.fields.find(({ name }) => name === (test.with ?? test.field));
        const how = rule.effect === 'refuse' ? 'same' : test.how;
        if (field && partner && sharedKindOf(field, partner) !== null) return [{ ...test, how }];
        const again = field && testOn(field, object, other, how);
        return again ? [again] : [];
      }),
    )
    .filter((tests) => tests.length > 0);
  if (any.length > 0) return { ...rule, any };
  const first = newTest(object, other, []);
  return { ...rule, any: first ? [[first]] : [] };
}

export function newRule(object: ObjectDef, taken: readonly MatchRule[], name: string): MatchRule {
  let n = taken.length + 1;
  while (taken.some(({ id }) => id === `r${n}`)) n++;
  return settled({ id: `r${n}`, name, any: [], effect: 'show' }, object, object);
}
