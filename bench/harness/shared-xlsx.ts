import type { Writable } from 'node:stream';
import { ZipWriter } from '../../src/server/platform/tabular/zip-writer.ts';

interface Column {
  header: string;
  kind: 'text' | 'number' | 'date' | 'datetime';
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const PACK = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const DAY = 86_400_000;

/**
 * A workbook as Excel and WPS write it: texts in a table of shared strings, which is harder on readers than the inline strings of
 * our own writer. `rows` is called twice, so that the strings need not be held: first for the sheet, then for the table.
 */
export async function writeSharedXlsx(
  out: Writable,
  columns: readonly Column[],
  rows: () => Iterable<(string | number)[][]>,
): Promise<void> {
  const zip = new ZipWriter(out);
  const letters = columns.map((_, i) => String.fromCharCode(65 + i));
  const strings = new Strings();
  await entry(zip, 'xl/worksheets/sheet1.xml', function* () {
    yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetData><row r="1">${columns
      .map(({ header }, i) => `<c r="${letters[i]}1" t="s"><v>${strings.place(header)}</v></c>`)
      .join('')}</row>`;
    let number = 1;
    for (const batch of rows()) {
      let xml = '';
      for (const cells of batch) {
        number++;
        xml += `<row r="${number}">`;
        for (let i = 0; i < cells.length; i++)
          xml += cellXml(`${letters[i]}${number}`, cells[i] ?? '', columns[i], strings);
        xml += '</row>';
      }
      yield xml;
    }
    yield '</sheetData></worksheet>';
  });
  const { count, used } = strings;
  await entry(zip, 'xl/sharedStrings.xml', function* () {
    const again = new Strings();
    yield `${HEAD}<sst xmlns="${MAIN}" count="${used}" uniqueCount="${count}">`;
    const item = (text: string) => {
      const before = again.count;
      again.place(text);
      return again.count > before ? `<si><t>${escapeXml(text)}</t></si>` : '';
    };
    yield columns.map(({ header }) => item(header)).join('');
    for (const batch of rows()) {
      let xml = '';
      for (const cells of batch)
        for (let i = 0; i < cells.length; i++) {
          const cell = cells[i] ?? '';
          if (cell !== '' && columns[i]?.kind === 'text') xml += item(String(cell));
        }
      yield xml;
    }
    yield '</sst>';
  });
  for (const [name, xml] of Object.entries(PARTS)) await entry(zip, name, () => [HEAD + xml]);
  await zip.finish();
}

async function entry(zip: ZipWriter, name: string, pieces: () => Iterable<string>): Promise<void> {
  await zip.begin(name);
  for (const piece of pieces()) await zip.write(piece);
  await zip.end();
}

/** Places in the table. Long texts hardly ever repeat: each gets a new place, so that the map stays small. */
class Strings {
  readonly #known = new Map<string, number>();
  count = 0;
  used = 0;

  place(text: string): number {
    this.used++;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size < 200_000) this.#known.set(text, this.count);
    return this.count++;
  }
}

function cellXml(place: string, cell: string | number, column: Column | undefined, strings: Strings): string {
  if (cell === '' || !column) return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (column.kind === 'text') return `<c r="${place}" t="s"><v>${strings.place(cell)}</v></c>`;
  const moment = Date.parse(`${cell.replace(' ', 'T')}${cell.length > 10 ? 'Z' : ''}`);
  // Days since 1899-12-30, ECMA-376 part 1, 18.17.4.1.
  return `<c r="${place}" s="${column.kind === 'date' ? 1 : 2}"><v>${moment / DAY + 25_569}</v></c>`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const PARTS = {
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="客户" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACK}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  '_rels/.rels': `<Relationships xmlns="${PACK}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  '[Content_Types].xml': `<Types xmlns="${PACK}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
};
