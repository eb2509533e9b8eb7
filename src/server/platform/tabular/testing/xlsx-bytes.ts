import { type ZipPart, zipBytes } from './zip-bytes.ts';

export interface SheetShape {
  name?: string;
  state?: 'hidden' | 'veryHidden';
  /** The whole worksheet part. */
  xml: string;
}

export interface BookShape {
  sheets: SheetShape[];
  strings?: string;
  styles?: string | null;
  /** Attributes of workbookPr. */
  properties?: string;
  extra?: ZipPart[];
  /** Changes the parts before they are packed; returning undefined leaves one out. */
  part?: (part: ZipPart) => ZipPart | undefined;
  strict?: boolean;
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
/** 1: yyyy-mm-dd, 2: datetime, 3: seven digits with leading zeros, 4: hh:mm */
export const STYLES =
  `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="0000000"/></numFmts>` +
  '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="22"/><xf numFmtId="171"/><xf numFmtId="20"/></cellXfs></styleSheet>';

export function xlsxParts(book: BookShape): ZipPart[] {
  const parts: ZipPart[] = [
    {
      name: '[Content_Types].xml',
      data: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    },
    {
      name: '_rels/.rels',
      data: `<Relationships><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      data: `<?xml version="1.0"?><workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><workbookPr ${book.properties ?? ''}/><sheets>${book.sheets
        .map(
          (sheet, i) =>
            `<sheet name="${sheet.name ?? `表${i + 1}`}" sheetId="${i + 1}"${sheet.state ? ` state="${sheet.state}"` : ''} r:id="rId${i + 1}"/>`,
        )
        .join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: `<Relationships>${book.sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
    },
    ...book.sheets.map((sheet, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: sheet.xml })),
  ];
  if (book.styles !== null) parts.push({ name: 'xl/styles.xml', data: book.styles ?? STYLES });
  if (book.strings !== undefined) parts.push({ name: 'xl/sharedStrings.xml', data: book.strings });
  parts.push(...(book.extra ?? []));
  const { part: change } = book;
  return change ? parts.map(change).filter((part) => part !== undefined) : parts;
}

export const xlsxBytes = (book: BookShape): Buffer => zipBytes(xlsxParts(book));

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export const letter = (column: number): string => String.fromCharCode(65 + column);

/** A worksheet with inline strings. `extra` comes after the data. */
export function sheetXml(
  rows: readonly (readonly string[])[],
  { before = '', after = '', first = 1 }: { before?: string; after?: string; first?: number } = {},
): string {
  const data = rows.map(
    (row, r) =>
      `<row r="${r + first}">${row.map((text, c) => (text === '' ? '' : `<c r="${letter(c)}${r + first}" t="inlineStr"><is><t>${escapeXml(text)}</t></is></c>`)).join('')}</row>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${MAIN}">${before}<sheetData>${data.join('')}</sheetData>${after}</worksheet>`;
}

/** A worksheet whose data is given as XML. */
export const rawSheet = (data: string, after = ''): string =>
  `<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData>${after}</worksheet>`;
