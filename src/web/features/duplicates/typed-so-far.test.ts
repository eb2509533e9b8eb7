import { describe, expect, it } from 'vitest';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { typedSoFar } from './typed-so-far.ts';

const object = {
  fields: [
    { name: 'name', type: 'text', match: 'company' },
    { name: 'number', type: 'autonumber', match: 'exact' },
    { name: 'mobile', type: 'phone', match: 'phone' },
    { name: 'note', type: 'longtext' },
    { name: 'old', type: 'text', match: 'text', retired: true },
  ],
} as ObjectDef;

describe('typedSoFar', () => {
  it('takes fields that are compared, once there is enough of them', () => {
    expect(typedSoFar(object, { name: ' 华 ', note: '很长的一段话', old: '旧的', number: 'CUST1' })).toEqual({});
    expect(typedSoFar(object, { name: ' 华信 ', mobile: '138', note: null })).toEqual({ name: '华信', mobile: '138' });
  });
});
