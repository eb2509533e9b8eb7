import type { Writable } from 'node:stream';
import { columnLetters } from './columns.ts';
import { FORM_STYLE, formStyles } from './form-styles.ts';
import { footerXml, type Provenance, propertiesRelation, propertiesType, writeProperties } from './provenance.ts';
import { LAST_ROW, LONGEST_TEXT, serialOf } from './write-xlsx.ts';
import { escapeXml, HEAD, MAIN, OFFICE } from './xml-text.ts';
import { ZipWriter } from './zip-writer.ts';

/** A column of a workbook that people fill in and send back. */
export interface FormColumn {
  header: string;
  /** `key` is hidden and locked. Dates take ISO text, percents hundredths; a text in a column of another kind stays text. */
  kind: 'key' | 'text' | 'number' | 'money' | 'percent' | 'date' | 'datetime';
  width?: number;
  /** What may be chosen; `strict` refuses everything else, otherwise the list only helps (several choices in one cell). */
  choices?: { values: readonly string[]; strict: boolean };
  /** Why nothing may be typed here. */
  fixed?: string;
}

export interface FormBook {
  sheet: string;
  columns: readonly FormColumn[];
  /** Columns that stay in sight when scrolling. */
  frozen: number;
  /** A sheet of explanations behind the table. */
  notes: { sheet: string; title: string; lines: readonly string[] };
  /** Name of the hidden sheet that holds the choices. */
  choicesSheet: string;
  /** Says that a choice must be one of the list. */
  choiceError: string;
}

/** Rows below the header that a sheet has room for. */
export const FORM_ROWS = LAST_ROW - 1;

/**
 * Streams a workbook for filling in: drop-downs, formats per column, text where a spreadsheet would make numbers of codes, a hidden and
 * locked key. The sheet is protected without a password against slips only: a protected range lets rows be sorted, and rows may be
 * added and deleted, filtered and formatted (ECMA-376 part 1, 18.3.1.85 sheetProtection: an attribute set to 0 permits).
 */
export async function writeForm(
  out: Writable,
  book: FormBook,
  rows: AsyncIterable<readonly (readonly (string | number)[])[]>,
  provenance: Provenance = {},
): Promise<{ rows: number }> {
  const zip = new ZipWriter(out);
  const lists = book.columns.flatMap((column, index) => (column.choices ? [{ index, ...column.choices }] : []));
  await zip.begin('xl/worksheets/sheet1.xml');
  const count = await writeTable(zip, book, lists, rows, footerXml(provenance));
  await zip.end();
  await zip.file('xl/worksheets/sheet2.xml', notesXml(book, provenance.sheet?.lines ?? []));
  await writeProperties(zip, provenance);
  if (lists.length > 0) await zip.file('xl/worksheets/sheet3.xml', listsXml(lists.map((list) => list.values)));
  await zip.file('xl/styles.xml', formStyles());
  await writePackage(zip, book, lists.length > 0, provenance);
  await zip.finish();
  return { rows: count };
}

const STYLE: Record<FormColumn['kind'], number> = FORM_STYLE;
const textCell = (place: string, style: number, text: string): string =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text.slice(0, LONGEST_TEXT))}</t></is></c>`;

async function writeTable(
  zip: ZipWriter,
  book: FormBook,
  lists: readonly { index: number; values: readonly string[]; strict: boolean }[],
  rows: AsyncIterable<readonly (readonly (string | number)[])[]>,
  footer: string,
): Promise<number> {
  const { columns, frozen } = book;
  const letters = columns.map((_, index) => columnLetters(index));
  const corner = `${columnLetters(frozen)}2`;
  const cols = columns.map(
    ({ kind, width, header }, i) =>
      `<col min="${i + 1}" max="${i + 1}" width="${width ?? Math.max(12, Math.min(40, header.length * 2 + 6))}" style="${STYLE[kind]}" customWidth="1"${kind === 'key' ? ' hidden="1"' : ''}/>`,
  );
  await zip.write(
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView tabSelected="1" workbookViewId="0">` +
      `<pane${frozen > 0 ? ` xSplit="${frozen}"` : ''} ySplit="1" topLeftCell="${corner}" activePane="${frozen > 0 ? 'bottomRight' : 'bottomLeft'}" state="frozen"/>` +
      `</sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData><row r="1">` +
      columns
        .map(({ header, fixed }, i) =>
          textCell(`${letters[i]}1`, fixed === undefined ? FORM_STYLE.header : FORM_STYLE.headerFixed, header),
        )
        .join('') +
      '</row>',
  );
  let row = 1;
  for await (const batch of rows) {
    let xml = '';
    for (const cells of batch) {
      row++;
      if (row > LAST_ROW) throw new Error('too many rows for a sheet');
      xml += `<row r="${row}">`;
      for (let i = 0; i < columns.length; i++) {
        const cell = cells[i];
        if (cell !== undefined && cell !== '') xml += cellXml(`${letters[i]}${row}`, cell, columns[i]?.kind ?? 'text');
      }
      xml += '</row>';
    }
    await zip.write(xml);
  }
  const last = letters.at(-1) ?? 'A';
  await zip.write(
    '</sheetData><sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" formatColumns="0" formatRows="0" insertRows="0" deleteRows="0" selectLockedCells="1" sort="0" autoFilter="0"/>' +
      `<protectedRanges><protectedRange sqref="A2:${last}${LAST_ROW}" name="Range1"/></protectedRanges>` +
      `<autoFilter ref="A1:${last}${Math.max(2, row)}"/>${validations(columns, letters, lists, book)}${footer}</worksheet>`,
  );
  return row - 1;
}

