import sql from 'sql-template-tag';
import type { Label } from '../../../../domain/issue.ts';
import { findColumns } from '../../../../domain/round-trip/columns.ts';
import { mayBeSealed } from '../../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { cellText } from '../../../platform/tabular/cell.ts';
import type { TableReader } from '../../../platform/tabular/open-table.ts';
import type { TableRow } from '../../../platform/tabular/table-rows.ts';
import { tableOf } from '../../../records/catalog/names.ts';
import { findSheet, type SheetExport } from '../../round-trip/index.ts';
import { ctxOfRun, type ImportDeps } from '../deps.ts';
import { indexMatchKeys } from '../index-keys.ts';
import { createMatcher } from '../match-rows.ts';
import { openRunFile } from '../read-batch.ts';
import { routesOf } from '../row-values.ts';
import { type Counts, NO_COUNTS, type RoundTrip, type Run, type Settings, updateRun } from '../run-store.ts';
import { spoken } from '../tally.ts';
import { addChanges, clearChanges, countChanges, type SheetChange } from './change-store.ts';
import { compareBatch } from './compare-batch.ts';
import type { SheetRoute } from './compare-rows.ts';
import type { Comparison } from './comparison.ts';
import { createRowSorter } from './known-rows.ts';

/** Reads a returned sheet whole and keeps what it would change, cell by cell; nothing is written. Begins anew after a crash. */
export async function compareSheet(
  deps: ImportDeps,
  run: Run,
  moved: { signal: AbortSignal; progress: (rows: number) => void },
): Promise<void> {
  const { db, workspace } = deps;
  const { settings, round_trip: trip } = run;
  const sheet = trip && (await findSheet(db, workspace, trip.export));
  const catalog = await deps.catalog.get(workspace);
  const object = catalog.objects.find((candidate) => candidate.name === sheet?.object && !candidate.retired);
  if (!settings || !sheet || !object) throw new Error('the sheet’s export or object is gone');
  await clearChanges(db, workspace, run.id);
  await updateRun(db, workspace, run.id, { started_at: deps.now(), rows_done: 0, total_rows: sheet.rows });
  const reader = await openRunFile(deps, run);
  const notices: Label[] = [];
  try {
    const ctx = await ctxOfRun(deps, run);
    const at = await comparison(deps, run, settings, sheet, object, reader, notices);
    const sort = createRowSorter(deps, object, sheet, trip.key);
    const counts = { ...NO_COUNTS };
    const total = { agreed: 0, spoilt: 0 };
    for await (const rows of reader.rows()) {
      if (moved.signal.aborted) return;
      const { changes, agreed, spoilt } = await compareBatch(at, ctx, await sort(rows));
      total.agreed += agreed;
      total.spoilt += spoilt;
      count(counts, rows, changes);
      await addChanges(db, workspace, run.id, changes);
      await addRejects(deps, run.id, object, rows, changes, at);
      await updateRun(db, workspace, run.id, { rows_done: counts.rows });
      moved.progress(counts.rows);
    }
    if (total.spoilt > 0) notices.push(spoiltNotice(total.spoilt));
    const kinds = await countChanges(db, workspace, run.id);
    const round_trip: RoundTrip = { ...trip, ...total, rows: counts.rows };
    const preview = {
      counts,
      problems: [],
      problemCount: kinds.refused.all + kinds.unreadable.all,
      samples: [],
      complete: true,
    };
    await updateRun(
      db,
      workspace,
      run.id,
      {
        state: 'ready',
        round_trip,
        preview,
        total_rows: counts.rows,
        notices: notices.map((text) => ({ code: 'sheet', text })),
        started_at: null,
        rows_done: 0,
      },
      ['previewing'],
    );
  } finally {
    await reader.close();
  }
}

