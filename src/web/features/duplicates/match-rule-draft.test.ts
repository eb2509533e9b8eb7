import { expect, it } from 'vitest';
import { fieldDef, objectDef } from '../../../../test/support/objects.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { newRule, newTest, partnersOf, settled, testOn } from './match-rule-draft.ts';

const customer = objectDef('customer', [
  fieldDef('name', 'text', { match: 'company' }),
  fieldDef('mobile', 'phone'),
  fieldDef('phone', 'phone'),
  fieldDef('at', 'datetime'),
]);
const lead = objectDef('lead', [fieldDef('tel', 'phone'), fieldDef('company', 'text')]);

it('offers fields of one kind, the one of the same name first', () => {
  const [, mobile, phone] = customer.fields as [FieldDef, FieldDef, FieldDef];
  expect(partnersOf(phone, customer).map(({ name }) => name)).toEqual(['phone', 'mobile']);
  expect(partnersOf(mobile, lead).map(({ name }) => name)).toEqual(['tel']);
  expect(partnersOf(customer.fields[3] as FieldDef, customer)).toEqual([]);
});

it('begins with a field that the group does not look at yet', () => {
  expect(newTest(customer, customer, [])).toEqual({ field: 'name', how: 'same' });
  expect(newTest(customer, customer, [{ field: 'name', how: 'same' }])).toEqual({ field: 'mobile', how: 'same' });
  expect(testOn(lead.fields[0] as FieldDef, lead, customer, 'like')).toEqual({
    field: 'tel',
    with: 'mobile',
    how: 'like',
  });
});

it('keeps a rule such that it can be followed', () => {
  const rule = newRule(customer, [], '规则');
  expect(rule).toMatchObject({ id: 'r1', any: [[{ field: 'name', how: 'same' }]] });
  const like = { ...rule, any: [[{ field: 'name', how: 'like' as const }]] };
  expect(settled({ ...like, effect: 'refuse' }, customer, customer).any).toEqual([[{ field: 'name', how: 'same' }]]);
  expect(settled({ ...like, other: 'lead' }, customer, lead).any).toEqual([
    [{ field: 'name', how: 'like', with: 'company' }],
  ]);
  expect(newRule(customer, [rule], '又一条').id).toBe('r2');
});
