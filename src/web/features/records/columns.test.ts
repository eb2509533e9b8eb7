import { describe, expect, it } from 'vitest';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { sheetColumns, viewColumns } from './columns.ts';
import { moveColumn } from './move-column.ts';

const field = (name: string, position: number, more: Partial<FieldDef> = {}): FieldDef => ({
  id: position,
  object: 'customer',
  name,
  label: { zh: name, en: name },
  type: 'text',
  position,
  ...more,
});

const customer: ObjectDef = {
  id: 1,
  name: 'customer',
  label: { zh: '客户', en: 'Customer' },
  plural: { zh: '客户', en: 'Customers' },
  title: 'name',
  position: 1,
  fields: [
    field('number', 1, { type: 'autonumber', readonly: true }),
    field('name', 2),
    field('amount', 3, { type: 'money' }),
    field('gone', 4, { retired: true }),
  ],
};

const words = (label: { zh: string }) => label.zh;

describe('columns of a table', () => {
  it('without a view: every live field, the title first and frozen', () => {
    expect(viewColumns(customer, [])).toEqual([
      { field: 'name', pinned: true },
      { field: 'number' },
      { field: 'amount' },
    ]);
  });

  it('with a view: its order; fields it does not know wait hidden, fields that are gone drop out', () => {
    const columns = viewColumns(customer, [{ field: 'amount' }, { field: 'gone' }, { field: 'name' }]);
    expect(columns).toEqual([{ field: 'amount' }, { field: 'name' }, { field: 'number', hidden: true }]);
    expect(sheetColumns(customer, columns, [], words).map((column) => column.key)).toEqual(['amount', 'name']);
  });

  it('frozen ones come first, numbers stand right, what the engine fills is locked, sorting shows', () => {
    const columns = sheetColumns(
      customer,
      [{ field: 'amount' }, { field: 'number', pinned: true }],
      [{ field: 'amount', dir: 'desc' }],
      words,
    );
    expect(columns).toMatchObject([
      { key: 'number', frozen: true, readonly: true },
      { key: 'amount', frozen: false, align: 'end', sort: 'desc' },
    ]);
  });
});

describe('moving a column', () => {
  const columns = [{ field: 'a', pinned: true }, { field: 'b' }, { field: 'c' }];

  it('puts it before another or last', () => {
    expect(moveColumn(columns, 'c', 'b').map((column) => column.field)).toEqual(['a', 'c', 'b']);
    expect(moveColumn(columns, 'b', null).map((column) => column.field)).toEqual(['a', 'c', 'b']);
  });

  it('freezes it among frozen ones and lets it go behind them', () => {
    expect(moveColumn(columns, 'c', 'a')[0]).toEqual({ field: 'c', pinned: true });
    expect(moveColumn(columns, 'a', 'c')[1]).toEqual({ field: 'a', pinned: false });
  });
});
