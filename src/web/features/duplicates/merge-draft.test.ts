import { describe, expect, it } from 'vitest';
import type { MergePreview, UnmergePreview } from '../../../contract/duplicates.ts';
import { choose, draftOf, type MergeField, mayTake, movesOf, originOf, still, versionsOf } from './merge-draft.ts';

const field = (name: string, from: string, more: Partial<MergeField> = {}): MergeField => ({
  field: name,
  label: { zh: name, en: name },
  differs: true,
  from,
  value: 'x',
  reason: { code: 'newest', label: { zh: '最近更新', en: 'Changed last' } },
  changeable: true,
  list: false,
  ...more,
});
const row = (id: string, version: number, values: MergePreview['records'][number]['values']) => ({
  id,
  version,
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  values,
});
const preview = (fields: MergeField[]): MergePreview => ({
  object: 'customer',
  winner: 'a',
  records: [row('a', 3, { name: '甲', mobile: null }), row('b', 7, { name: '乙', mobile: '139' })],
  fields,
  moves: [],
  warnings: [],
  titles: {},
});

describe('choices of a merge', () => {
  it('are only what differs from the proposal, and can be taken back', () => {
    const name = field('name', 'a');
    const chosen = choose({}, name, 'b');
    expect(chosen).toEqual({ name: 'b' });
    expect(originOf(name, chosen)).toBe('b');
    expect(choose(chosen, name, 'a')).toEqual({});
    expect(originOf(name, {})).toBe('a');
  });
  it('outlive another record’s staying only where they still say something', () => {
    const choices = { name: 'b', mobile: 'b', owner: 'b' };
    const next = preview([field('name', 'b'), field('mobile', 'a'), field('owner', 'a', { changeable: false })]);
    expect(still(choices, next)).toEqual({ mobile: 'b' });
  });
  it('leave no required field empty, and touch nothing that may only be read', () => {
    const mobile = field('mobile', 'b');
    const of = preview([mobile]);
    expect(mayTake(of, mobile, 'a', true)).toBe(false);
    expect(mayTake(of, mobile, 'a', false)).toBe(true);
    expect(mayTake(of, { ...mobile, changeable: false }, 'b', false)).toBe(false);
  });
  it('go with the versions that were seen', () => {
    expect(versionsOf(preview([]))).toEqual({ a: 3, b: 7 });
  });
});

describe('an un-merge', () => {
  const asked: UnmergePreview = {
    object: 'customer',
    winner: 'a',
    losers: ['b'],
    at: '',
    records: [],
    questions: [
      { field: 'name', label: { zh: '', en: '' }, merged: '甲', current: '丙', candidates: ['a', 'b'], proposed: 'b' },
    ],
    back: [],
    left: 0,
    added: [
      { object: 'contact', id: 'c1', title: '', createdAt: '', suggested: 'b' },
      { object: 'contact', id: 'c2', title: '', createdAt: '' },
    ],
  };
  it('starts from the proposals, and moves only what goes elsewhere', () => {
    const draft = draftOf(asked);
    expect(draft).toEqual({ answers: { name: 'b' }, moves: { c1: 'b' } });
    expect(movesOf(asked, draft)).toEqual([{ object: 'contact', id: 'c1', to: 'b' }]);
    expect(movesOf(asked, { ...draft, moves: { c1: 'a', c2: 'b' } })).toEqual([
      { object: 'contact', id: 'c2', to: 'b' },
    ]);
  });
});
