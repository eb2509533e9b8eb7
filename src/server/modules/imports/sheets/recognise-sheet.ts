import { findColumns, isKeyHeader } from '../../../../domain/round-trip/columns.ts';
import type { Catalog } from '../../../../domain/schema/types.ts';
import { cellText } from '../../../platform/tabular/cell.ts';
import type { TableReader } from '../../../platform/tabular/open-table.ts';
import type { TableRow } from '../../../platform/tabular/table-rows.ts';
import type { Ctx } from '../../../records/types.ts';
import { findSheet, isFixed, isGenuine, readRowKey, type SheetExport } from '../../round-trip/index.ts';
import type { ImportDeps } from '../deps.ts';
import type { RoundTrip, Settings } from '../run-store.ts';

/** A file that is a sheet of ours, whatever its name: which export, and where its key column is. */
export interface Recognised {
  sheet: SheetExport;
  key: number;
}

/** Rows looked at: new rows, which have no key, may stand on top. */
const LOOK = 200;

/**
 * Finds the key column by its header, or by keys under any header. null: an ordinary file, or of another installation, or of records that
 * this person may not import. */
export async function recogniseSheet(
  deps: ImportDeps,
  { access }: Ctx,
  reader: TableReader,
  rows: readonly TableRow[],
): Promise<Recognised | null> {
  const named = reader.header.findIndex(isKeyHeader);
  const order = named >= 0 ? [named] : reader.header.map((_, index) => index);
  const tried = new Set<string>();
  for (const row of rows.slice(0, LOOK))
    for (const column of order) {
      const key = readRowKey(cellText(row.cells[column] ?? ''));
      if (!key || tried.has(key.sheet)) continue;
      tried.add(key.sheet);
      const sheet = await findSheet(deps.db, deps.workspace, key.sheet);
      const mine = access.objects[sheet?.object ?? '']?.actions.includes('import');
      if (sheet && mine && isGenuine(key, sheet.secret)) return { sheet, key: column };
    }
  return null;
}

export const tripOf = ({ sheet, key }: Recognised): RoundTrip => ({
  export: sheet.id,
  at: sheet.at.toISOString(),
  by: sheet.actor,
  key,
});

/** The mapping that follows from the export: nothing is guessed. Columns that it did not have go nowhere. */
export function sheetSettings(
  { sheet, key }: Recognised,
  catalog: Catalog,
  reader: TableReader,
  suggested: Settings,
): Settings {
  const found = findColumns(reader.header, sheet.columns, key);
  const object = catalog.objects.find((candidate) => candidate.name === sheet.object);
  const byColumn = new Map([...found.fields].map(([field, column]) => [column, field]));
  const columns = reader.header.map((header, column) => {
    const field = byColumn.get(column);
    const exported = sheet.columns.find((one) => one.field === field);
    const writable = exported !== undefined && !isFixed(exported);
    const samples = suggested.columns[column]?.samples ?? [];
    return {
      column,
      header,
      target: writable ? `${sheet.object}.${exported.field}` : null,
      why: 'saved' as const,
      confidence: 1,
      samples: column === key ? [] : samples,
    };
  });
  const targets = new Set(columns.map((column) => column.target));
  const keys = (object?.fields ?? [])
    .filter((field) => !field.retired && targets.has(`${sheet.object}.${field.name}`))
    .filter((field) => field.unique === true || field.type === 'uscc' || field.name === object?.title)
    .sort((a, b) => Number(a.name === object?.title) - Number(b.name === object?.title))
    .map((field) => field.name);
  return {
    ...suggested,
    object: sheet.object,
    columns,
    // New rows: what is there already gets its blanks filled, nothing of it is overwritten.
    matchKeys: keys.length > 0 ? { [sheet.object]: keys } : {},
    onMatch: 'fill',
  };
}
