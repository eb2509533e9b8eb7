import type { Writable } from 'node:stream';
import type { Cell } from './cell.ts';
import { columnLetters } from './columns.ts';
import {
  footerXml,
  type Provenance,
  propertiesRelation,
  propertiesType,
  provenanceSheet,
  writeProperties,
} from './provenance.ts';
import { isoDate } from './serial-date.ts';
import { escapeXml, HEAD, MAIN, OFFICE } from './xml-text.ts';
import { ZipWriter } from './zip-writer.ts';

/** What a column holds. Codes, phones and ID numbers are text: a spreadsheet must not make numbers of them. */
export interface WriteColumn {
  header: string;
  /** `date` and `datetime` take ISO text (`2024-01-31`, `2024-01-31 08:00:00`, with `T` too), a Date (UTC) or a date cell. */
  kind: 'text' | 'number' | 'date' | 'datetime' | 'boolean';
  /** In characters; default by kind. */
  width?: number;
}

export type WriteCell = Cell | Date | null | undefined;

/** Batches of rows, each with one cell per column. */
export type WriteRows = AsyncIterable<readonly (readonly WriteCell[])[]> | Iterable<readonly (readonly WriteCell[])[]>;

export interface WriteResult {
  rows: number;
  /** Cells cut at the 32,767 characters that a spreadsheet cell may hold. */
  truncated: number;
}

export const LAST_ROW = 1_048_576;
export const LONGEST_TEXT = 32_767;
const STYLE = { header: 1, text: 2, date: 3, datetime: 4 } as const;

/**
 * Streams a workbook: bold frozen header with a filter, text columns as text, dates as dates. Text is written as inline strings and
 * never as a formula, so nothing in the data runs. Further sheets follow after 1,048,575 rows.
 */
export async function writeXlsx(
  out: Writable,
  columns: readonly WriteColumn[],
  rows: WriteRows,
  options: { sheet?: string; provenance?: Provenance } = {},
): Promise<WriteResult> {
  const zip = new ZipWriter(out);
  const { provenance = {} } = options;
  const writer = new SheetWriter(zip, columns, footerXml(provenance));
  await writer.open();
  for await (const batch of rows) await writer.write(batch);
  await writer.close();
  await writePackage(zip, sheetName(options.sheet ?? '数据'), writer.sheets, provenance);
  await zip.finish();
  return { rows: writer.rows, truncated: writer.truncated };
}

class SheetWriter {
  rows = 0;
  sheets = 0;
  truncated = 0;
  private row = 0;
  private readonly zip: ZipWriter;
  private readonly footer: string;
  private readonly columns: readonly WriteColumn[];
  private readonly letters: string[];

  constructor(zip: ZipWriter, columns: readonly WriteColumn[], footer: string) {
    this.zip = zip;
    this.footer = footer;
    this.columns = columns;
    this.letters = columns.map((_, index) => columnLetters(index));
  }

  async open(): Promise<void> {
    this.sheets++;
    const last = this.letters.at(-1) ?? 'A';
    const widths = this.columns.map(
      (column, i) => `<col min="${i + 1}" max="${i + 1}" width="${column.width ?? widthOf(column)}" customWidth="1"/>`,
    );
    await this.zip.begin(`xl/worksheets/sheet${this.sheets}.xml`);
    const cells = this.columns.map(
      (column, i) =>
        `<c r="${this.letters[i]}1" s="${STYLE.header}" t="inlineStr"><is><t xml:space="preserve">${this.text(column.header)}</t></is></c>`,
    );
    await this.zip.write(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
        (widths.length > 0 ? `<cols>${widths.join('')}</cols>` : '') +
        `<sheetData><row r="1">${cells.join('')}</row>`,
    );
    this.row = 1;
    this.filter = `A1:${last}`;
  }

  private filter = '';

  async write(batch: readonly (readonly WriteCell[])[]): Promise<void> {
    let xml = '';
    for (const cells of batch) {
      if (this.row === LAST_ROW) {
        await this.zip.write(xml);
        xml = '';
        await this.close();
        await this.open();
      }
      xml += this.rowXml(++this.row, cells);
      this.rows++;
    }
    await this.zip.write(xml);
  }

