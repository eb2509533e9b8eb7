import type { RawRow } from './cell.ts';
import { TableError } from './notice.ts';
import type { SheetSource, TableFormat } from './sheet-source.ts';

export interface MemorySheet {
  name: string;
  hidden: boolean;
  rows: RawRow[];
}

const BATCH = 1000;
const BATCH_CELLS = 100_000;

/** Sheets that are in memory already. */
export function memorySource(format: TableFormat, sheets: MemorySheet[], close: () => Promise<void>): SheetSource {
  return {
    format,
    sheets: sheets.map(({ name, hidden, rows }) => ({ name, hidden, rows: rows.length })),
    async *rows(index, from = 1) {
      const sheet = sheets[index];
      if (!sheet) throw new TableError('no-sheet', { sheet: index });
      let batch: RawRow[] = [];
      let cells = 0;
      for (const row of sheet.rows) {
        if (row.number < from) continue;
        // Copies: what reads rows may change them, and a sheet may be read again.
        batch.push({ ...row, cells: [...row.cells] });
        cells += row.cells.length;
        if (batch.length === BATCH || cells > BATCH_CELLS) {
          cells = 0;
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    },
    close,
  };
}
