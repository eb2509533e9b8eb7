import type { Cell, RawRow } from './cell.ts';
import { chooseColumns, type TableColumn } from './columns.ts';
import { findHeader, type Header, type SampleRow } from './header.ts';
import { defaultLimits, type TableLimits, TextBudget } from './limits.ts';
import { type Notice, NoticeLog, TableError } from './notice.ts';
import { openSource } from './open-source.ts';
import { ColumnProfiles } from './realign.ts';
import type { SheetInfo, SheetSource, TableFormat } from './sheet-source.ts';
import { cleanRow, type RowRules, type TableRow, TableRows } from './table-rows.ts';

export interface TableOptions {
  /** Name or 0-based position. Default: the first visible sheet with data. */
  sheet?: string | number;
  /** Row number of the header; 0: the file has none. Default: detected. */
  header?: number;
  /** Text files: a WHATWG encoding label. Default: detected. */
  encoding?: string;
  /** Text files. Default: detected. */
  delimiter?: string;
  /** Text files: '' reads quotes as ordinary text (the way out of `quote-unclosed`). */
  quote?: string;
  signal?: AbortSignal;
  limits?: Partial<TableLimits>;
}

export interface TableReader {
  format: TableFormat;
  encoding?: string;
  delimiter?: string;
  sheets: SheetInfo[];
  /** Position of the sheet that is read. */
  sheet: number;
  columns: TableColumn[];
  /** Names of the columns, unique and not empty. */
  header: string[];
  /** Row number of the (last) header row; 0 when the file has none. */
  headerRow: number;
  /** What has been noticed so far; complete once the rows have been read. */
  notices(): Notice[];
  /** Batches of about 1,000 rows. `from`: leave out rows with smaller numbers, to go on after an interruption. */
  rows(options?: { from?: number }): AsyncGenerator<TableRow[]>;
  close(): Promise<void>;
}

const SAMPLE_ROWS = 500;
/** Of wide tables fewer rows will do. */
const SAMPLE_CELLS = 200_000;

/**
 * Opens any of the supported files and finds the table in it.
 * @throws TableError with a code and a sentence in both languages; nothing else.
 */
export async function openTable(
  source: { path: string; name: string },
  options: TableOptions = {},
): Promise<TableReader> {
  const log = new NoticeLog();
  const limits = { ...defaultLimits, ...options.limits };
  try {
    const opened = await openSource(source, options, limits, log);
    try {
      return await readTable(opened, options, limits, log);
    } catch (error) {
      await opened.close();
      throw error;
    }
  } catch (error) {
    throw asTableError(error);
  }
}

/** Everything that leaves this folder is a TableError. */
export function asTableError(error: unknown): TableError {
  if (error instanceof TableError) return error;
  const detail = error instanceof Error ? error.message.slice(0, 200) : String(error);
  return new TableError('internal', { detail }, error);
}

async function readTable(
  source: SheetSource,
  options: TableOptions,
  limits: TableLimits,
  log: NoticeLog,
): Promise<TableReader> {
  const { sheet, sample } = await chooseSheet(source, options, limits, log);
  if (sample.length === 0) throw new TableError('no-table');
  const header = source.headerKnown ? knownHeader(sample) : findHeader(sample, options.header);
  const hasHeader = header.rows.length > 0;
  const data = sample.slice(header.dataStart);
  alignHeader(header, data, source.expectedColumns);
  const columns = chooseColumns(header.labels, data, log, hasHeader);
  const headerIndex = header.rows.at(-1);
  const headerRow = headerIndex === undefined ? 0 : (sample[headerIndex]?.number ?? 0);
  noteHeader(header, log);
  const rules: RowRules = {
    columns,
    headerRows: header.rows.map((index) => sample[index]?.cells ?? []),
    dataStart: hasHeader ? headerRow + 1 : (sample[header.dataStart]?.number ?? 1),
  };
  if (source.delimiter !== undefined) rules.delimiter = source.delimiter;
  if (source.expectedColumns !== undefined) {
    rules.expectedColumns = source.expectedColumns;
    rules.profiles = learnProfiles(source, data);
  }
  const reader: TableReader = {
    format: source.format,
    sheets: source.sheets,
    sheet,
    columns,
    header: columns.map((column) => column.name),
    headerRow,
    notices: () => log.list(),
    rows: (from) => readRows(source, sheet, rules, log, limits, options.signal, from?.from),
    close: () => source.close(),
  };
  if (source.encoding !== undefined) reader.encoding = source.encoding;
  if (source.delimiter !== undefined) reader.delimiter = source.delimiter;
  return reader;
}

function refuseWidth(row: RawRow, limits: TableLimits): void {
  if (row.cells.length > limits.columns)
    throw new TableError('too-many-columns', { row: row.number, limit: limits.columns });
}

