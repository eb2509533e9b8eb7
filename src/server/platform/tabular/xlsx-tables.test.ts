import { describe, expect, it } from 'vitest';
import type { TableOptions } from './open-table.ts';
import { readTable } from './testing/files.ts';
import { HEADER, sampleRows } from './testing/sample-rows.ts';
import { type BookShape, escapeXml, letter, MAIN, rawSheet, sheetXml, xlsxBytes } from './testing/xlsx-bytes.ts';
import { type ZipPart, zipBytes } from './testing/zip-bytes.ts';

const rows = sampleRows();
const table = [HEADER, ...rows];
const read = (book: BookShape, options?: TableOptions) => readTable(xlsxBytes(book), 'a.xlsx', options);
const one = (xml: string, more: Omit<BookShape, 'sheets'> = {}): BookShape => ({ sheets: [{ xml }], ...more });

function shared(texts: string[][], item = (text: string) => `<si><t>${escapeXml(text)}</t></si>`): BookShape {
  const list: string[] = [];
  const data = texts.map(
    (row, r) =>
      `<row r="${r + 1}">${row.map((text, c) => `<c r="${letter(c)}${r + 1}" t="s"><v>${list.push(text) - 1}</v></c>`).join('')}</row>`,
  );
  return one(rawSheet(data.join('')), { strings: `<sst xmlns="${MAIN}">${list.map(item).join('')}</sst>` });
}

async function expectTable(book: BookShape | Buffer, want: string[][] = rows) {
  const outcome = await readTable(Buffer.isBuffer(book) ? book : xlsxBytes(book), 'a.xlsx');
  expect(outcome.error).toBeUndefined();
  expect(outcome.labels).toEqual(HEADER);
  expect(outcome.rows).toEqual(want);
  return outcome;
}

describe('text', () => {
  it('inline and shared strings, rich text, phonetic guides left out', async () => {
    await expectTable(one(sheetXml(table)));
    await expectTable(shared(table));
    await expectTable(
      shared(
        table,
        (text) =>
          `<si><r><t xml:space="preserve">${escapeXml(text.slice(0, 2))}</t></r><r><rPr><b/></rPr><t>${escapeXml(text.slice(2))}</t></r><rPh sb="0" eb="2"><t>シンセン</t></rPh></si>`,
      ),
    );
  });

  it('entities, CDATA, comments, _x000D_ escapes', async () => {
    const data = `<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c><c r="B1" t="inlineStr"><is><t>备注</t></is></c></row>
      <row r="2"><!-- c --><c r="A2" t="inlineStr"><is><t>A&amp;B &lt;&#x6D4B;&#35797;&gt;</t></is></c><c r="B2" t="inlineStr"><is><t><![CDATA[a<b]]>_x4E2D_</t></is></c></row>`;
    expect((await read(one(rawSheet(data)))).rows).toEqual([['A&B <测试>', 'a<b中']]);
  });

  it('a namespace prefix, single quotes, no cell references', async () => {
    const cells = (row: string[]) =>
      row.map((text) => `<x:c t='inlineStr'><x:is><x:t>${escapeXml(text)}</x:t></x:is></x:c>`).join('');
    await expectTable(
      one(
        `<x:worksheet xmlns:x='${MAIN}'><x:sheetData>${table.map((row) => `<x:row>${cells(row)}</x:row>`).join('')}</x:sheetData></x:worksheet>`,
      ),
    );
  });

  it('UTF-16 parts', async () => {
    const xml = sheetXml(table).replace('encoding="UTF-8"', 'encoding="UTF-16"');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, 'utf16le')]);
    await expectTable(
      one(xml, { part: (part) => (part.name.includes('sheet1.xml') ? { ...part, data: utf16 } : part) }),
    );
  });

  it('a character cut by the edge of a piece', async () => {
    const long = sampleRows(3000, 5);
    await expectTable(one(sheetXml([HEADER, ...long])), long);
    await expectTable(shared([HEADER, ...long]), long);
  });
});

