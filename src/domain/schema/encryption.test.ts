import { describe, expect, it } from 'vitest';
import { fieldType } from '../fields/registry.ts';
import { usuallyEncrypted, whyNotEncrypted } from './encryption.ts';
import { mayBeSealed, wantsEncryption } from './sealed.ts';
import type { FieldTypeName } from './types.ts';

const TYPES: FieldTypeName[] = [
  ...([
    'text',
    'longtext',
    'number',
    'money',
    'percent',
    'date',
    'datetime',
    'boolean',
    'select',
    'multiselect',
  ] as const),
  ...(['tags', 'tree', 'phone', 'email', 'url', 'address', 'geo', 'user', 'department', 'relation'] as const),
  ...(['autonumber', 'idcard', 'uscc', 'bankaccount', 'rating', 'file'] as const),
];

describe('encryption of fields', () => {
  it('is for types whose columns hold ciphertext as well', () => {
    const can = TYPES.filter((type) => whyNotEncrypted({ name: 'o', title: 'name' }, { name: 'x', type }, []) === null);
    expect(can.map((type) => fieldType(type).column)).toEqual(can.map(() => 'text'));
    expect(can).toEqual(expect.arrayContaining(TYPES.filter(usuallyEncrypted)));
    for (const type of ['select', 'user', 'autonumber', 'money', 'tree'] as const) expect(can).not.toContain(type);
  });

  it('is not for what names a record', () => {
    expect(whyNotEncrypted({ name: 'o', title: 'name' }, { name: 'name', type: 'text' }, [])).toBe('encrypt-title');
  });

  it('is read from where the values are and where they are going', () => {
    expect([mayBeSealed({}), wantsEncryption({})]).toEqual([false, false]);
    expect([mayBeSealed({ moving: 'in' }), wantsEncryption({ moving: 'in' })]).toEqual([true, true]);
    expect([mayBeSealed({ moving: 'out' }), wantsEncryption({ moving: 'out' })]).toEqual([true, false]);
    expect(wantsEncryption({ encrypted: true })).toBe(true);
  });
});
