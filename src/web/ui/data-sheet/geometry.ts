import type { SheetColumn } from './types.ts';

/** Column with row numbers and check boxes. */
export const GUTTER = 56;
export const HEADER = 38;

export interface ColumnLayout {
  /** Left edge of each column, gutter included; frozen ones first. */
  lefts: number[];
  widths: number[];
  frozen: number;
  /** Right edge of the frozen part. */
  frozenWidth: number;
  width: number;
}

export function layoutColumns(columns: readonly SheetColumn[]): ColumnLayout {
  let x = GUTTER;
  let frozen = 0;
  let frozenWidth = GUTTER;
  const lefts: number[] = [];
  const widths: number[] = [];
  columns.forEach((column, index) => {
    lefts.push(x);
    widths.push(column.width);
    x += column.width;
    if (column.frozen && frozen === index) {
      frozen = index + 1;
      frozenWidth = x;
    }
  });
  return { lefts, widths, frozen, frozenWidth, width: x };
}

/** Unfrozen columns that show between the frozen part and the right edge: [from, to). */
export function visibleColumns(layout: ColumnLayout, scrollLeft: number, viewWidth: number): [number, number] {
  const from = scrollLeft + layout.frozenWidth;
  const to = scrollLeft + viewWidth;
  let first = layout.frozen;
  while (first < layout.lefts.length && (layout.lefts[first] ?? 0) + (layout.widths[first] ?? 0) <= from) first++;
  let end = first;
  while (end < layout.lefts.length && (layout.lefts[end] ?? 0) < to) end++;
  return [first, end];
}

/** Column under x (of the view), or -1 for the gutter, or null beyond the last. */
export function columnAt(layout: ColumnLayout, x: number, scrollLeft: number): number | null {
  if (x < GUTTER) return -1;
  const own = x < layout.frozenWidth ? x : x + scrollLeft;
  for (let index = 0; index < layout.lefts.length; index++) {
    const left = layout.lefts[index] ?? 0;
    if (own >= left && own < left + (layout.widths[index] ?? 0)) return index;
  }
  return null;
}

/**
 * Browsers cap the height of an element (Chromium 33.5 M px, Firefox 17.9 M px): a million rows do not fit. The scroll bar then stands for
 * a larger space, and wheel and keys move in that space directly.
 */
export const MAX_SCROLL = 12_000_000;

export interface ScrollSpace {
  /** Height of the rows, px. */
  total: number;
  /** Height given to the scroll bar, px. */
  physical: number;
  view: number;
}

export function scrollSpace(rows: number, rowHeight: number, view: number): ScrollSpace {
  const total = rows * rowHeight;
  return { total, physical: Math.min(Math.max(total, view), MAX_SCROLL), view };
}

export const isScaled = (space: ScrollSpace): boolean => space.total > space.physical;

const furthest = (space: ScrollSpace): number => Math.max(0, space.total - space.view);

export const clampTop = (space: ScrollSpace, top: number): number => Math.max(0, Math.min(top, furthest(space)));

/** Position of the scroll bar for a position in the rows, and back. */
export function toBar(space: ScrollSpace, top: number): number {
  if (!isScaled(space)) return top;
  return (top / furthest(space)) * (space.physical - space.view);
}

export function fromBar(space: ScrollSpace, bar: number): number {
  if (!isScaled(space)) return bar;
  return clampTop(space, (bar / (space.physical - space.view)) * furthest(space));
}

/** Top that brings a row fully into view, moving as little as possible. */
export function revealRow(space: ScrollSpace, top: number, row: number, rowHeight: number): number {
  const y = row * rowHeight;
  if (y < top) return clampTop(space, y);
  if (y + rowHeight > top + space.view) return clampTop(space, y + rowHeight - space.view);
  return top;
}
