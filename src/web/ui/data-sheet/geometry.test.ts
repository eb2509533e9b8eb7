import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampTop,
  columnAt,
  fromBar,
  GUTTER,
  isScaled,
  layoutColumns,
  revealRow,
  scrollSpace,
  toBar,
  visibleColumns,
} from './geometry.ts';
import type { SheetColumn } from './types.ts';

const column = (key: string, width: number, frozen = false): SheetColumn => ({
  key,
  title: key,
  width,
  frozen,
  editor: 'text',
});

describe('columns', () => {
  const layout = layoutColumns([column('a', 200, true), column('b', 100), column('c', 100), column('d', 100)]);

  it('freezes leading columns only', () => {
    expect(layout.frozen).toBe(1);
    expect(layout.frozenWidth).toBe(GUTTER + 200);
    expect(layoutColumns([column('a', 50), column('b', 50, true)]).frozen).toBe(0);
  });

  it('shows the columns between the frozen part and the right edge', () => {
    expect(visibleColumns(layout, 0, GUTTER + 200 + 150)).toEqual([1, 3]);
    expect(visibleColumns(layout, 100, GUTTER + 200 + 150)).toEqual([2, 4]);
  });

  it('finds the column under the pointer, frozen ones regardless of scrolling', () => {
    expect(columnAt(layout, GUTTER + 10, 150)).toBe(0);
    expect(columnAt(layout, GUTTER + 210, 150)).toBe(2);
    expect(columnAt(layout, 10, 0)).toBe(-1);
    expect(columnAt(layout, 5000, 0)).toBeNull();
  });
});

describe('a space larger than an element can be', () => {
  it('maps the last row of a million to the end of the bar', () => {
    const space = scrollSpace(1_000_000, 34, 800);
    expect(isScaled(space)).toBe(true);
    expect(toBar(space, 34_000_000 - 800)).toBeCloseTo(space.physical - 800);
    expect(fromBar(space, space.physical - 800)).toBeCloseTo(34_000_000 - 800);
  });

  it('goes there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, part) => {
        const space = scrollSpace(rows, 34, 700);
        const top = clampTop(space, part * space.total);
        expect(Math.abs(fromBar(space, toBar(space, top)) - top)).toBeLessThan(0.01);
      }),
    );
  });

  it('reveals a row by the least move', () => {
    const space = scrollSpace(1000, 10, 100);
    expect(revealRow(space, 50, 7, 10)).toBe(50);
    expect(revealRow(space, 50, 2, 10)).toBe(20);
    expect(revealRow(space, 50, 20, 10)).toBe(110);
  });
});
