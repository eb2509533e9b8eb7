import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog, FieldDef, ObjectDef } from '../schema/types.ts';
import { compose } from './compose.ts';
import { nobody } from './facts.ts';
import { mayInRow, modeInRow, modeOfGrant } from './reach.ts';
import type { Role, RoleObject } from './role.ts';
import { ACTIONS, type Action, type FieldMode, MODES } from './types.ts';

const field = (object: string, name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object,
  name,
  label: { zh: name, en: name },
  type: 'text',
  position: 1,
  ...more,
});
const customer: ObjectDef = {
  id: 1,
  name: 'customer',
  label: { zh: '客户', en: 'Customer' },
  plural: { zh: '客户', en: 'Customers' },
  title: 'name',
  owner: 'owner',
  position: 1,
  fields: [
    field('customer', 'name'),
    field('customer', 'phone', { sensitivity: 'personal' }),
    field('customer', 'amount', { sensitivity: 'sensitive' }),
    field('customer', 'owner', { type: 'user' }),
  ],
};
const contact: ObjectDef = {
  ...customer,
  id: 2,
  name: 'contact',
  parent: 'customer',
  fields: [
    field('contact', 'name'),
    field('contact', 'owner'),
    field('contact', 'customer', { type: 'relation', target: 'customer' }),
  ],
};
const catalog: Catalog = { version: 1, objects: [customer, contact] };
const role = (id: string, objects: Record<string, RoleObject>): Role => ({
  id,
  label: { zh: id, en: id },
  objects,
  acts: [],
});
const facts = nobody('me');

describe('what nobody gave', () => {
  it('is not there: no role, no object; no word on a field, hidden', () => {
    expect(compose([], facts, catalog).objects).toEqual({});
    const said = { rows: [{ rule: 'all' as const }], actions: ['read' as const], fields: { name: 'read' as const } };
    const { objects } = compose([role('a', { customer: said })], facts, catalog);
    expect(Object.keys(objects)).toEqual(['customer']);
    expect(modeInRow(objects.customer, undefined, 'phone')).toBe('hidden');
    expect(modeInRow(objects.customer, undefined, 'a_field_that_came_later')).toBe('hidden');
  });

  it('an edit without the right to write is a read', () => {
    const said = { rows: [{ rule: 'all' as const }], actions: ['read' as const], fields: { '*': 'edit' as const } };
    const { objects } = compose([role('a', { '*': said })], facts, catalog);
    expect(modeInRow(objects.customer, undefined, 'name')).toBe('read');
  });
});

describe('two roles', () => {
  const own = role('own', {
    customer: { rows: [{ rule: 'own' }], actions: ['read', 'update'], fields: { '*': 'edit' } },
  });
  const all = role('all', {
    customer: { rows: [{ rule: 'all' }], actions: ['read', 'export'], fields: { '*': 'read', '@personal': 'masked' } },
  });
  const access = compose([own, all], facts, catalog).objects.customer;

  it('a mode holds only where the role that gives it leads', () => {
    const [first, second] = access?.grants ?? [];
    expect([first?.from, second?.from]).toEqual(['own', 'all']);
    expect(modeInRow(access, 0b10, 'phone')).toBe('masked');
    expect(modeInRow(access, 0b11, 'phone')).toBe('edit');
    expect(mayInRow(access, 0b10, 'update')).toBe(false);
    expect(mayInRow(access, 0b11, 'update')).toBe(true);
    expect(mayInRow(access, undefined, 'update')).toBe(false);
  });

  it('says of all rows together only what holds in each', () => {
    expect(access?.rows).toBe(true);
    expect(access?.fields).toEqual({ '*': 'read', phone: 'masked' });
  });

  it('one that adds nothing costs nothing', () => {
    const weaker = role('weaker', {
      customer: { rows: [{ rule: 'own' }], actions: ['read'], fields: { name: 'read' } },
    });
    expect(compose([all, weaker], facts, catalog).objects.customer?.grants).toBeUndefined();
  });
});

