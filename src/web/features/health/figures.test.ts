import { describe, expect, it } from 'vitest';
import { dueBars, figuresOf, type Health, toneOf } from './figures.ts';

const label = (text: string) => ({ zh: text, en: text });
const health: Health = {
  object: 'customer',
  at: '2026-11-21T00:00:00.000Z',
  records: 200,
  health: 0.6,
  completeness: {
    value: 0.7,
    parts: [
      { field: 'name', label: label('名称'), value: 1, count: 0 },
      { field: 'phone', label: label('手机'), value: 0.4, count: 120 },
    ],
  },
  validity: { value: 0.9, parts: [{ field: 'phone', label: label('手机'), value: 0.9, count: 20 }] },
  freshness: { value: 0.3, parts: [{ field: 'phone', label: label('手机'), value: 0.3, count: 140 }] },
  uniqueness: {
    value: 0.95,
    groups: 5,
    records: 10,
    byKey: [{ key: 'phone', label: label('手机'), groups: 5, records: 10 }],
  },
  due: { now: 100, in30: 150, in90: 200 },
  byOwner: [],
  actions: [],
};

describe('figuresOf', () => {
  it('puts the worst part first and leads to the rows behind it', () => {
    const [completeness, validity, freshness, uniqueness] = figuresOf(health);
    expect(completeness?.parts[0]).toMatchObject({ key: 'phone', filter: { field: 'phone', op: 'empty' } });
    expect(completeness?.parts[1]?.filter).toBeNull();
    expect(validity?.parts[0]?.filter).toBeNull();
    expect(freshness).toMatchObject({ tone: 'bad', parts: [{ filter: { field: 'phone', op: 'stale' } }] });
    expect(uniqueness?.parts[0]?.value).toBeCloseTo(0.95);
    expect(uniqueness?.parts[0]?.filter).toBe('duplicates');
  });
});

describe('dueBars', () => {
  it('grows with time and filters by the due moment', () => {
    const bars = dueBars(health);
    expect(bars.map((bar) => bar.share)).toEqual([0.5, 0.75, 1]);
    expect(bars[1]?.filter).toEqual({ field: '$due_at', op: 'lte', value: '2026-12-21T00:00:00.000Z' });
  });
  it('is empty, not NaN, without records', () => {
    expect(dueBars({ ...health, records: 0, due: { now: 0, in30: 0, in90: 0 } })[0]?.share).toBe(0);
  });
});

describe('toneOf', () => {
  it('follows the leaf', () => {
    expect([1, 0.8, 0.79, 0.5, 0.49].map(toneOf)).toEqual(['good', 'good', 'middle', 'middle', 'bad']);
  });
});
