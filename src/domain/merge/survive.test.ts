import { describe, expect, it } from 'vitest';
import type { FieldDef, FieldValue } from '../schema/types.ts';
import { type Clock, type Member, proposeWinner, survivorship } from './index.ts';

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object: 'customer',
  name,
  label: { zh: name, en: name },
  type: 'text',
  position: 1,
  ...more,
});
const member = (
  id: string,
  values: Record<string, FieldValue>,
  clock: Partial<Clock> = {},
  references = 0,
): Member => ({
  id,
  createdAt: `2026-01-0${id === 'a' ? 1 : 2}T00:00:00Z`,
  values,
  clocks: Object.fromEntries(
    Object.keys(values).map((name) => [name, { changedAt: 0, verifiedAt: null, confidence: null, ...clock }]),
  ),
  references,
});
const pick = (def: FieldDef, members: Member[], choices = {}) => {
  const [found] = survivorship([def], members, 'a', choices);
  return [found?.from, found?.value, found?.reason];
};

describe('which value survives', () => {
  const a = (value: FieldValue, clock: Partial<Clock> = {}) => member('a', { x: value }, clock);
  const b = (value: FieldValue, clock: Partial<Clock> = {}) => member('b', { x: value }, clock);

  it('follows the rule of the field', () => {
    const old: Partial<Clock> = { changedAt: 10, verifiedAt: 50, confidence: 0.9 };
    const young: Partial<Clock> = { changedAt: 40, verifiedAt: 20, confidence: 0.5 };
    expect(pick(field('x', { survive: 'newest' }), [a('1', old), b('2', young)])).toEqual(['b', '2', 'newest']);
    expect(pick(field('x', { survive: 'trusted' }), [a('1', young), b('2', old)])).toEqual(['b', '2', 'trusted']);
    expect(pick(field('x', { survive: 'verified' }), [a('1', young), b('2', old)])).toEqual(['b', '2', 'verified']);
    expect(pick(field('x', { survive: 'complete' }), [a('世纪大道'), b('世纪大道 100 号')])).toEqual([
      'b',
      '世纪大道 100 号',
      'complete',
    ]);
    expect(pick(field('x'), [a('1', old), b('2', young)])).toEqual(['a', '1', 'kept']);
  });

  it('says which rule decided when the declared one could not', () => {
    const rule = field('x', { survive: 'verified' });
    expect(pick(rule, [a('1'), b('2', { changedAt: 9 })])).toEqual(['b', '2', 'newest']);
    expect(pick(rule, [a('1'), b('2')])).toEqual(['a', '1', 'kept']);
    // Both read as 97 %: that the one is a thousandth more certain is no reason a person would give.
    expect(pick(rule, [a('1', { confidence: 0.9701 }), b('2', { confidence: 0.9704, changedAt: 9 })])).toEqual([
      'b',
      '2',
      'newest',
    ]);
  });

  it('fills blanks, joins lists, obeys a choice, and empties no required field', () => {
    expect(pick(field('x'), [a(null), b('2')])).toEqual(['b', '2', 'only']);
    expect(pick(field('x', { type: 'tags' }), [a(['p', 'q']), b(['q', 'r'])])).toEqual([
      'all',
      ['p', 'q', 'r'],
      'union',
    ]);
    expect(pick(field('x'), [a('1'), b('2')], { x: 'b' })).toEqual(['b', '2', 'chosen']);
    expect(pick(field('x', { required: true }), [a('1'), b(null)], { x: 'b' })).toEqual(['a', '1', 'only']);
    expect(pick(field('x'), [a('1'), b(null)], { x: 'b' })).toEqual(['b', null, 'chosen']);
  });

  it('takes the cell of whoever is believed most, also where the values agree', () => {
    const [found] = survivorship([field('x')], [a('1', { confidence: 0.4 }), b('1', { confidence: 0.8 })], 'a');
    expect(found).toMatchObject({ reason: 'same', from: 'a', cellFrom: 'b', differs: false });
  });

  it('never lets a record point to itself', () => {
    expect(pick(field('x', { type: 'relation', target: 'customer' }), [a('b'), b(null)])).toEqual(['a', null, 'same']);
  });

  it('proposes the record that most others point to', () => {
    expect(proposeWinner([member('a', { x: '1', y: '2' }), member('b', { x: '1' }, {}, 3)])).toBe('b');
    expect(proposeWinner([member('b', { x: '1' }), member('a', { x: '1' })])).toBe('a');
  });
});