describe('rows', () => {
  it('owners of several rules are one list, through the parent too', () => {
    const lead = role('lead', {
      customer: { rows: [{ rule: 'own' }, { rule: 'department' }], actions: ['read'], fields: { '*': 'read' } },
      contact: { rows: [{ rule: 'own' }, { rule: 'parent' }], actions: ['read'], fields: { '*': 'read' } },
    });
    const { objects } = compose([lead], { ...facts, department: ['b', 'me', 'a'] }, catalog);
    expect(objects.customer?.rows).toEqual({ field: 'owner', op: 'in', value: ['a', 'b', 'me'] });
    expect(objects.contact?.rows).toEqual({
      any: [
        { field: 'owner', op: 'in', value: ['me'] },
        { field: 'customer.owner', op: 'in', value: ['a', 'b', 'me'] },
      ],
    });
  });

  it('a share gives no more than he had who shared, nor than the roles would', () => {
    const sales = role('sales', {
      customer: {
        rows: [{ rule: 'own' }, { rule: 'shared' }],
        actions: ['read', 'update'],
        fields: { '*': 'edit', amount: 'ranged' },
      },
    });
    const share = {
      object: 'customer',
      record: 'r',
      actions: ['read' as const],
      fields: { '*': 'hidden' as const, name: 'read' as const, amount: 'read' as const, phone: 'masked' as const },
    };
    const { objects } = compose([sales], { ...facts, shares: [share] }, catalog);
    const shared = objects.customer?.grants?.[1];
    expect(shared?.rows).toEqual({ field: '$id', op: 'in', value: ['r'] });
    expect(['name', 'amount', 'phone', 'owner'].map((name) => shared && modeOfGrant(shared, name))).toEqual([
      'read',
      'ranged',
      'masked',
      'hidden',
    ]);
    expect(mayInRow(objects.customer, 0b10, 'update')).toBe(false);
  });

  it('a granted request shows a field where other grants lead, and leads nowhere itself', () => {
    const masked = role('m', { customer: { rows: [{ rule: 'own' }], actions: ['read'], fields: { '*': 'masked' } } });
    const { customer: access } = compose(
      [masked],
      { ...facts, asked: [{ object: 'customer', record: 'r', field: 'phone' }] },
      catalog,
    ).objects;
    expect(access?.rows).toEqual({ field: 'owner', op: 'in', value: ['me'] });
    expect([modeInRow(access, 0b01, 'phone'), modeInRow(access, 0b11, 'phone')]).toEqual(['masked', 'read']);
  });
});

describe('composition', () => {
  const rows = fc.subarray([{ rule: 'all' as const }, { rule: 'own' as const }, { rule: 'team' as const }], {
    minLength: 1,
  });
  const said = fc.record({
    rows,
    actions: fc
      .subarray<Action>([...ACTIONS])
      .map((actions): Action[] => ['read', ...actions.filter((one) => one !== 'read')]),
    fields: fc.dictionary(
      fc.constantFrom('*', 'name', 'phone', 'amount', '@personal', '@sensitive'),
      fc.constantFrom<FieldMode>(...MODES),
    ),
  });
  const some = fc.array(said, { minLength: 1, maxLength: 4 });

  it('is the union: what a row gives is what the best of the roles that reach it gives', () => {
    fc.assert(
      fc.property(some, fc.constantFrom('me', 'mate', 'other'), (given, owner) => {
        const roles = given.map((one, i) => role(`r${i}`, { customer: one }));
        const person = { ...facts, team: ['me', 'mate'] };
        const access = compose(roles, person, catalog).objects.customer;
        const holds = (rule: string) => rule === 'all' || owner === 'me' || (rule === 'team' && owner === 'mate');
        const reaching = roles.filter((one) => one.objects.customer?.rows.some(({ rule }) => holds(rule)));
        const alone = reaching.map((one) => compose([one], person, catalog).objects.customer);
        const bits = (access?.grants ?? []).map(({ rows: reach }, i) => {
          const reached =
            reach === true || ('value' in reach && Array.isArray(reach.value) && reach.value.includes(owner));
          return reached ? 1 << i : 0;
        });
        const reach = access?.grants ? bits.reduce((a, b) => a | b, 0) : undefined;
        if (reaching.length === 0) return;
        for (const name of ['name', 'phone', 'amount', 'owner']) {
          const best = Math.max(...alone.map((one) => MODES.indexOf(modeInRow(one, undefined, name))));
          expect(modeInRow(access, reach, name)).toBe(MODES[best]);
          // The floor never says more than this row has.
          expect(MODES.indexOf(modeInRow(access, undefined, name))).toBeLessThanOrEqual(best);
        }
        for (const action of ACTIONS)
          expect(mayInRow(access, reach, action)).toBe(alone.some((one) => one?.actions.includes(action)));
      }),
    );
  });
});

describe('a figure over other records', () => {
  const figure = field('customer', 'names', {
    type: 'number',
    rollup: { of: 'contact', via: 'customer', fn: 'max', field: 'name' },
  });
  const rolled: Catalog = { version: 2, objects: [{ ...customer, fields: [...customer.fields, figure] }, contact] };
  const all = { rows: [{ rule: 'all' as const }], actions: [...ACTIONS] };
  const seen = (ofContacts: RoleObject | undefined, own: FieldMode = 'edit') => {
    const objects = { customer: { ...all, fields: { '*': own } }, ...(ofContacts && { contact: ofContacts }) };
    return modeInRow(compose([role('a', objects)], facts, rolled).objects.customer, undefined, 'names');
  };

  it('shows no more than these do, is nobody’s to edit, and has a mode of its own besides', () => {
    expect(seen({ ...all, fields: { '*': 'edit' } })).toBe('read');
    expect(seen({ ...all, fields: { '*': 'edit', name: 'masked' } })).toBe('masked');
    expect(seen({ ...all, fields: { '*': 'edit', customer: 'hidden' } })).toBe('hidden');
    expect(seen({ ...all, actions: ['create'], fields: { '*': 'edit' } })).toBe('hidden');
    expect(seen(undefined)).toBe('hidden');
    expect(seen({ ...all, fields: { '*': 'edit' } }, 'ranged')).toBe('ranged');
    // Whose records they are made of does not matter.
    expect(seen({ ...all, rows: [{ rule: 'own' }], fields: { '*': 'read' } })).toBe('read');
  });
});
