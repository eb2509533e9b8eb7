import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilingOf, mayInRow, modeAtCreate, modeInRow } from './reach.ts';
import { covers, narrow, parseScope } from './scope.ts';
import { ACTIONS, type Access, type Action, type FieldMode, type Grant, MODES } from './types.ts';

describe('a scope', () => {
  it('names a verb, an object and perhaps a field', () => {
    expect(parseScope('read:customer')).toEqual({ verb: 'read', object: 'customer' });
    expect(parseScope('write:customer.mobile')).toEqual({ verb: 'write', object: 'customer', field: 'mobile' });
    expect(parseScope('delete:*')).toEqual({ verb: 'delete', object: '*' });
  });

  it.each([
    '',
    'read',
    'read:',
    'READ:customer',
    'read:*.mobile',
    'delete:customer.mobile',
    'export:customer',
    'read:customer.',
    'read:customer mobile',
    'openid',
    'read:customer.a.b',
  ])('is not %j', (text) => {
    expect(parseScope(text)).toBeNull();
    expect(covers(['read:*', 'write:*', 'delete:*'], text)).toBe(false);
  });

  it('covers what is within it', () => {
    expect(covers(['write:customer'], 'read:customer.mobile')).toBe(true);
    expect(covers(['read:*'], 'read:contact')).toBe(true);
    expect(covers(['read:customer'], 'write:customer.mobile')).toBe(false);
    expect(covers(['read:customer.mobile'], 'read:customer')).toBe(false);
    expect(covers(['write:customer'], 'delete:customer')).toBe(false);
  });
});

const full: Access = {
  admin: true,
  acts: ['audit', 'fields'],
  objects: {
    customer: { rows: true, actions: [...ACTIONS], fields: { '*': 'edit', mobile: 'masked' } },
    contact: { rows: true, actions: [...ACTIONS], fields: { '*': 'edit' } },
  },
};

describe('what is left of an access', () => {
  it('is no administration, no other objects and no other fields', () => {
    const left = narrow(full, ['read:customer.name', 'write:customer.remark']);
    expect([left.admin, left.acts, Object.keys(left.objects)]).toEqual([false, [], ['customer']]);
    const { customer } = left.objects;
    expect(['name', 'remark', 'mobile', 'later'].map((field) => modeInRow(customer, undefined, field))).toEqual([
      'read',
      'edit',
      'hidden',
      'hidden',
    ]);
    expect(customer?.actions).toEqual(['read', 'update']);
  });

  it('is never more than the person has, whatever the scope says', () => {
    const { customer } = narrow(full, ['write:customer.mobile', 'write:*']).objects;
    expect(modeInRow(customer, undefined, 'mobile')).toBe('masked');
    expect(customer?.actions).toEqual(['read', 'create', 'update', 'verify']);
    expect(narrow(full, []).objects).toEqual({});
    expect(narrow({ ...full, objects: {} }, ['read:*']).objects).toEqual({});
  });

  const mode = fc.constantFrom<FieldMode>(...MODES);
  const fields = fc
    .dictionary(fc.constantFrom('name', 'mobile', 'amount'), mode, { noNullPrototype: true })
    .chain((named) => mode.map((rest): Record<string, FieldMode> => ({ ...named, '*': rest })));
  const actions = fc.subarray<Action>([...ACTIONS]).map((some): Action[] => [...new Set<Action>(['read', ...some])]);
  const grant = fc.record({ from: fc.constant('r'), rows: fc.constant(true as const), actions, fields });
  const scope = fc
    .tuple(
      fc.constantFrom('read', 'write', 'delete'),
      fc.constantFrom('customer', '*', 'contact', 'customer.name', 'customer.mobile'),
    )
    .map(([verb, object]) => `${verb}:${object}`);

  it('holds in every row: at most the person’s, at most the scopes’, and all that both give', () => {
    fc.assert(
      fc.property(
        fc.array(grant, { minLength: 1, maxLength: 3 }),
        fields,
        actions,
        fc.array(scope, { maxLength: 4 }),
        fc.integer({ min: 0, max: 7 }),
        (grants: Grant[], floor, some, scopes, reach) => {
          const own = { rows: true as const, actions: some, fields: floor, grants };
          const left = narrow({ admin: false, objects: { customer: own } }, scopes).objects.customer;
          const rank = (one: FieldMode): number => MODES.indexOf(one);
          for (const field of ['name', 'mobile', 'amount', 'later']) {
            const most = covers(scopes, `write:customer.${field}`)
              ? 'edit'
              : covers(scopes, `read:customer.${field}`)
                ? 'read'
                : 'hidden';
            for (const look of [modeInRow, (a: typeof left, _: unknown, f: string) => ceilingOf(a, f)] as const) {
              const before = rank(look(own, reach, field));
              expect(rank(look(left, reach, field))).toBe(Math.min(before, rank(most)));
            }
            if (left) expect(rank(modeAtCreate(left, field))).toBeLessThanOrEqual(rank(modeAtCreate(own, field)));
          }
          for (const action of ACTIONS)
            if (mayInRow(left, reach, action)) expect(mayInRow(own, reach, action)).toBe(true);
          for (const action of ['export', 'merge', 'import', 'undo', 'share', 'approve'] as const)
            expect(mayInRow(left, reach, action)).toBe(false);
        },
      ),
    );
  });
});
