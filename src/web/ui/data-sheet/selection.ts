import type { Range, Spot } from './types.ts';

/** The range lies between anchor and focus (Shift moves the focus); typing goes to the active cell, which Tab and Enter walk inside the range. */
export interface Selection {
  active: Spot;
  anchor: Spot;
  focus: Spot;
}

export interface Bounds {
  rows: number;
  cols: number;
}

export const single = (spot: Spot): Selection => ({ active: spot, anchor: spot, focus: spot });

export function rangeOf(selection: Selection): Range {
  return {
    top: Math.min(selection.anchor.row, selection.focus.row),
    left: Math.min(selection.anchor.col, selection.focus.col),
    bottom: Math.max(selection.anchor.row, selection.focus.row),
    right: Math.max(selection.anchor.col, selection.focus.col),
  };
}

export const inRange = (range: Range, row: number, col: number): boolean =>
  row >= range.top && row <= range.bottom && col >= range.left && col <= range.right;

const clamp = (value: number, last: number): number => Math.max(0, Math.min(value, last));

export const clampSpot = (spot: Spot, bounds: Bounds): Spot => ({
  row: clamp(spot.row, bounds.rows - 1),
  col: clamp(spot.col, bounds.cols - 1),
});

export type Move =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'row-start'
  | 'row-end'
  | 'first'
  | 'last'
  | 'top'
  | 'bottom';

/** Where a move from a cell leads. `page` is the number of rows that fit the view. */
export function step(spot: Spot, move: Move, bounds: Bounds, page: number): Spot {
  const to: Record<Move, Spot> = {
    up: { row: spot.row - 1, col: spot.col },
    down: { row: spot.row + 1, col: spot.col },
    left: { row: spot.row, col: spot.col - 1 },
    right: { row: spot.row, col: spot.col + 1 },
    'page-up': { row: spot.row - page, col: spot.col },
    'page-down': { row: spot.row + page, col: spot.col },
    'row-start': { row: spot.row, col: 0 },
    'row-end': { row: spot.row, col: bounds.cols - 1 },
    top: { row: 0, col: spot.col },
    bottom: { row: bounds.rows - 1, col: spot.col },
    first: { row: 0, col: 0 },
    last: { row: bounds.rows - 1, col: bounds.cols - 1 },
  };
  return clampSpot(to[move], bounds);
}

/** Moves the selection; `extend` keeps the anchor. */
export function moved(selection: Selection, move: Move, bounds: Bounds, page: number, extend: boolean): Selection {
  if (extend) return { ...selection, focus: step(selection.focus, move, bounds, page) };
  return single(step(selection.active, move, bounds, page));
}

/**
 * Tab and Enter: within a selected range they walk its cells and stay inside; with a single cell they step, Tab going on in the next row.
 */
export function walked(selection: Selection, by: 'tab' | 'enter', back: boolean, bounds: Bounds): Selection {
  const range = rangeOf(selection);
  const many = range.top !== range.bottom || range.left !== range.right;
  const frame: Range = many ? range : { top: 0, left: 0, bottom: bounds.rows - 1, right: bounds.cols - 1 };
  const { row, col } = selection.active;
  const delta = back ? -1 : 1;
  let next: Spot;
  if (by === 'tab') {
    next = { row, col: col + delta };
    if (next.col > frame.right) next = { row: row + 1, col: frame.left };
    if (next.col < frame.left) next = { row: row - 1, col: frame.right };
    if (many && next.row > frame.bottom) next.row = frame.top;
    if (many && next.row < frame.top) next.row = frame.bottom;
  } else {
    next = { row: row + delta, col };
    if (many && next.row > frame.bottom) next = { row: frame.top, col: col + 1 > frame.right ? frame.left : col + 1 };
    if (many && next.row < frame.top) next = { row: frame.bottom, col: col - 1 < frame.left ? frame.right : col - 1 };
  }
  if (!many) {
    const beyond = next.row < 0 || next.row >= bounds.rows;
    return single(beyond ? selection.active : clampSpot(next, bounds));
  }
  return { ...selection, active: next };
}

/** Moves that a key asks for, by Excel's keys; null for keys that move nothing. */
export function moveOfKey(key: string, ctrl: boolean): Move | null {
  switch (key) {
    case 'ArrowUp':
      return ctrl ? 'top' : 'up';
    case 'ArrowDown':
      return ctrl ? 'bottom' : 'down';
    case 'ArrowLeft':
      return ctrl ? 'row-start' : 'left';
    case 'ArrowRight':
      return ctrl ? 'row-end' : 'right';
    case 'Home':
      return ctrl ? 'first' : 'row-start';
    case 'End':
      return ctrl ? 'last' : 'row-end';
    case 'PageUp':
      return 'page-up';
    case 'PageDown':
      return 'page-down';
    default:
      return null;
  }
}
