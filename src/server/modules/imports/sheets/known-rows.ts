import type { Issue } from '../../../../domain/issue.ts';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { type Cell, cellText } from '../../../platform/tabular/cell.ts';
import type { TableRow } from '../../../platform/tabular/table-rows.ts';
import { findSheet, isGenuine, type RowKey, readRowKey, type SheetExport } from '../../round-trip/index.ts';
import type { ImportDeps } from '../deps.ts';

/** A row whose key is good. */
export interface KeyedRow {
  number: number;
  cells: readonly Cell[];
  sheet: SheetExport;
  key: RowKey;
  /** Another row of the file has the same key: the row of the first one. */
  again?: number;
}

export interface SortedRows {
  keyed: KeyedRow[];
  /** Without a key: new. */
  fresh: TableRow[];
  refused: { row: TableRow; issue: Issue }[];
}

/** Tells rows of the export from new ones and from ones with a bad key; one per file, since a key may come again. */
export function createRowSorter(
  deps: ImportDeps,
  object: ObjectDef,
  first: SheetExport,
  keyColumn: number,
): (rows: readonly TableRow[]) => Promise<SortedRows> {
  const sheets = new Map<string, SheetExport | null>([[first.id, first]]);
  // The last 48 bits of a UUIDv7 are random and fit a number: 500,000 of them stay small.
  const seen = new Map<number, number>();
  const brand = (id: string) => Number.parseInt(id.slice(-12), 16);

  async function sheetOf(id: string): Promise<SheetExport | null> {
    const known = sheets.get(id);
    if (known !== undefined) return known;
    const found = await findSheet(deps.db, deps.workspace, id);
    sheets.set(id, found);
    return found;
  }

  return async (rows) => {
    const sorted: SortedRows = { keyed: [], fresh: [], refused: [] };
    for (const row of rows) {
      const text = cellText(row.cells[keyColumn] ?? '').trim();
      if (text === '') {
        sorted.fresh.push(row);
        continue;
      }
      const key = readRowKey(text);
      const sheet = key && (await sheetOf(key.sheet));
      if (!key || !sheet || !isGenuine(key, sheet.secret))
        sorted.refused.push({ row, issue: { code: 'sheet-key-forged' } });
      else if (sheet.object !== object.name) sorted.refused.push({ row, issue: { code: 'sheet-key-other' } });
      else {
        const before = seen.get(brand(key.record));
        if (before === undefined) seen.set(brand(key.record), row.number);
        const keyed = { number: row.number, cells: row.cells, sheet, key };
        sorted.keyed.push(before === undefined ? keyed : { ...keyed, again: before });
      }
    }
    return sorted;
  };
}
