import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cellText } from '../server/platform/tabular/cell.ts';
import { openTable, type TableOptions } from '../server/platform/tabular/open-table.ts';

/** What `xianke check` prints for a file that can be read. */
export interface CheckResult {
  rows: number;
  rejected: number;
  warnings: {
    code: string;
    level: string;
    count: number;
    places: (string | number)[];
    message: string;
    messageEn: string;
  }[];
  /** Path of a UTF-8 CSV of what was read, header first. */
  table: string;
  format: string;
  encoding?: string;
  delimiter?: string;
  sheet: string;
  sheets: number;
  columns: number;
  headerRow: number;
}

/** Reads a file as an import would and writes what was read to a CSV in $IMPORT_TMP or a new temporary folder. */
export async function checkFile(path: string, options: TableOptions): Promise<CheckResult> {
  const reader = await openTable({ path, name: basename(path) }, options);
  const folder = process.env.IMPORT_TMP ?? (await mkdtemp(join(tmpdir(), 'xianke-check-')));
  const table = join(
    folder,
    `${basename(path)
      .replace(/[^\w.\u4e00-\u9fff-]/g, '_')
      .slice(0, 80)}.read.csv`,
  );
  const out = createWriteStream(table);
  const failed = new Promise<never>((_, reject) => out.once('error', reject));
  failed.catch(() => {});
  const write = async (text: string) => {
    if (!out.write(text)) await Promise.race([new Promise<void>((done) => out.once('drain', () => done())), failed]);
  };
  // The file's own names, not the numbered ones: what was read, as it was. A file without a header gets names by position.
  await write(csvLine(reader.columns.map((column) => (reader.headerRow === 0 ? `col_${column.index}` : column.label))));
  let rows = 0;
  for await (const batch of reader.rows()) {
    rows += batch.length;
    await write(batch.map((row) => csvLine(row.cells.map(cellText))).join(''));
  }
  await Promise.race([new Promise<void>((done) => out.end(done)), failed]);
  await reader.close();
  const warnings = reader.notices().map(({ code, level, count, places, text }) => ({
    code,
    level,
    count,
    places,
    message: text.zh,
    messageEn: text.en,
  }));
  return {
    rows,
    rejected: 0,
    warnings,
    table,
    format: reader.format,
    ...(reader.encoding !== undefined && { encoding: reader.encoding }),
    ...(reader.delimiter !== undefined && { delimiter: reader.delimiter }),
    sheet: reader.sheets[reader.sheet]?.name ?? '',
    sheets: reader.sheets.length,
    columns: reader.columns.length,
    headerRow: reader.headerRow,
  };
}

const csvLine = (cells: string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
