import sql from 'sql-template-tag';
import type { Tx } from '../../platform/postgres/db.ts';
import { addCounts, type MassCounts, NONE } from '../../records/mass/door.ts';
import { plainAction } from './assign.ts';
import { ctxOfRun, type MassDeps } from './deps.ts';
import {
  dropPortions,
  markWritten,
  moveRun,
  openPortions,
  type Run,
  readPortion,
  readRun,
  runTable,
} from './run-store.ts';

/** Portions under way at once: PostgreSQL uses two processors, and a commit is waited for while the next rows are found. */
const AT_ONCE = 2;

/** A portion that another process wrote meanwhile: what this one did goes with its transaction. */
class WrittenAlready extends Error {}

/**
 * Writes what is left of a run, portion by portion. A kill at any moment loses nothing and doubles nothing: each portion commits with its mark.
 * Cancelled, it stops between portions; what was done stays as one change set that can be undone.
 */
export async function writeRun(deps: MassDeps, workspace: string, run: Run, signal: AbortSignal): Promise<void> {
  const changeSet = run.change_set;
  if (changeSet === null) throw new Error('a run that writes has a change set');
  const resumed = run.done > 0;
  const open = await openPortions(deps.db, workspace, run.id, 'done');
  let cancelled = run.cancel;
  const worker = async () => {
    for (let n = open.shift(); n !== undefined && !cancelled && !signal.aborted; n = open.shift()) {
      try {
        cancelled ||= await writePortion(deps, workspace, run, changeSet, n);
      } catch (error) {
        if (!(error instanceof WrittenAlready)) throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const one of workers) if (one.status === 'rejected') throw one.reason;
  if (signal.aborted && !cancelled) return;
  await finishRun(deps, workspace, run, cancelled ? 'cancelled' : 'done', resumed);
}

/** true: somebody cancelled the run. */
async function writePortion(
  deps: MassDeps,
  workspace: string,
  run: Run,
  changeSet: string,
  n: number,
): Promise<boolean> {
  const ctx = await ctxOfRun(deps, workspace, run);
  const portion = await readPortion(deps.db, workspace, run.id, n);
  let cancel = false;
  const alongside = async (tx: Tx, counts: MassCounts) => {
    if (!(await markWritten(tx, workspace, run.id, n))) throw new WrittenAlready();
    cancel = await addUp(tx, workspace, run.id, counts, portion.records.length);
  };
  if (run.action.kind === 'undo') await deps.mass.undo(ctx, run.action.changeSet, changeSet, portion, alongside);
  else {
    const action = plainAction(run.action, portion.value);
    await deps.mass.apply(ctx, await deps.mass.plan(ctx, run.object, action), changeSet, portion, alongside);
  }
  return cancel;
}

async function addUp(tx: Tx, workspace: string, id: string, counts: MassCounts, records: number): Promise<boolean> {
  const [row] = await tx.query<Pick<Run, 'counts' | 'cancel'>>(
    sql`select counts, cancel from ${runTable(workspace)} where id = ${id} for update`,
  );
  const total = addCounts({ ...NONE, ...row?.counts }, counts);
  await tx.query(
    sql`update ${runTable(workspace)} set counts = ${JSON.stringify(total)}::jsonb, done = done + ${records} where id = ${id}`,
  );
  return row?.cancel ?? true;
}

/** Closes the change set, so that everybody hears of it once, and lets the records go. */
export async function finishRun(
  deps: MassDeps,
  workspace: string,
  run: Run,
  state: 'done' | 'cancelled' | 'failed',
  resumed: boolean,
): Promise<void> {
  const ctx = await ctxOfRun(deps, workspace, run);
  const { change_set: changeSet } = await readRun(deps.db, workspace, run.id);
  const kept = changeSet !== null && (await deps.mass.close(ctx, changeSet, state === 'done' ? 'done' : 'cancelled'));
  await deps.db.tx(async (tx) => {
    await moveRun(
      tx,
      workspace,
      run.id,
      sql`state = ${state}, finished_at = ${deps.now()}, change_set = ${kept ? changeSet : null}`,
      ['looking', 'ready', 'running'],
    );
    await dropPortions(tx, workspace, run.id);
    if (resumed) await deps.replanSoon(tx, workspace);
  });
}