function cellXml(place: string, cell: string | number, kind: FormColumn['kind']): string {
  if (typeof cell === 'number') {
    const text = String(cell);
    const long = text.replace(/[-.]/g, '').length > 11;
    const style =
      kind === 'money'
        ? (text.split('.')[1]?.length ?? 0) > 2
          ? FORM_STYLE.longMoney
          : FORM_STYLE.money
        : kind === 'percent'
          ? Number((cell * 100).toFixed(2)) === Number((cell * 100).toPrecision(15))
            ? FORM_STYLE.percent
            : FORM_STYLE.longPercent
          : long
            ? Number.isInteger(cell)
              ? FORM_STYLE.longInteger
              : FORM_STYLE.longNumber
            : FORM_STYLE.number;
    return `<c r="${place}" s="${style}"><v>${text}</v></c>`;
  }
  if (kind === 'date' || kind === 'datetime') {
    // A fraction of a second is lost in a serial number.
    const serial = /\.\d+$/.test(cell) ? undefined : serialOf(cell);
    if (serial !== undefined) return `<c r="${place}" s="${STYLE[kind]}"><v>${serial}</v></c>`;
  }
  return textCell(place, kind === 'key' ? FORM_STYLE.key : FORM_STYLE.text, cell);
}

function validations(
  columns: readonly FormColumn[],
  letters: readonly string[],
  lists: readonly { index: number; values: readonly string[]; strict: boolean }[],
  { choicesSheet, choiceError }: FormBook,
): string {
  const sheet = `'${choicesSheet.replaceAll("'", "''")}'`;
  const rules = [
    ...lists.flatMap(({ index, values, strict }, place) => {
      if (values.length === 0) return [];
      const from = columnLetters(place);
      const range = `${letters[index]}2:${letters[index]}${LAST_ROW}`;
      const error = strict ? ` showErrorMessage="1" error="${attribute(choiceError)}"` : '';
      return [
        `<dataValidation type="list" allowBlank="1"${error} sqref="${range}"><formula1>${escapeXml(sheet)}!$${from}$1:$${from}$${values.length}</formula1></dataValidation>`,
      ];
    }),
    ...columns.flatMap(({ fixed, kind }, index) =>
      fixed === undefined || kind === 'key'
        ? []
        : [
            `<dataValidation type="custom" allowBlank="0" showErrorMessage="1" error="${attribute(fixed)}" sqref="${letters[index]}2:${letters[index]}${LAST_ROW}"><formula1>FALSE</formula1></dataValidation>`,
          ],
    ),
  ];
  return rules.length > 0 ? `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>` : '';
}

/** Excel takes 225 characters of a message. */
const attribute = (text: string): string => escapeXml(text.slice(0, 225)).replaceAll('"', '&quot;');

function notesXml({ notes }: FormBook, more: readonly string[]): string {
  const rows = [
    `<row r="1">${textCell('A1', FORM_STYLE.title, notes.title)}</row>`,
    ...[...notes.lines, ...more].map(
      (line, i) => `<row r="${i + 2}">${textCell(`A${i + 2}`, FORM_STYLE.note, line)}</row>`,
    ),
  ];
  return `${HEAD}<worksheet xmlns="${MAIN}"><cols><col min="1" max="1" width="100" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData></worksheet>`;
}

/** One column per list. */
function listsXml(lists: readonly (readonly string[])[]): string {
  const longest = Math.max(...lists.map((list) => list.length));
  let xml = '';
  for (let row = 0; row < longest; row++) {
    const cells = lists.map((list, column) => {
      const value = list[row];
      return value === undefined ? '' : textCell(`${columnLetters(column)}${row + 1}`, FORM_STYLE.text, value);
    });
    xml += `<row r="${row + 1}">${cells.join('')}</row>`;
  }
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${xml}</sheetData></worksheet>`;
}

async function writePackage(zip: ZipWriter, book: FormBook, lists: boolean, provenance: Provenance): Promise<void> {
  const sheets = [book.sheet, book.notes.sheet, ...(lists ? [book.choicesSheet] : [])];
  const each = (make: (n: number, name: string) => string) => sheets.map((name, i) => make(i + 1, name)).join('');
  await zip.file(
    'xl/workbook.xml',
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${each(
      (n, name) =>
        `<sheet name="${sheetName(name)}" sheetId="${n}"${n === 3 ? ' state="hidden"' : ''} r:id="rId${n}"/>`,
    )}</sheets></workbook>`,
  );
  const rel = 'http://schemas.openxmlformats.org/package/2006/relationships';
  await zip.file(
    'xl/_rels/workbook.xml.rels',
    `${HEAD}<Relationships xmlns="${rel}">${each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  );
  await zip.file(
    '_rels/.rels',
    `${HEAD}<Relationships xmlns="${rel}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/>${propertiesRelation(provenance)}</Relationships>`,
  );
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  await zip.file(
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}${propertiesType(provenance)}</Types>`,
  );
}

/** Excel forbids : \ / ? * [ ] and more than 31 characters. */
const sheetName = (name: string): string =>
  escapeXml(name.replace(/[:\\/?*[\]]/g, ' ').slice(0, 31)).replaceAll('"', '&quot;');
