import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTsv, spread, toTsv } from './tsv.ts';

describe('the clipboard text of a range', () => {
  it('reads what Excel writes for a cell of several lines', () => {
    expect(fromTsv('华信\t"第一行\n第二行 ""引"""\r\n中科\t3\r\n')).toEqual([
      ['华信', '第一行\n第二行 "引"'],
      ['中科', '3'],
    ]);
  });

  it('leaves a quote that does not enclose a cell as it is', () => {
    expect(fromTsv('5" 屏\t"a"b\n"未闭合')).toEqual([['5" 屏', '"a"b'], ['"未闭合']]);
  });

  it('keeps empty cells and empty rows in the middle', () => {
    expect(fromTsv('a\t\n\nb')).toEqual([['a', ''], [''], ['b']]);
  });

  it('gives back what was written', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '客', '"', '\t', '\n', ' ', ',') });
    const row = fc.array(cell, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        // One empty row at the end can't be told from a final line end.
        const last = rows.at(-1) ?? [];
        fc.pre(!(rows.length > 1 && last.length === 1 && last[0] === ''));
        expect(fromTsv(toTsv(rows))).toEqual(rows);
      }),
    );
  });
});

describe('spreading over a selection', () => {
  it('fills a selection with one cell', () => {
    expect(spread([['x']], 2, 3)).toEqual([
      ['x', 'x', 'x'],
      ['x', 'x', 'x'],
    ]);
  });

  it('repeats a block in a whole multiple and lays it once otherwise', () => {
    const block = [
      [1, 2],
      [3, 4],
    ];
    expect(spread(block, 4, 2)).toEqual([...block, ...block]);
    expect(spread(block, 3, 3)).toEqual(block);
    expect(spread(block, 1, 1)).toEqual(block);
  });
});
