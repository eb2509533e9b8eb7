import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import {
  afterLeaving,
  bandOf,
  compareFields,
  type Group,
  groupKey,
  letterOf,
  likeness,
  ownPart,
  type Pair,
  proposed,
  type Row,
  scoresOf,
  signed,
  stepTo,
  waterfallOf,
  withoutScore,
} from './queue-model.ts';

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef =>
  ({ id: 1, object: 'customer', name, label: { zh: name, en: name }, type: 'text', ...more }) as FieldDef;
const row = (id: string, values: Row['values']): Row => ({
  id,
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'user:1',
  updatedAt: '2026-01-01T00:00:00Z',
  updatedBy: 'user:1',
  values,
});
const pair = (a: string, b: string, more: Partial<Pair> = {}): Pair => ({
  a,
  b,
  score: 8,
  probability: 0.996,
  state: 'open',
  reasons: [],
  ...more,
});

describe('bands', () => {
  it('meet without a gap and agree with the word for a probability', () => {
    expect(scoresOf('all')).toEqual({});
    expect(scoresOf('likely').max).toBe(scoresOf('sure').min);
    expect(scoresOf('maybe').max).toBe(scoresOf('likely').min);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (probability) => {
        const score = Math.log2(probability / (1 - probability));
        const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = scoresOf(bandOf(probability));
        expect(score).toBeGreaterThanOrEqual(min - 1e-9);
        expect(score).toBeLessThanOrEqual(max + 1e-9);
      }),
    );
  });
});

describe('places in the queue', () => {
  it('after a decision the next is looked at, at the end the one before, at last none', () => {
    expect(afterLeaving(['a', 'b', 'c'], 'b')).toBe('c');
    expect(afterLeaving(['a', 'b', 'c'], 'c')).toBe('b');
    expect(afterLeaving(['a'], 'a')).toBeNull();
  });
  it('steps stay within', () => {
    expect([stepTo(['a', 'b'], null, 1), stepTo(['a', 'b'], 'b', 1), stepTo(['a', 'b'], 'a', -1)]).toEqual([
      'a',
      'b',
      'a',
    ]);
    expect(stepTo([], 'a', 1)).toBeNull();
  });
  it('a group with one pair decided is another group', () => {
    const records = [row('1', {}), row('2', {}), row('3', {})];
    const group = (pairs: Pair[]): Group => ({ score: 1, records, pairs });
    const [ab, bc] = [pair('1', '2'), pair('2', '3')];
    expect(groupKey(group([ab, bc]))).toBe(groupKey(group([bc, ab])));
    expect(groupKey(group([ab, bc]))).not.toBe(groupKey(group([bc])));
  });
});

describe('a group of many', () => {
  it('proposes the two that are most alike, never all at once', () => {
    const records = [row('1', {}), row('2', {}), row('3', {})];
    expect(proposed({ score: 9, records, pairs: [pair('2', '3'), pair('1', '2', { score: 3 })] })).toEqual(['2', '3']);
  });
});

describe('likeness', () => {
  it('is never certainty', () => {
    expect([1, 0.9995, 0.9988, 0.95, 0.5].map(likeness)).toEqual(['>99.9%', '>99.9%', '99.8%', '95.0%', '50%']);
  });
});

describe('compareFields', () => {
  const object = {
    fields: [
      field('name'),
      field('number', { type: 'autonumber' }),
      field('mobile'),
      field('email'),
      field('tags', { type: 'tags' }),
      field('gone', { retired: true }),
    ],
  } as ObjectDef;
  it('puts what contradicts first, then what one has, then what agrees; nothing of what nobody has', () => {
    const rows = [
      row('1', { name: '甲', number: 'C1', mobile: '138', email: null, tags: [], gone: 'x' }),
      row('2', { name: '甲', number: 'C2', mobile: '139', email: 'a@b.cn', tags: [], gone: 'y' }),
    ];
    expect(compareFields(object, rows).map((one) => [one.field.name, one.agreement])).toEqual([
      ['mobile', 'differs'],
      ['email', 'one-sided'],
      ['name', 'equal'],
    ]);
  });
});

describe('ownPart', () => {
  it('marks what differs between a common beginning and end', () => {
    expect(ownPart('13800138001', '13800138002').map(({ text, own }) => [text, own])).toEqual([
      ['1380013800', false],
      ['1', true],
    ]);
    expect(ownPart('杭州云栖智联科技有限公司（新）', '杭州云栖智联科技有限公司')).toEqual([
      { text: '杭州云栖智联科技有限公司', own: false },
      { text: '（新）', own: true },
    ]);
  });
  it('marks nothing where hardly anything is shared', () => {
    expect(ownPart('王芳', '李强')).toEqual([{ text: '王芳', own: false }]);
  });
  it('loses no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, other) => {
        expect(
          ownPart(text, other)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('waterfall', () => {
  it('adds up to the score', () => {
    const reason = (total: number) => ({
      column: 'x',
      level: 'l',
      total,
      sentence: { zh: '手机：相同（+8.1）', en: 'Phone: same (+8.1)' },
    });
    const { steps, base } = waterfallOf(pair('1', '2', { score: 4, reasons: [reason(8.1), reason(-1.3)] }));
    expect(base + steps.reduce((sum, { total }) => sum + total, 0)).toBeCloseTo(4);
    expect(steps.map(({ share }) => Math.round(share * 100))).toEqual([100, 16]);
    expect([signed(8.12), signed(-1.25), signed(0)]).toEqual(['+8.1', '−1.3', '+0.0']);
  });
  it('takes the number off the sentence it stands beside', () => {
    expect(withoutScore('手机：相同（+8.1）')).toBe('手机：相同');
    expect(withoutScore('Address: differs (−1.3)')).toBe('Address: differs');
    expect(withoutScore('名称：同名（集团）')).toBe('名称：同名（集团）');
  });
});

describe('letters', () => {
  it('go on after Z', () => {
    expect([0, 25, 26, 27].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB']);
  });
});
