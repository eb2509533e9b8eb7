import { describe, expect, it } from 'vitest';
import { moved, moveOfKey, rangeOf, type Selection, single, walked } from './selection.ts';

const bounds = { rows: 100, cols: 5 };
const at = (row: number, col: number) => single({ row, col });

describe('moving', () => {
  it('stops at the edges', () => {
    expect(moved(at(0, 0), 'up', bounds, 10, false).active).toEqual({ row: 0, col: 0 });
    expect(moved(at(95, 0), 'page-down', bounds, 10, false).active).toEqual({ row: 99, col: 0 });
  });

  it('extends from where it began and comes back', () => {
    const wide = moved(moved(at(3, 1), 'down', bounds, 10, true), 'right', bounds, 10, true);
    expect(rangeOf(wide)).toEqual({ top: 3, left: 1, bottom: 4, right: 2 });
    expect(wide.active).toEqual({ row: 3, col: 1 });
    expect(rangeOf(moved(wide, 'row-start', bounds, 10, true))).toEqual({ top: 3, left: 0, bottom: 4, right: 1 });
  });

  it('goes to the corners with Ctrl', () => {
    expect(moveOfKey('Home', true)).toBe('first');
    expect(moveOfKey('ArrowDown', true)).toBe('bottom');
    expect(moveOfKey('x', false)).toBeNull();
  });
});

describe('Tab and Enter', () => {
  it('go on in the next row at the end of a row', () => {
    expect(walked(at(2, 4), 'tab', false, bounds).active).toEqual({ row: 3, col: 0 });
    expect(walked(at(2, 0), 'tab', true, bounds).active).toEqual({ row: 1, col: 4 });
    expect(walked(at(99, 4), 'tab', false, bounds).active).toEqual({ row: 99, col: 4 });
  });

  it('walk a selected range round and keep it selected', () => {
    let selection: Selection = { active: { row: 1, col: 1 }, anchor: { row: 1, col: 1 }, focus: { row: 2, col: 2 } };
    const seen: string[] = [];
    for (let n = 0; n < 4; n++) {
      seen.push(`${selection.active.row},${selection.active.col}`);
      selection = walked(selection, 'enter', false, bounds);
    }
    expect(seen).toEqual(['1,1', '2,1', '1,2', '2,2']);
    expect(selection.active).toEqual({ row: 1, col: 1 });
    expect(rangeOf(selection)).toEqual({ top: 1, left: 1, bottom: 2, right: 2 });
  });
});
