import type { ParseEnv } from '../../../domain/fields/types.ts';
import { openTable, type TableReader } from '../../platform/tabular/open-table.ts';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import type { ImportDeps } from './deps.ts';
import { type ReadRow, type Route, readRow } from './row-values.ts';
import type { Run } from './run-store.ts';

/** Opens the file of a run the way its settings say. */
export function openRunFile(deps: ImportDeps, run: Run): Promise<TableReader> {
  const { settings } = run;
  return openTable(
    { path: deps.filePath(run.file), name: run.file_name },
    {
      ...(settings?.sheet !== undefined && { sheet: settings.sheet }),
      ...(settings?.headerRow !== undefined && { header: settings.headerRow }),
      ...(settings?.encoding !== undefined && { encoding: settings.encoding }),
      ...(settings?.delimiter !== undefined && { delimiter: settings.delimiter }),
    },
  );
}

export function readRows(rows: readonly TableRow[], routes: readonly Route[], env: ParseEnv): ReadRow[] {
  return rows.map((row) => readRow(row, routes, env));
}

/** The first rows of a table, at most `most`. */
export async function firstRows(reader: TableReader, most: number): Promise<{ rows: TableRow[]; complete: boolean }> {
  const rows: TableRow[] = [];
  for await (const batch of reader.rows()) {
    rows.push(...batch);
    if (rows.length > most) return { rows: rows.slice(0, most), complete: false };
  }
  return { rows, complete: true };
}
