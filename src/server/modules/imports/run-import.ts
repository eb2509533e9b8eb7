import sql from 'sql-template-tag';
import type { Tx } from '../../platform/postgres/db.ts';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { refreshCommonGrams } from '../../records/search/common-grams.ts';
import type { Ctx, WriteResult } from '../../records/types.ts';
import { trustOfImport } from '../freshness/index.ts';
import { closedColumns } from './closed-cells.ts';
import { ctxOfRun, type ImportDeps } from './deps.ts';
import { indexMatchKeys } from './index-keys.ts';
import { createMatcher, type Looked, type Matcher } from './match-rows.ts';
import { planRows } from './plan-rows.ts';
import { readAhead } from './read-ahead.ts';
import { openRunFile, readRows } from './read-batch.ts';
import { resolveNames } from './resolve-names.ts';
import { objectsOf, type ReadRow, routesOf } from './row-values.ts';
import { type Counts, type Run, readRun, type Settings, updateRun } from './run-store.ts';
import { countResults, rejectsOf, rowResults } from './tally.ts';

export interface RunHooks {
  signal: AbortSignal;
  progress: (rows: number) => void;
}

/**
 * Writes a file, batch by batch, each batch with its checkpoint in one transaction: a kill at any moment loses nothing and doubles
 * nothing, the next call goes on at the checkpoint.
 */
export async function runImport(deps: ImportDeps, id: string, hooks: RunHooks): Promise<void> {
  let run = await readRun(deps.db, deps.workspace, id);
  const { settings } = run;
  if (run.state !== 'running' || !settings) return;
  const ctx = await ctxOfRun(deps, run);
  if (run.change_set === null) {
    const changeSet = await deps.write.openChangeSet(ctx, 'import', run.file_name);
    await updateRun(deps.db, deps.workspace, id, { change_set: changeSet, started_at: deps.now() });
    run = await readRun(deps.db, deps.workspace, id);
  }
  const work = await createWork(deps, run, settings);
  const reader = await openRunFile(deps, run);
  try {
    for await (const { rows, looked } of readAhead(reader.rows({ from: run.next_row }), work.read, work.look)) {
      if (hooks.signal.aborted) return;
      const goOn = await work.write(rows, looked);
      hooks.progress(work.rowsDone());
      if (!goOn) return await finish(deps, id, ctx, 'cancelled');
    }
    const notices = reader.notices().map(({ code, text }) => ({ code, text }));
    await updateRun(deps.db, deps.workspace, id, { notices });
    await finish(deps, id, ctx, 'done');
  } finally {
    await reader.close();
  }
}

async function finish(deps: ImportDeps, id: string, ctx: Ctx, state: 'done' | 'cancelled'): Promise<void> {
  const run = await readRun(deps.db, deps.workspace, id);
  if (run.change_set) await deps.write.closeChangeSet({ ...ctx, at: deps.now() }, run.change_set, state);
  await updateRun(deps.db, deps.workspace, id, { state, finished_at: deps.now() });
  // Fresh statistics: the planner must know that the table is large now.
  const tables = new Set((run.settings?.columns ?? []).flatMap((column) => column.target?.split('.')[0] ?? []));
  for (const table of [...tables, 'freshness', 'search_entry'])
    await deps.db.query(sql`analyze ${tableOf(deps.workspace, table)}`);
  // Search plans by which fragments are common: a new base has new common ones.
  await refreshCommonGrams(deps.db, deps.workspace);
}

interface Work {
  read: (rows: TableRow[]) => ReadRow[];
  look: (rows: ReadRow[]) => Promise<Looked>;
  /** false: somebody cancelled the import. */
  write: (rows: ReadRow[], looked: Looked) => Promise<boolean>;
  rowsDone: () => number;
}

async function createWork(deps: ImportDeps, run: Run, settings: Settings): Promise<Work> {
  const { workspace, db } = deps;
  const catalog = await deps.catalog.get(workspace);
  const routes = routesOf(catalog, settings);
  const objects = objectsOf(routes, settings.object);
  const matcher: Matcher = createMatcher(workspace, objects, settings.matchKeys, run.change_set, deps.sealing);
  await indexMatchKeys(db, workspace, objects, settings.matchKeys);
  let counts: Partial<Counts> = run.counts;
  let rowsDone = run.rows_done;
  const vouchedFor = await trustOfImport(db, workspace, run.file_name);
  const confirmedAt = settings.checkedAt ? new Date(settings.checkedAt) : undefined;

  async function write(rows: ReadRow[], looked: Looked): Promise<boolean> {
    const ctx = await ctxOfRun(deps, run);
    await resolveNames(db, workspace, catalog, rows);
    matcher.begin(looked);
    const plans = planRows(rows, objects, settings, matcher);
    let after = { counts: { ...counts } as Counts, cancel: false };
    const { outcomes } = await deps.write.write(ctx, vouchedFor(plans.flatMap((plan) => plan.changes)), {
      atomic: false,
      canonical: true,
      ...(run.change_set && { changeSet: run.change_set }),
      ...(confirmedAt && { confirmedAt }),
      alongside: async (tx, result) => {
        after = await checkpoint(tx, result);
      },
    });
    matcher.notMade(new Set(outcomes.filter(({ status }) => status === 'rejected').map(({ id }) => id)));
    counts = after.counts;
    rowsDone += rows.length;
    return !after.cancel;

    async function checkpoint(tx: Tx, result: WriteResult): Promise<{ counts: Counts; cancel: boolean }> {
      const results = rowResults(plans, result.outcomes);
      const total = countResults(counts, results);
      const rejects = rejectsOf(catalog, results, closedColumns(routes));
      if (rejects.length > 0)
        await tx.query(sql`insert into ${tableOf(workspace, 'import_reject')} (run, row, whole, cells, problems)
          select ${run.id}::uuid, r.row, r.whole, r.cells, r.problems
          from jsonb_to_recordset(${JSON.stringify(rejects)}::jsonb) as r(row int, whole boolean, cells jsonb, problems jsonb)
          on conflict do nothing`);
      const next = (rows.at(-1)?.number ?? 0) + 1;
      const [state] = await tx.query<{ cancel: boolean }>(sql`update ${tableOf(workspace, 'import_run')}
        set next_row = ${next}, rows_done = ${rowsDone + rows.length}, counts = ${JSON.stringify(total)}::jsonb
        where id = ${run.id} returning cancel`);
      return { counts: total, cancel: state?.cancel ?? true };
    }
  }

  return {
    look: (rows) => matcher.look(db, rows),
    read: (rows) => readRows(rows, routes, deps.env({ at: deps.now() })),
    write,
    rowsDone: () => rowsDone,
  };
}
