import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDef } from '../schema/types.ts';
import { findColumns, isKeyHeader, KEY_HEADER, sheetColumns, VERIFIED_HEADER } from './columns.ts';
import { mergeCell } from './merge.ts';
import { isLossy, isSpoilt, isUnescaped } from './spoilt.ts';
import { isWritten, rawCell, writtenCell } from './written-cell.ts';

const ENV = { now: new Date('2026-11-22T00:00:00Z'), timeZone: 'Asia/Shanghai', trees: {} };
const field = (type: FieldDef['type'], more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object: 'customer',
  name: 'f',
  label: { zh: '字段', en: 'Field' },
  type,
  position: 0,
  ...more,
});

describe('three-way merge', () => {
  // Cells of a table: what was exported, edits made here and edits made in the file, at random places with random values.
  const table = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 });
  const edits = fc.array(fc.tuple(fc.nat(59), fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constant(null))), {
    maxLength: 60,
  });

  it('finds exactly the edits of the file, and as conflicts exactly the overlap', () => {
    fc.assert(
      fc.property(table, edits, edits, (base, ours, theirs) => {
        const now: (number | null)[] = [...base];
        const file: (number | null)[] = [...base];
        for (const [at, value] of ours) if (at < base.length) now[at] = value;
        for (const [at, value] of theirs) if (at < base.length) file[at] = value;
        for (const [at, was] of base.entries()) {
          const here = now[at] ?? null;
          const there = file[at] ?? null;
          const verdict = mergeCell(was, here, there);
          const [changedHere, changedThere] = [here !== was, there !== was];
          if (!changedThere) expect(verdict).toBe('untouched');
          else if (!changedHere) expect(verdict).toBe('change');
          else expect(verdict).toBe(here === there ? 'agreed' : 'conflict');
        }
      }),
    );
  });

  it('compares sets without their order', () => {
    expect(mergeCell(['a', 'b'], ['a', 'b'], ['b', 'a'])).toBe('untouched');
    expect(mergeCell(['a'], ['a', 'b'], ['b', 'a'])).toBe('agreed');
    expect(mergeCell(null, null, null)).toBe('untouched');
  });
});

describe('a cell as it is written', () => {
  const written = (value: Parameters<typeof writtenCell>[0], def: FieldDef) =>
    writtenCell(value, def, 'zh', ENV, () => undefined);

  it('is recognised, whatever the value', () => {
    const value = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('=1+1', '007', '1E5'));
    fc.assert(
      fc.property(value, (text) => {
        expect(isWritten(written(text, field('text')), text)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), (number) => {
        const rounded = Number(number.toFixed(6)) + 0;
        const cell = written(rounded, field('number'));
        expect(isWritten(cell, cell)).toBe(true);
        expect(Number(cell)).toBe(rounded);
      }),
    );
  });

  it('keeps every digit: what a spreadsheet can’t hold is text', () => {
    expect(written('123456789012345.67', field('money'))).toBe('123456789012345.67');
    expect(written('1234567890123.45', field('money'))).toBe(1234567890123.45);
    expect(written('0.1', field('money'))).toBe(0.1);
    expect(written('13800138000', field('phone'))).toBe('13800138000');
  });

  it('holds percents as hundredths and gets the points back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (n) => {
        const points = n / 10_000;
        const cell = written(points, field('percent'));
        expect(typeof cell).toBe('number');
        expect(rawCell(cell, field('percent'))).toBe(points);
      }),
    );
    expect(written(33.333333, field('percent'))).toBe('33.333333%');
  });

  it('writes moments as the workspace’s wall clock, with the fraction that is there', () => {
    expect(written('2024-03-05T16:30:15.000Z', field('datetime'))).toBe('2024-03-06 00:30:15');
    expect(written('2024-03-05T16:30:15.250Z', field('datetime'))).toBe('2024-03-06 00:30:15.250');
  });

  it('tells an emptied cell from an empty one', () => {
    expect(isWritten('', '')).toBe(true);
    expect(isWritten('a', '')).toBe(false);
    expect(isWritten('', 'a')).toBe(false);
    expect(isWritten('a\r\nb', 'a\nb')).toBe(true);
  });
});

describe('what programs do by themselves', () => {
  it.each([
    ['007', 7, true],
    ['007', '7', true],
    ['007', 8, false],
    ['13800138000', '1.38E+10', true],
    ['13900138000', '1.38E+10', false],
    ['12345678901234567890', 12345678901234500000, true],
    ['12345678901234567890', '1.23457E+19', true],
    ['110101199003071234', 110101199003071000, true],
    ['abc', 7, false],
    ['7', '8', false],
  ] as const)('%s became %s: %s', (text, cell, spoilt) => {
    expect(isSpoilt(text, cell)).toBe(spoilt);
  });

  it.each([
    ['𠮷野家', '??野家', true],
    ['𠮷野家', '?野家', true],
    ['好😀', '好??', true],
    ['真的?𠮷', '真的???', true],
    ['吉野家', '?野家?', false],
    ['abc', '???', false],
    ['要不要', '要不要?', false],
    ['张三', '李?', false],
  ])('%s became %s: %s', (text, cell, lossy) => {
    expect(isLossy(text, cell)).toBe(lossy);
  });

  it('_x000D_ is text to us and an escape to others', () => {
    expect(isUnescaped('a_x000D_b', 'a\nb')).toBe(true);
    expect(isUnescaped('a_x000D_b', 'a\nc')).toBe(false);
    expect(isUnescaped('ab', 'a\nb')).toBe(false);
  });
});

describe('columns of a sheet', () => {
  const twice = [
    field('text', { name: 'a' }),
    field('text', { name: 'b' }),
    field('text', { name: 'c', label: VERIFIED_HEADER }),
  ];
  const columns = sheetColumns(
    twice.map((def) => ({ def, mode: 'edit' as const, most: 'edit' as const })),
    'zh',
  );

  it('have headers that differ, from ours too', () => {
    expect(columns.map(({ header }) => header)).toEqual(['字段', '字段 2', '本行已核实 2']);
  });

  it('are found in any order, with some missing and some added', () => {
    const header = ['本行已核实', '字段 2', '自己加的列', KEY_HEADER.zh, '字段'];
    expect(isKeyHeader(header[3] ?? '')).toBe(true);
    const found = findColumns(header, columns, 3);
    expect([...found.fields]).toEqual([
      ['b', 1],
      ['a', 4],
    ]);
    expect(found.verified).toBe(0);
    expect(found.unknown).toEqual(['自己加的列']);
  });
});
