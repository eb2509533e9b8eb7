import { readFile, stat } from 'node:fs/promises';
import sql from 'sql-template-tag';
import { type Traces, tracer } from '../../../domain/privacy/index.ts';
import type { Files } from '../../platform/files/files.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { cellText } from '../../platform/tabular/cell.ts';
import { openTable } from '../../platform/tabular/open-table.ts';
import { tableOf } from '../../records/catalog/names.ts';

interface RunFile {
  id: string;
  file: string;
  file_name: string;
  state: string;
  mine: boolean;
  [column: string]: unknown;
}

/** Nobody's file is taken away under his hands: the job comes back. */
export class FilesBusy extends Error {}

const WORKING = ['reading', 'previewing', 'running', 'undoing'];
const UNFINISHED = ['mapping', 'ready', 'failed'];

/**
 * Files that were imported and name the person: the file goes, what it did stays in the history of others. One that waits to be imported is given up, for
 * it would bring him back.
 * @param sets change sets that wrote his records
 * @returns files removed
 */
export async function eraseFiles(
  deps: { db: Db; files: Files },
  workspace: string,
  traces: Traces,
  sets: readonly string[],
): Promise<number> {
  const runs = await deps.db.query<RunFile>(sql`
    select r.id, r.file, r.file_name, r.state, coalesce(r.change_set = any(${sets}::uuid[]), false) as mine
    from ${tableOf(workspace, 'import_run')} r where exists (select from xianke.file f where f.id = r.file)`);
  let removed = 0;
  for (const run of runs) {
    if (!run.mine && !(await names(deps.files.path(run.file), run.file_name, traces))) continue;
    if (WORKING.includes(run.state)) throw new FilesBusy();
    await deps.db.query(sql`update ${tableOf(workspace, 'import_run')} set preview = null,
      settings = jsonb_set(settings, '{columns}', coalesce((select jsonb_agg(c || '{"samples": []}') from jsonb_array_elements(settings -> 'columns') c), '[]')),
      state = case when state = any(${UNFINISHED}) then 'cancelled' else state end, error = null where id = ${run.id}`);
    await deps.files.remove(run.file);
    removed++;
  }
  return removed + (await endExports(deps, workspace, traces));
}

/** Exports that are kept to be fetched and name the person: their link ends. One is soon made again, so a name is enough. */
async function endExports(deps: { db: Db; files: Files }, workspace: string, traces: Traces): Promise<number> {
  const kept = await deps.db.query<{ id: string; file: string; name: string | null; format: string }>(
    sql`select id, file, name, format from ${tableOf(workspace, 'export_file')} where file is not null`,
  );
  let removed = 0;
  for (const { id, file, name, format } of kept) {
    if (!(await names(deps.files.path(file), name ?? `export.${format}`, traces, true))) continue;
    await deps.db.query(
      sql`update ${tableOf(workspace, 'export_file')} set file = null, state = 'ended' where id = ${id}`,
    );
    await deps.files.remove(file);
    removed++;
  }
  return removed;
}

/** Larger ones are only read as what they are. */
const MOST_TEXT = 50 * 1024 ** 2;

/** Whether any sheet holds a cell that names the person; looked through as text too, for what no table shows (titles above it, notes below). */
async function names(path: string, name: string, traces: Traces, also = false): Promise<boolean> {
  const isAbout = tracer(traces, also);
  // An export may carry its mark between the letters.
  const isTrace = (text: string): boolean => isAbout(text.replace(/\p{DI}/gu, ''));
  const bytes = (await stat(path).catch(() => null))?.size ?? 0;
  if (bytes === 0) return false;
  if (bytes <= MOST_TEXT) {
    const content = await readFile(path);
    for (const encoding of ['utf8', 'gb18030', 'utf-16le'])
      if (isTrace(new TextDecoder(encoding).decode(content))) return true;
  }
  const first = await openTable({ path, name }).catch(() => null);
  if (!first) return false;
  const sheets = first.sheets.length;
  await first.close();
  for (let sheet = 0; sheet < sheets; sheet++) {
    const table = await openTable({ path, name }, { sheet, header: 0 }).catch(() => null);
    if (!table) continue;
    try {
      for await (const rows of table.rows())
        for (const row of rows) if (isTrace(row.cells.map(cellText).join('\t'))) return true;
    } finally {
      await table.close();
    }
  }
  return false;
}
