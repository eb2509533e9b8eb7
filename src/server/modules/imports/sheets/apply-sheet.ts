import sql from 'sql-template-tag';
import type { Change, Outcome } from '../../../../domain/change/types.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../../domain/schema/types.ts';
import type { Tx } from '../../../platform/postgres/db.ts';
import { cellText } from '../../../platform/tabular/cell.ts';
import { tableOf } from '../../../records/catalog/names.ts';
import { trustOfImport } from '../../freshness/index.ts';
import { ctxOfRun, type ImportDeps } from '../deps.ts';
import { createMatcher } from '../match-rows.ts';
import { planRows, type RowPlan } from '../plan-rows.ts';
import { openRunFile } from '../read-batch.ts';
import type { ReadRow } from '../row-values.ts';
import type { RunHooks } from '../run-import.ts';
import { type Counts, type Run, readRun, type Settings, updateRun } from '../run-store.ts';
import { countResults, rejectsOf, rowResults } from '../tally.ts';
import { clearWritten, countTaken, type SheetChange, takenChanges } from './change-store.ts';
import { changeOf } from './compare-batch.ts';

/** Rows written in one transaction. */
const ROWS = 1000;

/**
 * Writes the chosen cells of a compared sheet as one change set, batch by batch with a checkpoint, like every import. What somebody changed
 * between the comparison and now is refused by the write door (it knows the version that was compared) and reported.
 */
export async function applySheet(deps: ImportDeps, id: string, hooks: RunHooks): Promise<void> {
  let run = await readRun(deps.db, deps.workspace, id);
  const { db, workspace } = deps;
  const { settings } = run;
  if (run.state !== 'running' || !settings) return;
  const ctx = await ctxOfRun(deps, run);
  if (run.change_set === null) {
    const rows = await countTaken(db, workspace, id);
    const begun = { started_at: deps.now(), next_row: 0, rows_done: 0, total_rows: rows, counts: {} };
    if (rows === 0) {
      await updateRun(db, workspace, id, { ...begun, state: 'done', finished_at: deps.now() });
      return;
    }
    const changeSet = await deps.write.openChangeSet(ctx, 'import', run.file_name);
    await updateRun(db, workspace, id, { ...begun, change_set: changeSet });
    run = await readRun(db, workspace, id);
  }
  const catalog = await deps.catalog.get(workspace);
  const write = await createWriter(deps, run, settings, catalog);
  let state: 'done' | 'cancelled' = 'done';
  for (;;) {
    if (hooks.signal.aborted) return;
    const done = await write();
    hooks.progress(done.rows);
    if (done.cancelled) state = 'cancelled';
    if (done.cancelled || !done.more) break;
  }
  await fillCells(deps, run);
  if (run.change_set) await deps.write.closeChangeSet({ ...ctx, at: deps.now() }, run.change_set, state);
  if (state === 'done') await clearWritten(db, workspace, id);
  await updateRun(db, workspace, id, { state, finished_at: deps.now() });
}