describe('numbers and dates', () => {
  const cell = (xml: string) =>
    `<row r="1"><c r="A1" t="inlineStr"><is><t>值</t></is></c><c r="B1" t="inlineStr"><is><t>备注</t></is></c></row><row r="2">${xml}<c r="B2" t="inlineStr"><is><t>x</t></is></c></row>`;
  const value = async (xml: string, more: Omit<BookShape, 'sheets'> = {}) =>
    (await read(one(rawSheet(cell(xml)), more), { header: 1 })).cells[0]?.[0];

  it('keeps numbers as numbers, with the digits that are meant', async () => {
    expect(await value('<c r="A2"><v>13800138000</v></c>')).toBe(13_800_138_000);
    expect(await value('<c r="A2"><v>1.38E+10</v></c>')).toBe(13_800_000_000);
    expect(
      (await read(one(rawSheet(cell('<c r="A2"><v>0.30000000000000004</v></c>'))), { header: 1 })).rows[0]?.[0],
    ).toBe('0.3');
  });

  it('warns about digits that Excel has lost', async () => {
    const outcome = await read(one(rawSheet(cell('<c r="A2"><v>1.1010119900101E+17</v></c>'))), { header: 1 });
    expect(outcome.rows[0]?.[0]).toBe('110101199001010000');
    expect(outcome.notices).toContain('precision-lost');
  });

  it('dates by style, in both systems; leading zeros by format', async () => {
    expect(await value('<c r="A2" s="1"><v>45292</v></c>')).toMatchObject({
      kind: 'date',
      text: '2024-01-01',
      serial: 45_292,
    });
    expect(await value('<c r="A2" s="2"><v>45292.354166666664</v></c>')).toMatchObject({ text: '2024-01-01 08:30:00' });
    expect(await value('<c r="A2" s="4"><v>0.354166666666667</v></c>')).toMatchObject({ text: '08:30:00' });
    expect(await value('<c r="A2" s="1"><v>43830</v></c>', { properties: 'date1904="1"' })).toMatchObject({
      text: '2024-01-01',
      serial: 45_292,
    });
    expect(await value('<c r="A2" s="3"><v>123</v></c>')).toBe('0000123');
    expect(await value('<c r="A2" t="d"><v>2024-01-31T00:00:00</v></c>')).toMatchObject({ text: '2024-01-31' });
  });

  it('a date out of range stays a number', async () => {
    const outcome = await read(one(rawSheet(cell('<c r="A2" s="1"><v>-5</v></c>'))), { header: 1 });
    expect(outcome.cells[0]?.[0]).toBe(-5);
    expect(outcome.notices).toContain('date-out-of-range');
  });

  it('booleans, errors, formulas with and without a stored result', async () => {
    expect(await value('<c r="A2" t="b"><v>1</v></c>')).toBe(true);
    expect(await value('<c r="A2" t="e"><v>#N/A</v></c>')).toEqual({ kind: 'error', text: '#N/A' });
    expect(await value('<c r="A2" t="str"><f>A1&amp;"x"</f><v>甲x</v></c>')).toBe('甲x');
    const outcome = await read(one(rawSheet(cell('<c r="A2"><f>SUM(1)</f></c>'))), { header: 1 });
    expect(outcome.rows[0]).toEqual(['', 'x']);
    expect(outcome.notices).toContain('formula-uncached');
  });
});

