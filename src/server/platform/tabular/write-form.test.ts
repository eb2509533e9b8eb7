import { createWriteStream, readFileSync } from 'node:fs';
import * as xlsx from '@e965/xlsx';
import { expect, it } from 'vitest';
import { readTable, testFile } from './testing/files.ts';
import { type FormBook, writeForm } from './write-form.ts';

const BOOK: FormBook = {
  sheet: '客户/A*',
  columns: [
    { header: '标识', kind: 'key' },
    { header: '名称', kind: 'text' },
    { header: '等级', kind: 'text', choices: { values: ['A "重点"', 'B & C'], strict: true } },
    { header: '标签', kind: 'text', choices: { values: ['x'], strict: false } },
    { header: '金额', kind: 'money' },
    { header: '比例', kind: 'percent' },
    { header: '日期', kind: 'date' },
    { header: '时间', kind: 'datetime' },
    { header: '编号', kind: 'text', fixed: '由"系统"维护' },
  ],
  frozen: 2,
  notes: { sheet: '说明', title: '怎样用', lines: ['一', '<二>'] },
  choicesSheet: '选项',
  choiceError: '请从列表中选择。',
};

async function* batches(rows: (string | number)[][]) {
  yield rows;
}

async function write(rows: (string | number)[][]): Promise<Buffer> {
  const path = testFile('', 'form.xlsx');
  expect(await writeForm(createWriteStream(path), BOOK, batches(rows))).toEqual({ rows: rows.length });
  return readFileSync(path);
}

it('holds every value as it is: nothing runs, codes stay text, numbers and dates are such', async () => {
  const rows = [
    ['XK1.a', '=HYPERLINK("http://x")', 'A "重点"', '+1', 1234.5, 0.125, '2024-02-29', '2024-02-29 08:30:15', '007'],
    ['XK1.b', '-2+3|cmd', '', '', '123456789012345.67', '33.333333%', '1899-01-01', '2024-01-01 00:00:00.250', '@x'],
  ];
  const { cells } = await readTable(new Uint8Array(await write(rows)), 'form.xlsx');
  expect(cells.map((row) => row.map((cell) => (typeof cell === 'object' ? cell.text : cell)))).toEqual(rows);
  const book = xlsx.read(await write(rows), { cellFormula: true });
  expect(book.SheetNames).toEqual(['客户 A ', '说明', '选项']);
  const formulas = Object.values(book.Sheets['客户 A '] ?? {}).filter(
    (cell) => (cell as { f?: string })?.f !== undefined,
  );
  expect(formulas).toEqual([]);
});

it('offers choices, keeps the key out of sight and lets rows be sorted, added and filtered though protected', async () => {
  const book = xlsx.read(await write([['XK1.a', '一']]), { bookFiles: true }) as unknown as {
    files: Record<string, { content: Uint8Array }>;
  };
  const part = (name: string) => Buffer.from(book.files[name]?.content ?? []).toString('utf8');
  const sheet = part('xl/worksheets/sheet1.xml');
  expect(sheet).toContain('<col min="1" max="1" width="12" style="3" customWidth="1" hidden="1"/>');
  expect(sheet).toMatch(/<sheetProtection [^>]*insertRows="0" deleteRows="0" [^>]*sort="0" autoFilter="0"\/>/);
  expect(sheet).toContain('<protectedRange sqref="A2:I1048576" name="Range1"/>');
  expect(sheet).toMatch(
    /type="list" allowBlank="1" showErrorMessage="1"[^>]* sqref="C2:C1048576"><formula1>'选项'!\$A\$1:\$A\$2</,
  );
  expect(sheet).toMatch(/type="list" allowBlank="1" sqref="D2:D1048576"><formula1>'选项'!\$B\$1:\$B\$1</);
  expect(sheet).toMatch(/type="custom" [^>]*error="由&quot;系统&quot;维护" sqref="I2:I1048576"><formula1>FALSE</);
  expect(part('xl/workbook.xml')).toContain('state="hidden"');
  // Unlocked but for the key, the header and the notes.
  expect(part('xl/styles.xml').match(/locked="0"/g)?.length).toBe(10);
});
