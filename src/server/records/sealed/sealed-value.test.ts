import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLines } from '../../../domain/text/width.ts';
import { createKeyCache } from './key-cache.ts';
import {
  blindKeyOf,
  isSealed,
  LOOKUP_LENGTH,
  lookupFor,
  lookupOf,
  openValue,
  type Place,
  sealValue,
} from './sealed-value.ts';

const PLACE: Place = {
  workspace: 'main',
  object: 'contact',
  field: 'id_number',
  record: '018f0000-0000-7000-8000-0000000000a1',
};
const key = randomBytes(32);
const blind = randomBytes(32);

describe('sealed values', () => {
  it('open as what was closed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (value) => {
        const sealed = sealValue(key, blind, value, PLACE);
        expect(isSealed(sealed)).toBe(true);
        expect(openValue(key, sealed, PLACE)).toBe(value);
      }),
    );
  });

  it('open nowhere else, with no other key, and not when a character was changed', () => {
    const sealed = sealValue(key, blind, '11010519491231002X', PLACE);
    const elsewhere: Partial<Place>[] = [
      { workspace: 'other' },
      { object: 'customer' },
      { field: 'passport' },
      { record: '018f0000-0000-7000-8000-0000000000a2' },
    ];
    for (const moved of elsewhere) expect(() => openValue(key, sealed, { ...PLACE, ...moved })).toThrow();
    expect(() => openValue(randomBytes(32), sealed, PLACE)).toThrow();
    fc.assert(
      fc.property(fc.integer({ min: LOOKUP_LENGTH, max: sealed.length - 2 }), (at) => {
        const other = sealed[at] === 'A' ? 'B' : 'A';
        expect(() => openValue(key, sealed.slice(0, at) + other + sealed.slice(at + 1), PLACE)).toThrow();
      }),
    );
  });

  it('differ each time, but for what they are found by', () => {
    const [one, other] = [sealValue(key, blind, '甲', PLACE), sealValue(key, blind, '甲', PLACE)];
    expect(one).not.toBe(other);
    expect(lookupOf(one)).toBe(lookupOf(other));
    expect(lookupOf(one)).toBe(lookupFor(blind, '甲'));
    expect(lookupFor(blind, '乙')).not.toBe(lookupOf(one));
  });

  it('are found by another text in each field', () => {
    const keys = ['id_number', 'passport'].map((field) => blindKeyOf(key, { ...PLACE, field }));
    expect(new Set(keys.map((one) => lookupFor(one, '甲'))).size).toBe(2);
  });

  it('can’t be confused with what people type: text is cleaned of such characters before it is stored', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (typed) => !isSealed(cleanLines(`\u00011${typed}`))));
  });
});

describe('keys in memory', () => {
  it('are few, and zeroed when they go', () => {
    const cache = createKeyCache(2);
    const keys = [1, 2, 3].map((n) => Buffer.alloc(32, n));
    const [first, second, third] = keys as [Buffer, Buffer, Buffer];
    cache.put('first', first);
    cache.put('second', second);
    cache.get('first');
    cache.put('third', third);
    expect(cache.get('second')).toBeUndefined();
    expect(second.every((byte) => byte === 0)).toBe(true);
    expect(cache.get('first')).toBe(first);
    cache.clear();
    expect([first, third].every((one) => one.every((byte) => byte === 0))).toBe(true);
    expect(cache.size()).toBe(0);
  });
});