async function comparison(
  deps: ImportDeps,
  run: Run,
  settings: Settings,
  sheet: SheetExport,
  object: ObjectDef,
  reader: TableReader,
  notices: Label[],
): Promise<Comparison> {
  const catalog = await deps.catalog.get(deps.workspace);
  const found = findColumns(reader.header, sheet.columns, run.round_trip?.key ?? -1);
  if (found.unknown.length > 0) notices.push(unknownNotice(found.unknown));
  const routes = sheet.columns.flatMap((column, place): SheetRoute[] => {
    const index = found.fields.get(column.field);
    if (index === undefined) return [];
    const field = object.fields.find((one) => one.name === column.field && !one.retired);
    // Encrypted since the sheet was made: what would change is not kept beside the record.
    if (field && mayBeSealed(field)) return [];
    return [{ place, index, column, field }];
  });
  const matcher = createMatcher(deps.workspace, [object], settings.matchKeys, null, deps.sealing);
  await indexMatchKeys(deps.db, deps.workspace, [object], settings.matchKeys);
  return {
    deps,
    sheet,
    catalog,
    object,
    settings,
    routes,
    fresh: routesOf(catalog, settings),
    verified: found.verified === null ? null : { index: found.verified, place: sheet.columns.length },
    matcher,
    text: reader.delimiter !== undefined,
    narrow: reader.encoding !== undefined && !/^utf/i.test(reader.encoding),
  };
}

/** In the words of every import: rows to be created, updated, left alone, refused. */
function count(counts: Counts, rows: readonly TableRow[], changes: readonly SheetChange[]): void {
  const by = new Map<number, Set<SheetChange['kind']>>();
  for (const { row, kind } of changes) by.set(row, (by.get(row) ?? new Set()).add(kind));
  const created = new Set(
    changes.filter(({ kind, base }) => kind === 'new' && base === 'create').map(({ row }) => row),
  );
  counts.rows += rows.length;
  for (const { number } of rows) {
    const kinds = by.get(number);
    if (!kinds) counts.unchanged++;
    else if (created.has(number)) counts.create++;
    else if (['change', 'conflict', 'verify', 'new'].some((kind) => kinds.has(kind as SheetChange['kind'])))
      counts.update++;
    else counts.reject++;
    if (kinds && (kinds.has('refused') || kinds.has('unreadable'))) counts.warn++;
  }
}

/** Rows with something that is left out go into the error file, which can be corrected and brought back like the sheet itself. */
async function addRejects(
  deps: ImportDeps,
  run: string,
  object: ObjectDef,
  rows: readonly TableRow[],
  changes: readonly SheetChange[],
  { catalog, sheet }: Comparison,
): Promise<void> {
  const left = changes.filter(({ kind }) => kind === 'refused' || kind === 'unreadable');
  if (left.length === 0) return;
  const numbers = new Set(left.map(({ row }) => row));
  const rejects = rows
    .filter(({ number }) => numbers.has(number))
    .map(({ number, cells }) => ({
      row: number,
      whole: left.some(({ row, field }) => row === number && field === null),
      cells: cells.map(cellText),
      problems: left
        .filter(({ row }) => row === number)
        .map(({ field, text, issue }) => {
          const problem = {
            column: sheet.columns.find((column) => column.field === field)?.header ?? '',
            field,
            object: object.name,
            text: text ?? '',
            issue: issue ?? { code: 'record-unknown' },
          };
          return { ...problem, ...spoken(catalog, problem) };
        }),
    }));
  await deps.db.query(sql`insert into ${tableOf(deps.workspace, 'import_reject')} (run, row, whole, cells, problems)
    select ${run}::uuid, r.row, r.whole, r.cells, r.problems
    from jsonb_to_recordset(${JSON.stringify(rejects)}::jsonb) as r(row int, whole boolean, cells jsonb, problems jsonb)
    on conflict do nothing`);
}

function unknownNotice(headers: readonly string[]): Label {
  const names = headers.slice(0, 5).join('、') + (headers.length > 5 ? '…' : '');
  return {
    zh: `文件里多出的列没有读取：${names}。`,
    en: `Columns that were not in the export are left out: ${names}.`,
  };
}

function spoiltNotice(cells: number): Label {
  return {
    zh: `有 ${cells} 个单元格被表格软件自动改坏（如开头的 0、科学计数、生僻字），已按未修改处理。`,
    en: `${cells} cells were spoilt by the spreadsheet program (leading zeros, scientific notation, rare characters); they count as unchanged.`,
  };
}
