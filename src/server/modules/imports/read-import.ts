import sql from 'sql-template-tag';
import { cellText } from '../../platform/tabular/cell.ts';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { closedSettings } from './closed-cells.ts';
import { ctxOfRun, type ImportDeps } from './deps.ts';
import { firstRows, openRunFile } from './read-batch.ts';
import { readRun, updateRun } from './run-store.ts';
import { recogniseSheet, sheetSettings, tripOf } from './sheets/recognise-sheet.ts';
import { suggestSettings } from './suggest-settings.ts';

/** Rows whose values decide about the mapping. */
const SAMPLE = 200;

/** First look at an uploaded file: what it is, which table is in it, where its columns go. */
export async function readImport(deps: ImportDeps, id: string): Promise<void> {
  const run = await readRun(deps.db, deps.workspace, id);
  if (run.state !== 'reading') return;
  const reader = await openRunFile(deps, run);
  try {
    const { rows, complete } = await firstRows(reader, SAMPLE);
    const catalog = await deps.catalog.get(deps.workspace);
    const ctx = await ctxOfRun(deps, run);
    const object = run.settings?.object ?? 'customer';
    const sheet = await recogniseSheet(deps, ctx, reader, rows);
    const suggestion = suggestSettings(catalog, reader, rows, {
      object,
      owner: run.created_by.startsWith('user:') ? run.created_by.slice('user:'.length) : null,
      env: deps.env(ctx),
      saved: await readMemory(deps, object),
    });
    const suggested = closedSettings(catalog, suggestion);
    const settings = sheet ? sheetSettings(sheet, catalog, reader, suggested) : suggested;
    await updateRun(
      deps.db,
      deps.workspace,
      id,
      {
        round_trip: sheet && tripOf(sheet),
        format: reader.format,
        encoding: reader.encoding ?? null,
        sheets: reader.sheets.map(({ name, hidden, rows: claimed }) => ({
          name,
          hidden,
          ...(claimed !== undefined && { rows: claimed }),
        })),
        notices: reader.notices().map(({ code, text }) => ({ code, text })),
        settings,
        total_rows: complete ? rows.length : estimateRows(run.bytes, reader.sheets[reader.sheet]?.rows, rows),
        state: 'previewing',
      },
      ['reading'],
    );
  } finally {
    await reader.close();
  }
}

/** What the sheet claims, or for text the size over the length of a row; only for the progress bar. */
function estimateRows(bytes: number, claimed: number | undefined, rows: readonly TableRow[]): number | null {
  if (claimed !== undefined && claimed > rows.length && claimed < 1_100_000) return claimed;
  const length = rows.reduce((sum, row) => sum + Buffer.byteLength(row.cells.map(cellText).join(','), 'utf8') + 1, 0);
  return length > 0 ? Math.max(rows.length, Math.round((bytes * rows.length) / length)) : null;
}

async function readMemory(deps: ImportDeps, object: string): Promise<Map<string, string>> {
  const rows = await deps.db.query<{ header: string; target: string }>(
    sql`select header, target from ${tableOf(deps.workspace, 'import_memory')} where object = ${object}`,
  );
  return new Map(rows.map((row) => [row.header, row.target]));
}
