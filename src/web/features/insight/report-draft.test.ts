import { expect, it } from 'vitest';
import { dimensionFor, groupsOf, measureFor, newDefinition, numbersOf, ofObject } from './report-draft.ts';
import type { Asked } from './report-model.ts';

const label = { zh: '', en: '' };
const all: Asked[] = [
  { path: 'level', label, is: 'group' },
  { path: 'on', label, is: 'time' },
  { path: 'amount', label, is: 'number' },
];

it('groups times by month, and counts up numbers only', () => {
  expect(dimensionFor(all, 'on')).toEqual({ field: 'on', bucket: 'month' });
  expect(dimensionFor(all, 'level')).toEqual({ field: 'level' });
  expect(dimensionFor(all, 'amount')).toBeNull();
  expect(measureFor(all, 'sum', undefined)).toEqual({ fn: 'sum', field: 'amount' });
  expect(measureFor(all, 'count', 'amount')).toEqual({ fn: 'count' });
  expect(measureFor([], 'sum', undefined)).toEqual({ fn: 'count' });
  expect([groupsOf(all).length, numbersOf(all).length]).toEqual([2, 1]);
});

it('begins anew for another object', () => {
  const report = { ...newDefinition('customer'), by: [{ field: 'level' }], chart: 'table' as const };
  expect(ofObject(report, 'contract')).toEqual({
    object: 'contract',
    by: [],
    measures: [{ fn: 'count' }],
    chart: 'table',
    pinned: true,
  });
});
