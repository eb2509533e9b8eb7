import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import { type ByteFile, openByteFile } from './byte-file.ts';
import { compoundFileNames } from './compound-file.ts';
import { looksLikeDbf, openDbf } from './dbf.ts';
import { openDelimited } from './delimited.ts';
import { decodeWhole, detectEncoding } from './encoding.ts';
import { guessLegacyEncoding } from './encoding-guess.ts';
import { readHtmlTables } from './html.ts';
import { readJsonTable } from './json-table.ts';
import { openLegacy } from './legacy.ts';
import type { TableLimits } from './limits.ts';
import { type MemorySheet, memorySource } from './memory-source.ts';
import { readMimeParts } from './mht.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { openOds, openOdsContent } from './ods.ts';
import type { TableOptions } from './open-table.ts';
import type { SheetSource, TableFormat } from './sheet-source.ts';
import { foreignKind, looksLikeMarkup, type TextKind, textKind } from './sniff.ts';
import { readSpreadsheetMl } from './spreadsheetml.ts';
import { type Decoder, textDecoder } from './text-decoder.ts';
import { readVcards } from './vcard.ts';
import { openXlsx } from './xlsx-workbook.ts';
import { openZip, type Zip } from './zip.ts';

/** Text formats that are read at once: what still fits in memory comfortably. */
const WHOLE_TEXT = 160 * 1024 * 1024;