describe('sheets', () => {
  const small = sheetXml([
    ['姓名', '手机'],
    ['张三', '13800138000'],
  ]);

  it('the first visible sheet with a table; others are named', async () => {
    const outcome = await read({
      sheets: [
        { name: '说明', xml: sheetXml([['填写说明:请勿修改表头']]) },
        { name: '隐藏', state: 'hidden', xml: small },
        { name: '客户', xml: sheetXml(table) },
        { name: '二月', xml: small },
      ],
    });
    expect(outcome.rows).toEqual(rows);
    expect(outcome.notices).toEqual(expect.arrayContaining(['sheets-other', 'sheet-hidden']));
  });

  it('the one asked for, by name or position', async () => {
    const book = {
      sheets: [
        { name: '甲', xml: sheetXml(table) },
        { name: '乙', xml: small },
      ],
    };
    expect((await read(book, { sheet: '乙' })).rows).toEqual([['张三', '13800138000']]);
    expect((await read(book, { sheet: 1 })).rows).toHaveLength(1);
    expect((await read(book, { sheet: '丙' })).error).toBe('no-sheet');
  });

  it('hidden rows count and are mentioned; values merged downwards reach every row', async () => {
    const merged = rows.map((row, i) => (i % 2 === 1 ? ['', ...row.slice(1)] : row));
    const xml = sheetXml([HEADER, ...merged], {
      after: `<mergeCells>${rows.map((_, i) => (i % 2 === 0 ? `<mergeCell ref="A${i + 2}:A${i + 3}"/>` : '')).join('')}</mergeCells>`,
    });
    const outcome = await read(one(xml.replace('<row r="5">', '<row r="5" hidden="1">')));
    expect(outcome.rows).toEqual(rows.map((row, i) => (i % 2 === 1 ? [rows[i - 1]?.[0], ...row.slice(1)] : row)));
    expect(outcome.notices).toEqual(expect.arrayContaining(['rows-hidden', 'cells-merged']));
  });

  it('a header over two rows', async () => {
    const upper = ['客户名称', '联系方式', '', '客户编码', '地址', '跟进', '', '备注'];
    const lower = ['', '联系人', '手机号', '', '', '下次跟进日期', '金额', ''];
    expect((await expectTable(one(sheetXml([upper, lower, ...rows])))).headerRow).toBe(2);
    const withMerges = sheetXml([['客户资料'], upper, lower, ...rows], {
      after:
        '<mergeCells><mergeCell ref="A1:H1"/><mergeCell ref="A2:A3"/><mergeCell ref="D2:D3"/><mergeCell ref="E2:E3"/><mergeCell ref="H2:H3"/></mergeCells>',
    });
    await expectTable(one(withMerges));
  });

  it('a table that begins at C5, formats without values, a claimed million of rows', async () => {
    const shifted = sheetXml(
      table.map((row) => ['', '', ...row]),
      { first: 5, before: '<dimension ref="A1:XFD1048576"/>' },
    );
    const styled = Array.from(
      { length: 2000 },
      (_, i) => `<row r="${i + 60}"><c r="A${i + 60}" s="1"/><c r="XFD${i + 60}" s="1"/></row>`,
    ).join('');
    const outcome = await expectTable(one(shifted.replace('</sheetData>', `${styled}</sheetData>`)));
    expect(outcome.numbers[0]).toBe(6);
  });
});