async function* readRows(
  source: SheetSource,
  sheet: number,
  rules: RowRules,
  log: NoticeLog,
  limits: TableLimits,
  signal: AbortSignal | undefined,
  from: number | undefined,
): AsyncGenerator<TableRow[]> {
  const rows = new TableRows(rules, log, new TextBudget(limits));
  let any = false;
  try {
    for await (const raw of source.rows(sheet, from)) {
      if (signal?.aborted) throw new TableError('cancelled');
      for (const row of raw) refuseWidth(row, limits);
      const batch: TableRow[] = [];
      rows.take(raw, batch);
      if (batch.length > 0) {
        any = true;
        yield batch;
      }
      if (rows.ended) break;
    }
    rows.finish();
    if (!any && from === undefined) log.add('no-rows');
  } catch (error) {
    throw asTableError(error);
  }
}

/** The sheet to read and its first filled rows. */
async function chooseSheet(
  source: SheetSource,
  options: TableOptions,
  limits: TableLimits,
  log: NoticeLog,
): Promise<{ sheet: number; sample: SampleRow[] }> {
  const { sheets } = source;
  const wanted = options.sheet;
  if (wanted !== undefined) {
    const sheet = typeof wanted === 'number' ? wanted : sheets.findIndex((info) => info.name === wanted);
    if (!sheets[sheet]) throw new TableError('no-sheet', { sheet: wanted });
    return { sheet, sample: await sampleOf(source, sheet, SAMPLE_ROWS, limits) };
  }
  const order = sheets
    .map((_, index) => index)
    .sort((a, b) => Number(sheets[a]?.hidden) - Number(sheets[b]?.hidden) || a - b);
  let best: { sheet: number; sample: SampleRow[]; size: number } | undefined;
  const others: string[] = [];
  for (const sheet of order.slice(0, 50)) {
    const settled = best !== undefined && best.size > 2;
    const sample = await sampleOf(source, sheet, settled ? 3 : SAMPLE_ROWS, limits).catch((error: unknown) => {
      // A damaged sheet matters only when it is the one to be read.
      if (best) return [];
      throw error;
    });
    if (sample.length === 0) continue;
    // A cover page with a line or two gives way to a sheet with a table.
    const size =
      sample.length === 1 ? 1 : sample.every((row) => row.cells.filter((cell) => cell !== '').length < 2) ? 2 : 3;
    if (!best || (size > best.size && best.size < 3 && !(sheets[sheet]?.hidden && !sheets[best.sheet]?.hidden))) {
      if (best) others.push(sheets[best.sheet]?.name ?? '');
      best = { sheet, sample, size };
    } else others.push(sheets[sheet]?.name ?? '');
  }
  const hidden = sheets.filter((info) => info.hidden);
  for (const info of hidden) log.add('sheet-hidden', info.name);
  if (!best) return { sheet: order[0] ?? 0, sample: [] };
  const name = sheets[best.sheet]?.name ?? '';
  for (const other of others) log.add('sheets-other', other, { sheet: name });
  return { sheet: best.sheet, sample: best.sample };
}

async function sampleOf(source: SheetSource, sheet: number, most: number, limits: TableLimits): Promise<SampleRow[]> {
  const budget = new TextBudget(limits);
  const sample: SampleRow[] = [];
  let looked = 0;
  let cells = 0;
  for await (const batch of source.rows(sheet, 1, most < SAMPLE_ROWS)) {
    for (const row of batch) {
      looked++;
      refuseWidth(row, limits);
      const copy: RawRow = { number: row.number, cells: [...row.cells] };
      if (cleanRow(copy, budget) > 0) sample.push(copy);
      cells += copy.cells.length;
      if (sample.length >= most || (cells > SAMPLE_CELLS && sample.length >= 20)) return sample;
    }
    // Sheets with nothing but formats: data this far down is not a table we would find.
    if (looked > 50_000 && sample.length === 0) break;
  }
  return sample;
}

function knownHeader(sample: readonly SampleRow[]): Header {
  return { rows: [0], labels: (sample[0]?.cells ?? []).map((cell) => String(cell)), dataStart: 1 };
}

/** Text files: a header with one delimiter too many has a blank name that no row has a cell for. */
function alignHeader(header: Header, data: readonly SampleRow[], expected: number | undefined): void {
  if (expected === undefined || header.rows.length !== 1 || header.labels.length <= expected || data.length < 3) return;
  if (data.some((row) => row.cells.length > expected && row.cells.slice(expected).some((cell: Cell) => cell !== '')))
    return;
  for (let surplus = header.labels.length - expected; surplus > 0; surplus--) {
    const blank = header.labels.indexOf('');
    if (blank < 0) return;
    header.labels.splice(blank, 1);
  }
}

function learnProfiles(source: SheetSource, data: readonly SampleRow[]): ColumnProfiles {
  const width = source.expectedColumns ?? 1;
  const profiles = new ColumnProfiles(width);
  for (const row of data) if (row.cells.length === width) profiles.learn(row.cells as string[]);
  return profiles;
}

function noteHeader(header: Header, log: NoticeLog): void {
  const first = header.rows[0];
  if (first === undefined) log.add('header-missing');
  else if (first > 0) for (let i = 0; i < first; i++) log.add('rows-above-header', i + 1);
  if (header.rows.length > 1) log.add('header-joined', undefined, { count: header.rows.length });
}
