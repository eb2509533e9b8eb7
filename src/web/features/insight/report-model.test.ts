import { describe, expect, it } from 'vitest';
import { fieldDef, objectDef } from '../../../../test/support/objects.ts';
import {
  askable,
  bucketDays,
  csvOf,
  type Definition,
  drillOf,
  type Figures,
  figureText,
  findAsked,
  keyText,
  pivotOf,
} from './report-model.ts';

const customer = objectDef('customer', [
  fieldDef('name', 'text'),
  fieldDef('industry', 'tree', { tree: 'gbt4754' }),
  fieldDef('level', 'select'),
]);
const order = objectDef('order', [
  fieldDef('customer', 'relation', { target: 'customer' }),
  fieldDef('amount', 'money'),
  fieldDef('on', 'date'),
  fieldDef('gone', 'number', { retired: true }),
]);
const all = askable(order, [customer, order]);
const env = { lang: 'zh' as const, timeZone: 'UTC', title: (id: string) => `T${id}`, node: () => '制造业 / 汽车' };
const words = {
  empty: '（空）',
  week: (day: string) => `${day} 起`,
  quarter: (year: string, n: number) => `${year}Q${n}`,
};

describe('a report', () => {
  it('can ask by its own fields, those of what it belongs to, and what the system knows', () => {
    expect(all.map(({ path }) => path)).toEqual([
      'customer',
      'amount',
      'on',
      '$created_at',
      '$updated_at',
      '$due_at',
      '$freshness',
      'customer.industry',
      'customer.level',
    ]);
    expect(findAsked(all, 'customer.industry')?.label.zh).toBe('customer的industry');
  });

  it('names groups and figures as people do', () => {
    const text = (value: string | null, bucket?: 'month' | 'quarter' | 'week' | 'year') =>
      keyText(value, { field: 'on', ...(bucket && { bucket }) }, findAsked(all, 'on'), env, {}, words);
    expect(text('2026-04-01', 'month')).toBe('2026-04');
    expect(text('2026-04-01', 'quarter')).toBe('2026Q2');
    expect(text('2026-04-06', 'week')).toBe('2026-04-06 起');
    expect(text('2026-01-01', 'year')).toBe('2026');
    expect(text(null, 'month')).toBe('（空）');
    expect(keyText('C36', { field: 'customer.industry' }, findAsked(all, 'customer.industry'), env, {}, words)).toBe(
      '汽车',
    );
    expect(keyText('7', { field: 'customer' }, findAsked(all, 'customer'), env, { 7: '华信' }, words)).toBe('华信');
    expect(figureText('1234567.50', { fn: 'sum', field: 'amount' }, findAsked(all, 'amount'))).toBe('¥1,234,567.5');
    expect(figureText(0.8234, { fn: 'average', field: '$freshness' }, undefined)).toBe('82.3%');
    expect(figureText(null, { fn: 'sum', field: 'amount' }, undefined)).toBe('–');
  });

  it('of two dimensions is a table with totals', () => {
    const figures: Figures = {
      rows: [
        { keys: ['a', '2026-02-01'], values: [3] },
        { keys: ['b', '2026-01-01'], values: [5] },
        { keys: ['a', '2026-01-01'], values: [1] },
      ],
      totals: [
        { over: [1], keys: ['a', null], values: [4] },
        { over: [1], keys: ['b', null], values: [5] },
        { over: [0], keys: [null, '2026-01-01'], values: [6] },
        { over: [0], keys: [null, '2026-02-01'], values: [3] },
        { over: [0, 1], keys: [null, null], values: [9] },
      ],
      more: false,
      titles: {},
    };
    expect(pivotOf(figures, 0, true)).toEqual({
      columns: ['2026-01-01', '2026-02-01'],
      rows: [
        { key: 'a', cells: [1, 3], total: 4 },
        { key: 'b', cells: [5, null], total: 5 },
      ],
      totals: [6, 3],
      all: 9,
    });
  });

  it('leads to the records behind a figure', () => {
    const definition: Definition = {
      object: 'order',
      filter: { field: 'amount', op: 'gt', value: 10 },
      by: [
        { field: 'on', bucket: 'quarter' },
        { field: 'customer.industry', level: 1 },
      ],
      measures: [{ fn: 'count' }],
      chart: 'table',
    };
    expect(drillOf(definition, ['2026-10-01', 'C'], all)).toEqual({
      all: [
        { field: 'amount', op: 'gt', value: 10 },
        { field: 'on', op: 'gte', value: '2026-10-01' },
        { field: 'on', op: 'lt', value: '2027-01-01' },
        { field: 'customer.industry', op: 'under', value: 'C' },
      ],
    });
    expect(drillOf({ ...definition, filter: undefined }, [null], all)).toEqual({ field: 'on', op: 'empty' });
    expect(bucketDays('2026-12-28', 'week')).toEqual(['2026-12-28', '2027-01-04']);
  });

  it('goes into a spreadsheet without becoming a formula', () => {
    expect(
      csvOf(
        ['组', '数'],
        [
          ['=1+1', 2],
          ['a,"b"', '-3.5'],
          ['c', null],
        ],
      ),
    ).toBe('\uFEFF组,数\r\n\'=1+1,2\r\n"a,""b""",-3.5\r\nc,\r\n');
  });
});