describe('odd packages', () => {
  const book = one(sheetXml(table));
  const change = (name: string, to: (part: ZipPart) => ZipPart | undefined): BookShape => ({
    ...book,
    part: (part) => (part.name === name ? to(part) : part),
  });
  const text = (part: ZipPart) => String(part.data);

  it('read all the same', async () => {
    await expectTable({ ...book, part: (part) => ({ ...part, stored: true }) });
    await expectTable({ ...book, part: (part) => ({ ...part, name: part.name.replaceAll('/', '\\') }) });
    await expectTable({ ...book, part: (part) => ({ ...part, name: part.name.toUpperCase() }) });
    await expectTable(
      change('xl/_rels/workbook.xml.rels', (part) => ({
        ...part,
        data: text(part).replace('Target="worksheets', 'Target="/xl/worksheets'),
      })),
    );
    await expectTable(change('xl/_rels/workbook.xml.rels', () => undefined));
    await expectTable(change('_rels/.rels', () => undefined));
    await expectTable(change('[Content_Types].xml', () => undefined));
    await expectTable(
      change('xl/worksheets/sheet1.xml', (part) => ({
        ...part,
        data: text(part).replace(MAIN, 'http://purl.oclc.org/ooxml/spreadsheetml/main'),
      })),
    );
    await expectTable(Buffer.concat([Buffer.from('#!/bin/sh\n'), xlsxBytes(book)]).subarray(10));
    await expectTable(Buffer.concat([xlsxBytes(book), Buffer.alloc(300, 32)]));
  });

  it('read with a word about it', async () => {
    expect((await expectTable({ ...book, styles: null })).notices).toContain('styles-missing');
    expect(
      (await expectTable({ ...book, extra: [{ name: '../../../../tmp/evil.txt', data: 'x' }] })).notices,
    ).toContain('unsafe-entry');
    expect((await expectTable({ ...book, extra: [{ name: 'xl/vbaProject.bin', data: 'x' }] })).notices).toContain(
      'macros-ignored',
    );
    const outcome = await readTable(xlsxBytes(shared(table)), 'a.csv');
    expect(outcome.rows).toEqual(rows);
    expect(outcome.notices).toContain('extension-mismatch');
    const short = shared(table);
    short.strings = short.strings?.replace(/(<si>(?:(?!<si>).)*<\/si>){3}<\/sst>/, '</sst>') ?? '';
    expect((await read(short)).notices).toContain('string-missing');
  });

  it.each<[string, Buffer, string]>([
    ['no workbook part', xlsxBytes(change('xl/workbook.xml', () => undefined)), 'part-missing'],
    ['no sheet part', xlsxBytes(change('xl/worksheets/sheet1.xml', () => undefined)), 'part-missing'],
    [
      'no shared strings',
      xlsxBytes({ ...shared(table), part: (part) => (part.name.includes('shared') ? undefined : part) }),
      'part-missing',
    ],
    [
      'XML cut off',
      xlsxBytes(change('xl/worksheets/sheet1.xml', (part) => ({ ...part, data: text(part).slice(0, 9000) }))),
      'xml-damaged',
    ],
    [
      'shared strings cut off',
      xlsxBytes({
        ...shared(table),
        part: (part) => (part.name.includes('shared') ? { ...part, data: text(part).slice(0, 2000) } : part),
      }),
      'xml-damaged',
    ],
    ['archive cut off', xlsxBytes(book).subarray(0, 3000), 'zip-damaged'],
    ['wrong checksum', xlsxBytes(change('xl/worksheets/sheet1.xml', (part) => ({ ...part, crc: 1 }))), 'zip-damaged'],
    [
      'longer than declared',
      xlsxBytes(change('xl/worksheets/sheet1.xml', (part) => ({ ...part, claim: 100 }))),
      'zip-damaged',
    ],
    [
      'shorter than declared',
      xlsxBytes(change('xl/worksheets/sheet1.xml', (part) => ({ ...part, claim: 90_000 }))),
      'zip-damaged',
    ],
    [
      'entity expansion',
      xlsxBytes(one(`<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${sheetXml(table)}`)),
      'xml-entities',
    ],
    [
      'external entity in the workbook',
      xlsxBytes(
        change('xl/workbook.xml', (part) => ({
          ...part,
          data: `<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>${text(part)}`,
        })),
      ),
      'xml-entities',
    ],
    [
      'declared far too large',
      xlsxBytes({ ...book, extra: [{ name: 'xl/media/a.bin', data: Buffer.alloc(1000), claim: 3_000_000_000 }] }),
      'zip-bomb',
    ],
    [
      'a sheet of blanks at 1000 : 1',
      xlsxBytes(one(rawSheet(`<row r="1"><c r="A1"><v>1</v></c></row>${' '.repeat(20_000_000)}`))),
      'zip-bomb',
    ],
    [
      'too many entries',
      zipBytes(Array.from({ length: 10_050 }, (_, i) => ({ name: `f${i}`, data: '', stored: true }))),
      'zip-bomb',
    ],
    ['encrypted entries', xlsxBytes({ ...book, part: (part) => ({ ...part, encrypted: true }) }), 'encrypted'],
    [
      'a column beyond the last',
      xlsxBytes(one(rawSheet('<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZ1"><v>2</v></c></row>'))),
      'too-many-columns',
    ],
    ['nothing in it', xlsxBytes(one(sheetXml([]))), 'no-table'],
    [
      'a Word file',
      zipBytes([
        { name: '[Content_Types].xml', data: '<Types/>' },
        { name: 'word/document.xml', data: '<w/>' },
      ]),
      'not-a-table',
    ],
    ['a zip of tables', zipBytes([{ name: 'a.csv', data: 'a,b\n1,2\n' }]), 'not-a-table'],
  ])('refused: %s', async (_, bytes, code) => {
    expect((await readTable(bytes, 'a.xlsx')).error).toBe(code);
  });

  it('a long string referred to a hundred thousand times is not delivered a hundred thousand times', async () => {
    const data = Array.from(
      { length: 3000 },
      (_, i) => `<row r="${i + 1}"><c r="A${i + 1}" t="s"><v>0</v></c><c r="B${i + 1}"><v>${i}</v></c></row>`,
    ).join('');
    const outcome = await read(one(rawSheet(data), { strings: `<sst><si><t>${'长'.repeat(300_000)}</t></si></sst>` }));
    expect(outcome.error).toBe('zip-bomb');
  });

  it('reading goes on from any row', async () => {
    const { openTable } = await import('./open-table.ts');
    const { testFile } = await import('./testing/files.ts');
    const reader = await openTable({ path: testFile(xlsxBytes(shared(table)), 'resume.xlsx'), name: 'resume.xlsx' });
    const numbers: number[] = [];
    for await (const batch of reader.rows({ from: 31 })) numbers.push(...batch.map((row) => row.number));
    await reader.close();
    expect(numbers).toEqual([31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41]);
  });
});