/** Recognises the format by its content (never by its name) and opens it. */
export async function openSource(
  source: { path: string; name: string },
  options: TableOptions,
  limits: TableLimits,
  log: NoticeLog,
): Promise<SheetSource> {
  const file = await openByteFile(source.path);
  try {
    if (file.size === 0) throw new TableError('file-empty');
    if (file.size > limits.fileBytes) throw new TableError('file-too-large', { limit: megabytes(limits.fileBytes) });
    const opened = await openByContent(file, source, options, limits, log);
    noteExtension(source.name, opened.format, log);
    return opened;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openByContent(
  file: ByteFile,
  source: { path: string; name: string },
  options: TableOptions,
  limits: TableLimits,
  log: NoticeLog,
): Promise<SheetSource> {
  const head = await file.read(0, 8192);
  const legacy = async (format: TableFormat) => {
    const opened = await openLegacy(source.path, file.size, format, limits, log);
    await file.close();
    return opened;
  };
  if (head.length >= 4 && head.readUInt32BE(0) === 0x504b0304)
    return openArchive(file, await openZip(file, limits), limits, log, legacy);
  if (head.length >= 8 && head.readUInt32BE(0) === 0xd0cf11e0) {
    const names = await compoundFileNames(file);
    if (names.includes('EncryptedPackage') || names.includes('EncryptionInfo')) throw new TableError('encrypted');
    if (!names.some((name) => /^(?:workbook|book)$/i.test(name))) {
      if (names.includes('WordDocument')) throw new TableError('not-a-table', { kind: 'Word' });
      if (names.includes('PowerPoint Document')) throw new TableError('not-a-table', { kind: 'PowerPoint' });
      if (names.some((name) => name.startsWith('__'))) throw new TableError('not-a-table', { kind: 'Outlook' });
    }
    return legacy('xls');
  }
  // BIFF 2–8 without a container.
  if (
    head[0] === 0x09 &&
    [0x00, 0x02, 0x04, 0x08].includes(head[1] ?? -1) &&
    (head[2] ?? 0) >= 4 &&
    (head[2] ?? 99) <= 16 &&
    head[3] === 0
  )
    return legacy('xls');
  if (/\.dbf$/i.test(source.name) && looksLikeDbf(head)) return openDbf(file, log);
  const foreign = foreignKind(head);
  if (foreign === 'sylk') return legacy('xls');
  if (foreign !== undefined) throw new TableError('not-a-table', { kind: foreign });
  const kind = textKind(head);
  if (kind === 'delimited') return openDelimited(file, source.name, log, options);
  return openWholeText(file, kind, source.name, options, log);
}

async function openArchive(
  file: ByteFile,
  zip: Zip,
  limits: TableLimits,
  log: NoticeLog,
  legacy: (format: TableFormat) => Promise<SheetSource>,
): Promise<SheetSource> {
  for (const entry of zip.unsafe) log.add('unsafe-entry', entry);
  const has = (name: string) => zip.entries.has(name);
  if (has('xl/workbook.bin')) return legacy('xlsb');
  if (has('content.xml') && !has('[content_types].xml')) return openOds(file, zip, log);
  if (has('word/document.xml')) throw new TableError('not-a-table', { kind: 'Word' });
  if (has('ppt/presentation.xml')) throw new TableError('not-a-table', { kind: 'PowerPoint' });
  if (has('index/document.iwa')) throw new TableError('not-a-table', { kind: 'Numbers' });
  const isWorkbook = has('[content_types].xml') || [...zip.entries.keys()].some((name) => name.startsWith('xl/'));
  if (!isWorkbook) throw new TableError('not-a-table', { kind: 'zip' });
  return openXlsx(file, zip, limits, log);
}

async function openWholeText(
  file: ByteFile,
  kind: Exclude<TextKind, 'delimited'>,
  name: string,
  options: TableOptions,
  log: NoticeLog,
): Promise<SheetSource> {
  if (file.size > WHOLE_TEXT) throw new TableError('file-too-large', { limit: megabytes(WHOLE_TEXT) });
  const close = () => file.close();
  if (kind === 'other-xml') throw new TableError('not-a-table', { kind: 'XML' });
  if (kind === 'flat-ods') return openOdsContent(() => fileText(file), close, log);
  if (kind === 'vcard') return memorySource('vcard', [readVcards(await file.read(0, file.size), log)], close);
  if (kind === 'mht') return memorySource('mht', notEmpty(readWebArchive(await file.read(0, file.size), log)), close);
  if (kind === 'html') {
    const tables = readHtmlTables(decodeMarkup(await file.read(0, file.size), options.encoding), log);
    return memorySource('html', notEmpty(tables), close);
  }
  const encoding = await detectEncoding(file, log, options.encoding);
  if (kind === 'json') {
    const text = await decodeWhole(file, encoding);
    try {
      const { sheet, lines } = readJsonTable(text, log);
      return {
        ...memorySource(lines ? 'ndjson' : 'json', [sheet], close),
        headerKnown: Array.isArray(sheet.rows[0]?.cells),
      };
    } catch (error) {
      // A text table may begin with a bracket, too.
      if (!(error instanceof TableError) || !/^[[{][^"{[\]}\r\n]*[\r\n]/.test(text.trimStart())) throw error;
      return openDelimited(file, name, log, options);
    }
  }
  const bytes = await file.read(0, file.size);
  return memorySource('xml', notEmpty(readSpreadsheetMl(decodeMarkup(bytes, options.encoding), log)), close);
}

async function* fileText(file: ByteFile): AsyncGenerator<string> {
  yield decodeMarkup(await file.read(0, file.size), undefined);
}

function readWebArchive(bytes: Buffer, log: NoticeLog): MemorySheet[] {
  const sheets: MemorySheet[] = [];
  for (const part of readMimeParts(bytes)) {
    if (!/html|xml/.test(part.type) || !looksLikeMarkup(part.bytes)) continue;
    const tables = readHtmlTables(decodeMarkup(part.bytes, part.charset), log);
    for (const table of tables)
      sheets.push({ ...table, name: `${part.location.split('/').at(-1) ?? ''} ${table.name}`.trim() });
  }
  return sheets;
}

/** Markup says its own encoding, not always truly: UTF-8 that is valid is UTF-8, whatever the page claims. */
function decodeMarkup(bytes: Buffer, forced: string | undefined): string {
  const known = forced ?? (isWide(bytes) || (isUtf8(bytes) ? 'utf-8' : declaredCharset(bytes)));
  let decoder: Decoder;
  try {
    decoder = textDecoder(known ?? guessLegacyEncoding(bytes.subarray(0, 200_000)).encoding);
  } catch {
    decoder = textDecoder(guessLegacyEncoding(bytes.subarray(0, 200_000)).encoding);
  }
  return decoder.decode(bytes).replace(/^\ufeff/, '');
}

function isWide(bytes: Buffer): string | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0x3c && bytes[1] === 0)) return 'utf-16le';
  return (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] === 0x3c) ? 'utf-16be' : undefined;
}

function declaredCharset(bytes: Buffer): string | undefined {
  const declared = /(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)/i
    .exec(bytes.toString('latin1', 0, 4096))?.[1]
    ?.toLowerCase();
  // A page that says UTF-8 and isn't is told by its characters.
  return declared === undefined || declared.startsWith('utf') ? undefined : declared;
}

function notEmpty(sheets: MemorySheet[]): MemorySheet[] {
  if (sheets.length === 0) throw new TableError('no-table');
  return sheets;
}

const EXPECTED: Record<string, TableFormat[]> = {
  '.csv': ['csv'],
  '.tsv': ['csv'],
  '.txt': ['csv'],
  '.xlsx': ['xlsx'],
  '.xlsm': ['xlsx'],
  '.xltx': ['xlsx'],
  '.xls': ['xls'],
  '.xlsb': ['xlsb'],
  '.ods': ['ods'],
  '.html': ['html'],
  '.htm': ['html'],
  '.xml': ['xml'],
  '.mht': ['mht'],
  '.mhtml': ['mht'],
  '.vcf': ['vcard'],
  '.json': ['json', 'ndjson'],
  '.dbf': ['dbf'],
  '.ndjson': ['ndjson', 'json'],
};

function noteExtension(name: string, format: TableFormat, log: NoticeLog): void {
  const extension = extname(name).toLowerCase();
  const expected = EXPECTED[extension];
  if (expected && !expected.includes(format)) log.add('extension-mismatch', undefined, { extension, format });
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;