async function createWriter(deps: ImportDeps, run: Run, settings: Settings, catalog: Catalog) {
  const { db, workspace } = deps;
  const object = catalog.objects.find((candidate) => candidate.name === settings.object);
  if (!object) throw new Error('the object is gone');
  const main = object;
  const matcher = createMatcher(workspace, [object], settings.matchKeys, run.change_set, deps.sealing);
  const vouchedFor = await trustOfImport(db, workspace, run.file_name);
  let next = run.next_row;
  let rowsDone = run.rows_done;
  let counts: Partial<Counts> = run.counts;

  return async (): Promise<{ rows: number; more: boolean; cancelled: boolean }> => {
    const changes = await takenChanges(db, workspace, run.id, next, ROWS);
    if (changes.length === 0) return { rows: rowsDone, more: false, cancelled: false };
    const ctx = await ctxOfRun(deps, run);
    const fresh = changes.filter(({ kind }) => kind === 'new').map((change) => freshRow(change, main));
    matcher.begin(await matcher.look(db, fresh));
    const plans = [...planRows(fresh, [main], settings, matcher), ...updates(changes, main)].sort(
      (a, b) => a.row.number - b.row.number,
    );
    let after = { counts, cancelled: false };
    const { outcomes } = await deps.write.write(ctx, vouchedFor(plans.flatMap((plan) => plan.changes)), {
      atomic: false,
      canonical: true,
      ...(run.change_set && { changeSet: run.change_set }),
      alongside: async (tx, result) => {
        after = await checkpoint(tx, result.outcomes);
      },
    });
    // Not in the checkpoint: a contended batch is written again.
    counts = after.counts;
    rowsDone += plans.length;
    next = (changes.at(-1)?.row ?? 0) + 1;
    matcher.notMade(new Set(outcomes.filter(({ status }) => status === 'rejected').map(({ id }) => id)));
    return { rows: rowsDone, more: true, cancelled: after.cancelled };

    async function checkpoint(tx: Tx, outcomes: Outcome[]): Promise<{ counts: Partial<Counts>; cancelled: boolean }> {
      const results = rowResults(plans, outcomes.map(withReasons));
      const total = countResults(counts, results);
      const rejects = rejectsOf(catalog, results);
      if (rejects.length > 0)
        await tx.query(sql`insert into ${tableOf(workspace, 'import_reject')} as known (run, row, whole, cells, problems)
          select ${run.id}::uuid, r.row, r.whole, r.cells, r.problems
          from jsonb_to_recordset(${JSON.stringify(rejects)}::jsonb) as r(row int, whole boolean, cells jsonb, problems jsonb)
          on conflict (run, row) do update set problems = known.problems || excluded.problems, whole = known.whole or excluded.whole`);
      const [state] = await tx.query<{ cancel: boolean }>(sql`update ${tableOf(workspace, 'import_run')}
        set next_row = ${(changes.at(-1)?.row ?? 0) + 1}, rows_done = ${rowsDone + plans.length}, counts = ${JSON.stringify(total)}::jsonb
        where id = ${run.id} returning cancel`);
      return { counts: total, cancelled: state?.cancel ?? true };
    }
  };
}

const stub = (number: number): ReadRow => ({
  number,
  cells: [],
  values: new Map(),
  names: [],
  problems: [],
  warnings: [],
});

/** A new row as it was read when the sheet was compared. */
function freshRow(change: SheetChange, object: ObjectDef): ReadRow {
  return { ...stub(change.row), values: new Map([[object, change.file as Record<string, FieldValue>]]) };
}

function updates(changes: readonly SheetChange[], object: ObjectDef): RowPlan[] {
  const rows = new Map<number, SheetChange[]>();
  for (const change of changes)
    if (change.kind !== 'new') rows.set(change.row, [...(rows.get(change.row) ?? []), change]);
  return [...rows].map(([number, cells]): RowPlan => {
    const change: Change = changeOf(object, cells);
    return { row: stub(number), action: 'update', changes: [change], refused: [] };
  });
}

/** A conflict of the write door names fields; the report wants reasons. */
function withReasons(outcome: Outcome): Outcome {
  if (outcome.status !== 'conflict') return outcome;
  const issues = (outcome.conflicts ?? []).map(({ field }) => ({ code: 'sheet-changed-since', field }));
  return { ...outcome, issues };
}

/** Rows refused while writing were compared long before: their cells are read once more for the error file. */
async function fillCells(deps: ImportDeps, run: Run): Promise<void> {
  const table = tableOf(deps.workspace, 'import_reject');
  const open = await deps.db.query<{ row: number }>(
    sql`select row from ${table} where run = ${run.id} and cells = '[]'::jsonb`,
  );
  if (open.length === 0) return;
  const wanted = new Set(open.map(({ row }) => row));
  const reader = await openRunFile(deps, run);
  try {
    for await (const batch of reader.rows())
      for (const { number, cells } of batch)
        if (wanted.has(number))
          await deps.db.query(
            sql`update ${table} set cells = ${JSON.stringify(cells.map(cellText))}::jsonb where run = ${run.id} and row = ${number}`,
          );
  } finally {
    await reader.close();
  }
}
