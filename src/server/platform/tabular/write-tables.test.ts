import { createWriteStream, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise, restore } from '../../../domain/text/csv.ts';
import { openTable } from './open-table.ts';
import { readTable, testFile } from './testing/files.ts';
import { HEADER, sampleRows } from './testing/sample-rows.ts';
import { writeCsv } from './write-csv.ts';
import { type WriteCell, type WriteColumn, writeXlsx } from './write-xlsx.ts';

const text = (header: string): WriteColumn => ({ header, kind: 'text' });

async function xlsx(columns: WriteColumn[], rows: WriteCell[][]) {
  const path = testFile('', 'w.xlsx');
  const result = await writeXlsx(createWriteStream(path), columns, [rows]);
  return { bytes: readFileSync(path), result };
}

async function csv(header: string[], rows: WriteCell[][]) {
  const path = testFile('', 'w.csv');
  await writeCsv(createWriteStream(path), header, [rows]);
  return readFileSync(path);
}

/** Text as it survives cleaning: what a person can type and see. */
const visible = fc
  .string({ unit: fc.constantFrom(...'客户张三aB0,;"\'=+-@\n|&<>_x 9。'), maxLength: 12 })
  .map((s) => s.trim());

describe('written and read again', () => {
  it('the same table, from xlsx and csv', async () => {
    const rows = sampleRows(1500);
    const { bytes } = await xlsx(HEADER.map(text), rows);
    expect((await readTable(bytes, 'w.xlsx')).rows).toEqual(rows);
    expect((await readTable(await csv(HEADER, rows), 'w.csv')).rows).toEqual(rows);
  });

  it('any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(visible, visible, visible), { minLength: 1, maxLength: 8 }), async (cells) => {
        // A first cell makes no row blank, a total or a repeated header.
        const rows = cells.map((row, i) => [`客户${i}号`, ...row]);
        const names = ['名称', '列甲', '列乙', '列丙'];
        const { bytes } = await xlsx(names.map(text), rows);
        const fromXlsx = await readTable(bytes, 'w.xlsx', { header: 1 });
        expect(fromXlsx.rows).toEqual(rows);
        const fromCsv = await readTable(await csv(names, rows), 'w.csv', { header: 1, delimiter: ',' });
        expect(fromCsv.rows).toEqual(rows);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('numbers, dates, booleans by column', async () => {
    const columns: WriteColumn[] = [
      text('名称'),
      { header: '金额', kind: 'number' },
      { header: '日期', kind: 'date' },
      { header: '时间', kind: 'datetime' },
      { header: '是否', kind: 'boolean' },
      text('电话'),
    ];
    const { bytes } = await xlsx(columns, [
      ['甲', 12.5, '2024-01-31', '2024-01-31T08:30:00.000Z', true, '013800138000'],
      ['乙', '1000.00', new Date(Date.UTC(2024, 1, 29)), null, false, 13_800_138_000],
    ]);
    const { cells } = await readTable(bytes, 'w.xlsx');
    expect(cells[0]).toEqual([
      '甲',
      12.5,
      { kind: 'date', text: '2024-01-31', serial: 45_322 },
      { kind: 'date', text: '2024-01-31 08:30:00', serial: expect.closeTo(45_322.354, 2) },
      true,
      '013800138000',
    ]);
    expect(cells[1]).toEqual([
      '乙',
      1000,
      { kind: 'date', text: '2024-02-29', serial: 45_351 },
      '',
      false,
      '13800138000',
    ]);
  });

  it('formulas never: text in xlsx, an apostrophe in csv that comes off again', async () => {
    const evil = ['=1+1', "+cmd|' /C calc'!A0", '@SUM(1)', '-2+3', '\tx', '=1+1'];
    const rows = evil.map((cell) => ['甲', cell]);
    const { bytes } = await xlsx([text('名称'), text('备注')], rows);
    expect(bytes.includes('<f>')).toBe(false);
    const lines = (await csv(['名称', '备注'], rows)).toString('utf8');
    for (const cell of evil) expect(lines).not.toMatch(new RegExp(`,"?${cell.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    expect((await readTable(lines, 'w.csv')).rows.map((row) => row[1])).toEqual(evil.map((cell) => cell.trim()));
  });

  it('neutralising is undone exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."=+-@'1a \t|%"), maxLength: 5 }), (cell) => {
        expect(restore(neutralise(cell))).toBe(cell);
        expect(neutralise(cell)).not.toMatch(/^[=@\t\r]/);
      }),
    );
    expect(['-5', '+86 13800138000', '-1,234.5', '50%'].map(neutralise)).toEqual([
      '-5',
      '+86 13800138000',
      '-1,234.5',
      '50%',
    ]);
  });

  it('cuts what a cell cannot hold and says how often', async () => {
    const { bytes, result } = await xlsx([text('名称'), text('备注')], [['甲', '长'.repeat(40_000)]]);
    expect(result).toEqual({ rows: 1, truncated: 1 });
    expect((await readTable(bytes, 'w.xlsx')).rows[0]?.[1]).toHaveLength(32_767);
  });

  it('no rows at all', async () => {
    const { bytes } = await xlsx([text('名称'), text('备注')], []);
    const reader = await openTable({ path: testFile(bytes, 'w.xlsx'), name: 'w.xlsx' });
    expect(reader.header).toEqual(['名称', '备注']);
    await reader.close();
  });

  it('a stream that fails ends the writing with its error', async () => {
    const out = createWriteStream('/nowhere/at/all.xlsx');
    await expect(writeXlsx(out, [text('名称')], [[['甲']]])).rejects.toThrow(/ENOENT/);
  });
});
