import sql from 'sql-template-tag';
import { errorMessage } from '../../../contract/errors.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Log } from '../../platform/log.ts';
import { databaseError } from '../../platform/postgres/connect.ts';
import { TableError } from '../../platform/tabular/notice.ts';
import { ctxOfRun, type ImportDeps } from './deps.ts';
import { previewImport } from './preview-import.ts';
import { readImport } from './read-import.ts';
import { type RunHooks, runImport } from './run-import.ts';
import { type RunState, readRun, updateRun } from './run-store.ts';
import { applySheet } from './sheets/apply-sheet.ts';
import { compareSheet } from './sheets/compare-sheet.ts';

/** Tells pages that an import moved on. */
export type Moved = (event: { id: string; state: RunState }) => void;

export interface ImportSteps {
  /** Does what the state of an import asks for, until it asks for nothing more. Elsewhere already at work: returns at once. */
  advance(id: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The state machine of imports: reading → previewing → ready; running → done; undoing → undone. Whoever holds the advisory lock of an import
 * works on it; the lock goes with the process, so after a kill any node may go on.
 */
export function createImportSteps(deps: ImportDeps, log: Log, moved: Moved): ImportSteps {
  const abort = new AbortController();
  const active = new Map<string, Promise<void>>();

  function advance(id: string): Promise<void> {
    // Asked again while at work: the state may have moved after our last look, so look once more.
    const before = active.get(id) ?? Promise.resolve();
    const work = before
      .then(() => locked(id))
      .finally(() => {
        if (active.get(id) === work) active.delete(id);
      });
    active.set(id, work);
    return work;
  }

  async function locked(id: string): Promise<void> {
    const client = await deps.db.pool.connect();
    const key = sql`hashtextextended(${`import ${id}`}, 0)`;
    try {
      const [lock] = (await client.query(sql`select pg_try_advisory_lock(${key}) as got`)).rows as { got: boolean }[];
      if (!lock?.got) return;
      for (;;) {
        if (abort.signal.aborted) return;
        const { state } = await readRun(deps.db, deps.workspace, id);
        moved({ id, state });
        if (!(await step(id, state))) return;
      }
    } catch (error) {
      log.error({ err: error, import: id }, 'import');
    } finally {
      // A connection that can't unlock is thrown away, and the lock goes with it.
      const broken = await client.query(sql`select pg_advisory_unlock(${key})`).then(
        () => undefined,
        (error: Error) => error,
      );
      client.release(broken);
    }
  }

  function hooks(id: string, state: RunState): RunHooks {
    let last = 0;
    const progress = () => {
      if (Date.now() - last < 500) return;
      last = Date.now();
      moved({ id, state });
    };
    return { signal: abort.signal, progress };
  }

  /** One state's work; false when the state asks for none. */
  async function step(id: string, state: RunState): Promise<boolean> {
    try {
      if (state === 'reading') await readImport(deps, id);
      else if (state === 'previewing') {
        const run = await readRun(deps.db, deps.workspace, id);
        if (run.round_trip) await compareSheet(deps, run, hooks(id, state));
        else await previewImport(deps, id);
      } else if (state === 'running') {
        const run = await readRun(deps.db, deps.workspace, id);
        await (run.round_trip ? applySheet : runImport)(deps, id, hooks(id, state));
      } else if (state === 'undoing') await undo(id);
      else return false;
    } catch (error) {
      const passing = databaseError(error);
      if (passing) {
        // The database is restarting or full: nothing is lost, the sweep takes it up at the checkpoint.
        log.warn({ err: error, import: id }, passing.code);
        return false;
      }
      await fail(id, error);
    }
    return !abort.signal.aborted;
  }

  async function undo(id: string): Promise<void> {
    const run = await readRun(deps.db, deps.workspace, id);
    if (run.change_set) await deps.write.undo(await ctxOfRun(deps, run), run.change_set);
    await updateRun(deps.db, deps.workspace, id, { state: 'undone' }, ['undoing']);
  }

  async function fail(id: string, error: unknown): Promise<void> {
    const known = error instanceof TableError;
    if (!known) log.error({ err: error, import: id }, 'import failed');
    const text: Label = known
      ? error.text
      : {
          zh: errorMessage('internal', 'zh', { requestId: id }),
          en: errorMessage('internal', 'en', { requestId: id }),
        };
    await updateRun(deps.db, deps.workspace, id, {
      state: 'failed',
      error: { code: known ? error.code : 'internal', text },
      finished_at: deps.now(),
    });
  }

  return {
    advance,
    async stop() {
      abort.abort();
      await Promise.all(active.values());
    },
  };
}
