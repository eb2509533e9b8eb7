import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../domain/filter/types.ts';
import { addressOf, isChanged, shapeOf, type TableShape, type ViewDefinition } from './view-state.ts';

const mine: Filter = { field: 'owner', op: 'in', value: ['u1'] };
const view: ViewDefinition = { columns: [], filter: mine, sort: [{ field: 'name', dir: 'asc' }], groupBy: 'tier' };

describe('a view and the address', () => {
  it('an address without changes shows the view', () => {
    expect(shapeOf(view, {})).toEqual({ filter: mine, sort: [{ field: 'name', dir: 'asc' }], groupBy: 'tier' });
    expect(isChanged(addressOf(view, shapeOf(view, {})))).toBe(false);
  });

  it.each<TableShape>([
    { filter: undefined, sort: [], groupBy: undefined, board: undefined },
    { filter: undefined, sort: [], groupBy: undefined, board: { by: 'stage' } },
    {
      filter: { any: [mine, { field: 'tier', op: 'empty' }] },
      sort: [{ field: 'amount', dir: 'desc' }],
      groupBy: 'owner',
      board: { by: 'stage', sum: 'amount' },
    },
    {
      filter: mine,
      sort: [
        { field: 'a', dir: 'asc' },
        { field: 'b', dir: 'desc' },
      ],
      groupBy: 'tier',
      board: undefined,
    },
  ])('goes into the address and comes back: %o', (shape) => {
    for (const on of [view, { ...view, board: { by: 'level', sum: 'amount' } }, undefined])
      expect(shapeOf(on, addressOf(on, shape))).toEqual(shape);
  });

  it('a damaged address shows everything', () => {
    expect(shapeOf(undefined, { filter: '{"all":[', sort: 'name:sideways' })).toEqual({
      filter: undefined,
      sort: [],
      groupBy: undefined,
    });
  });
});
