import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cell, cellText } from '../cell.ts';
import { TableError } from '../notice.ts';
import { openTable, type TableOptions } from '../open-table.ts';

export interface Outcome {
  /** Code of the refusal, when the file was refused. */
  error?: string;
  format?: string;
  encoding?: string;
  delimiter?: string;
  sheets: string[];
  labels: string[];
  header: string[];
  headerRow: number;
  cells: Cell[][];
  numbers: number[];
  /** All cells as text. */
  rows: string[][];
  notices: string[];
}

let counter = 0;

/** A folder for test files that is removed when the process ends. */
const folder = (() => {
  const path = mkdtempSync(join(tmpdir(), 'xianke-tabular-'));
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
})();

export function testFile(content: Uint8Array | string, name: string): string {
  const path = join(folder, `${++counter}-${name}`);
  writeFileSync(path, content);
  return path;
}

/** Reads a file as an import does. A refusal is an outcome; any other exception is a failure of the test. */
export async function readTable(
  content: Uint8Array | string,
  name: string,
  options: TableOptions = {},
): Promise<Outcome> {
  const outcome: Outcome = {
    sheets: [],
    labels: [],
    header: [],
    headerRow: 0,
    cells: [],
    numbers: [],
    rows: [],
    notices: [],
  };
  const path = testFile(content, name);
  try {
    const reader = await openTable({ path, name }, options);
    outcome.format = reader.format;
    if (reader.encoding !== undefined) outcome.encoding = reader.encoding;
    if (reader.delimiter !== undefined) outcome.delimiter = reader.delimiter;
    outcome.sheets = reader.sheets.map((sheet) => sheet.name);
    outcome.header = reader.header;
    outcome.labels = reader.columns.map((column) => column.label);
    outcome.headerRow = reader.headerRow;
    try {
      for await (const batch of reader.rows()) {
        for (const row of batch) {
          outcome.cells.push(row.cells);
          outcome.numbers.push(row.number);
          outcome.rows.push(row.cells.map(cellText));
        }
      }
      outcome.notices = reader.notices().map((notice) => notice.code);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    if (error.code === 'internal') throw new Error(`${name}: ${error.message}`, { cause: error.cause });
    outcome.error = error.code;
  } finally {
    rmSync(path, { force: true });
  }
  return outcome;
}
