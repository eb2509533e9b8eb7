import { createRequire } from 'node:module';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readTable } from './testing/files.ts';
import { mutate } from './testing/mutate.ts';
import { Random } from './testing/random.ts';
import { csvText, HEADER, sampleRows } from './testing/sample-rows.ts';
import { escapeXml, letter, MAIN, rawSheet, sheetXml, xlsxParts } from './testing/xlsx-bytes.ts';
import { zipBytes } from './testing/zip-bytes.ts';

/**
 * Every damaged file must end in a table or in a refusal with a sentence: no other exception, no loop, no runaway memory.
 * `XIANKE_FUZZ=5000 npx vitest run …` runs that many of each kind; XIANKE_SEED changes the files.
 */
const COUNT = Number(process.env.XIANKE_FUZZ ?? 60);
const SEED = Number(process.env.XIANKE_SEED ?? 1);
const table = [HEADER, ...sampleRows(30, SEED)];

const strings = `<sst xmlns="${MAIN}">${table
  .flat()
  .map((text) => `<si><t>${escapeXml(text)}</t></si>`)
  .join('')}</sst>`;
const shared = rawSheet(
  table
    .map(
      (row, r) =>
        `<row r="${r + 1}">${row.map((_, c) => `<c r="${letter(c)}${r + 1}" t="s"><v>${r * HEADER.length + c}</v></c>`).join('')}</row>`,
    )
    .join(''),
  '<mergeCells><mergeCell ref="A3:A5"/></mergeCells>',
);
const parts = [xlsxParts({ sheets: [{ xml: sheetXml(table) }] }), xlsxParts({ sheets: [{ xml: shared }], strings })];
const html = `<html><meta charset="gbk"><table>${table.map((row) => `<tr>${row.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>`).join('')}</table></html>`;
const vcard = table
  .map((row) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${row[1]}\r\nORG:${row[0]}\r\nTEL;CELL:${row[2]}\r\nEND:VCARD\r\n`)
  .join('');
const xml2003 = `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="x"><Worksheet ss:Name="a"><Table>${table.map((row) => `<Row>${row.map((text) => `<Cell><Data ss:Type="String">${escapeXml(text)}</Data></Cell>`).join('')}</Row>`).join('')}</Table></Worksheet></Workbook>`;
const json = JSON.stringify(table.slice(1).map((row) => Object.fromEntries(HEADER.map((name, i) => [name, row[i]]))));

const library = createRequire(import.meta.url)('@e965/xlsx') as {
  utils: { aoa_to_sheet(rows: unknown[][]): object; book_new(sheet: object, name: string): object };
  write(book: object, options: object): Buffer;
};
const old = (bookType: string) =>
  library.write(library.utils.book_new(library.utils.aoa_to_sheet(table), '客户'), { type: 'buffer', bookType });

const kinds: [name: string, share: number, make: (random: Random) => Buffer][] = [
  [
    'a.csv',
    3,
    (random) =>
      mutate(
        iconv.encode(
          csvText(table, {
            delimiter: random.pick([',', ';', '\t', '|']),
            eol: random.pick(['\n', '\r\n', '\r']),
            all: random.below(2) === 0,
          }),
          random.pick(['utf8', 'gbk', 'big5', 'utf16le']),
        ),
        random,
      ),
  ],
  ['bytes.xlsx', 1, (random) => mutate(zipBytes(random.pick(parts)), random)],
  // Damage inside the parts, in a sound archive, reaches the parsers.
  [
    'parts.xlsx',
    3,
    (random) =>
      zipBytes(
        random
          .pick(parts)
          .map((part) => (random.below(3) === 0 ? { ...part, data: mutate(Buffer.from(part.data), random) } : part)),
      ),
  ],
  ['a.html', 1, (random) => mutate(iconv.encode(html, random.pick(['gbk', 'utf8'])), random)],
  ['a.xml', 1, (random) => mutate(Buffer.from(xml2003), random)],
  ['a.vcf', 1, (random) => mutate(iconv.encode(vcard, random.pick(['gbk', 'utf8'])), random)],
  ['a.json', 1, (random) => mutate(Buffer.from(json), random)],
  ['a.ods', 0.5, (random) => mutate(old('ods'), random)],
  ['a.xls', 0.2, (random) => mutate(old('biff8'), random)],
  ['a.xlsb', 0.1, (random) => mutate(old('xlsb'), random)],
];

describe.each(kinds)('damaged %s', (name, share, make) => {
  const count = Math.max(4, Math.round(COUNT * share));
  it(`${count} files`, { timeout: 60_000 + count * 2000 }, async () => {
    let tables = 0;
    for (let i = 0; i < count; i++) {
      const bytes = make(new Random(SEED * 1_000_003 + i));
      const outcome = await readTable(bytes, name).catch((error: unknown) => {
        throw new Error(`${name}, seed ${SEED}, file ${i}: ${error instanceof Error ? error.stack : String(error)}`);
      });
      // Whatever was read is text without holes.
      for (const row of outcome.rows) for (const cell of row) expect(typeof cell).toBe('string');
      if (outcome.error === undefined) tables++;
    }
    // If nothing could be read any more the damage would be too coarse to test anything.
    expect(tables).toBeGreaterThanOrEqual(
      name === 'bytes.xlsx' || name.startsWith('a.xls') || name === 'a.ods' ? 0 : 1,
    );
  });
});