  async close(): Promise<void> {
    await this.zip.write(
      `</sheetData>${this.columns.length > 0 ? `<autoFilter ref="${this.filter}${this.row}"/>` : ''}${this.footer}</worksheet>`,
    );
    await this.zip.end();
  }

  private rowXml(number: number, cells: readonly WriteCell[]): string {
    let xml = `<row r="${number}">`;
    for (let i = 0; i < this.columns.length; i++) {
      const cell = cells[i];
      if (cell === null || cell === undefined || cell === '') continue;
      xml += this.cellXml(`${this.letters[i]}${number}`, cell, this.columns[i]?.kind ?? 'text');
    }
    return `${xml}</row>`;
  }

  private cellXml(place: string, cell: NonNullable<WriteCell>, kind: WriteColumn['kind']): string {
    if (kind === 'date' || kind === 'datetime') {
      const serial = serialOf(cell);
      if (serial !== undefined) return `<c r="${place}" s="${STYLE[kind]}"><v>${serial}</v></c>`;
    }
    if (typeof cell === 'number' && kind !== 'text' && Number.isFinite(cell))
      return `<c r="${place}"><v>${cell}</v></c>`;
    if (
      kind === 'number' &&
      typeof cell === 'string' &&
      /^-?\d{1,15}(?:\.\d{1,10})?$/.test(cell) &&
      !/^-?0\d/.test(cell)
    )
      return `<c r="${place}"><v>${cell}</v></c>`;
    if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
    const text =
      typeof cell === 'string'
        ? cell
        : typeof cell === 'number'
          ? String(cell)
          : cell instanceof Date
            ? cell.toISOString()
            : cell.text;
    return `<c r="${place}" s="${STYLE.text}" t="inlineStr"><is><t xml:space="preserve">${this.text(text)}</t></is></c>`;
  }

  private text(value: string): string {
    let text = value;
    if (text.length > LONGEST_TEXT) {
      this.truncated++;
      text = text.slice(0, LONGEST_TEXT);
    }
    return escapeXml(text);
  }
}

export function serialOf(cell: NonNullable<WriteCell>): number | undefined {
  if (typeof cell === 'number') return cell;
  if (cell instanceof Date) return cell.getTime() / 86_400_000 + 25_569;
  if (typeof cell === 'object') return cell.kind === 'date' ? cell.serial : undefined;
  if (typeof cell !== 'string') return undefined;
  const date = isoDate(cell.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T').replace(/\.\d+(?=Z?$)/, ''));
  // Excel knows no day before 1900 and counts two of the first ones wrongly: those stay text.
  return date && date.serial >= 61 ? date.serial : undefined;
}

const widthOf = (column: WriteColumn): number =>
  Math.max(
    10,
    Math.min(40, column.header.length * 2 + 4),
    column.kind === 'datetime' ? 20 : column.kind === 'text' ? 16 : 12,
  );

/** Excel forbids : \ / ? * [ ] and more than 31 characters. */
const sheetName = (name: string): string => escapeXml(name.replace(/[:\\/?*[\]]/g, ' ').slice(0, 27) || '数据');

async function writePackage(zip: ZipWriter, name: string, tables: number, provenance: Provenance): Promise<void> {
  const { sheet } = provenance;
  const sheets = tables + (sheet ? 1 : 0);
  if (sheet) await zip.file(`xl/worksheets/sheet${sheets}.xml`, provenanceSheet(sheet.lines));
  await writeProperties(zip, provenance);
  const called = (n: number) => (sheet && n > tables ? sheetName(sheet.name) : `${name}${n > 1 ? ` ${n}` : ''}`);
  const each = (make: (n: number) => string) => Array.from({ length: sheets }, (_, i) => make(i + 1)).join('');
  await zip.file(
    'xl/styles.xml',
    `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>` +
      '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>' +
      '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF2F3F5"/></patternFill></fill></fills>' +
      '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/>' +
      '<xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf numFmtId="49" applyNumberFormat="1"/>' +
      '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>',
  );
  await zip.file(
    'xl/workbook.xml',
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((n) => `<sheet name="${called(n)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
  );
  await zip.file(
    'xl/_rels/workbook.xml.rels',
    `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  );
  await zip.file(
    '_rels/.rels',
    `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/>${propertiesRelation(provenance)}</Relationships>`,
  );
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  await zip.file(
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}${propertiesType(provenance)}</Types>`,
  );
}
