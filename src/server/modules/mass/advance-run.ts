import sql from 'sql-template-tag';
import { AppError, errorMessage } from '../../../contract/errors.ts';
import { databaseError } from '../../platform/postgres/connect.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { touchedPortions } from '../../records/mass/undo-portion.ts';
import type { Ctx } from '../../records/types.ts';
import type { Perform } from '../approvals/index.ts';
import { ctxOfRun, type MassDeps, portionOf } from './deps.ts';
import { lookAtRun } from './look-run.ts';
import { keepPortions, moveRun, newRun, type Run, readRun } from './run-store.ts';
import { finishRun, writeRun } from './write-run.ts';

/** Errors of our own making are tried again so often before the run is given up. */
const ATTEMPTS = 5;

/** Does what the state of a run asks for, until it asks for nothing more: looking → ready; running → done or cancelled. */
export async function advanceRun(
  deps: MassDeps,
  workspace: string,
  id: string,
  { signal, attempt, looksOnly = false }: { signal: AbortSignal; attempt: number; looksOnly?: boolean },
): Promise<void> {
  while (!signal.aborted) {
    const run = await readRun(deps.db, workspace, id);
    try {
      if (run.state === 'looking') {
        if (run.cancel) await finishRun(deps, workspace, run, 'cancelled', false);
        else await lookAtRun(deps, workspace, run, signal);
        if (run.starts) await beginRun(deps, workspace, id);
      } else if (run.state === 'running' && !looksOnly) await writeRun(deps, workspace, run, signal);
      else return;
    } catch (error) {
      if (
        databaseError(error) ||
        (!(error instanceof AppError && error.code === 'invalid-input') && attempt < ATTEMPTS)
      )
        throw error;
      await fail(deps, workspace, run, error);
      return;
    }
  }
}

/**
 * From `ready` on to writing, with the change set it writes into. A run that needs a second person waits for him instead (`asked`).
 * @param once of an approval that was given: runs in the transaction that begins it
 */
export async function beginRun(
  deps: MassDeps,
  workspace: string,
  id: string,
  once?: (tx: Tx) => Promise<void>,
): Promise<'begun' | 'asked' | 'not-ready'> {
  const run = await readRun(deps.db, workspace, id);
  if (run.state !== 'ready') return 'not-ready';
  const ctx = await ctxOfRun(deps, workspace, run);
  if (!once && (await askFirst(deps, ctx, run))) return 'asked';
  const begun = await deps.db.tx(async (tx) => {
    // Of records that were read one by one only those that change are left in the run; what was found of the others stands.
    const read = run.action.kind === 'replace' || run.action.kind === 'standardise';
    const counts = read && run.preview ? { change: 0, same: run.preview.same, refused: run.preview.refused } : {};
    // Set first: of two who start it one waits here and finds it begun.
    if (
      !(await moveRun(
        tx,
        workspace,
        id,
        sql`state = 'running', done = 0, cancel = false, counts = ${JSON.stringify(counts)}::jsonb, started_at = ${deps.now()}`,
        ['ready'],
      ))
    )
      return false;
    const changeSet = await deps.mass.open(tx, ctx, run.action.kind === 'standardise' ? 'standardise' : 'bulk');
    await moveRun(tx, workspace, id, sql`change_set = ${changeSet}`, ['running']);
    await once?.(tx);
    return true;
  });
  return begun ? 'begun' : 'not-ready';
}

/** Asks for approval of a run whose size, or whose field, takes one. The records are those found: later ones are not in it. */
async function askFirst(deps: MassDeps, ctx: Ctx, run: Run): Promise<boolean> {
  await deps.gate.ready(ctx.workspace);
  const size = run.preview?.change ?? run.found;
  const field = 'field' in run.action ? run.action.field : undefined;
  const guarded =
    field !== undefined &&
    (await deps.catalog.get(ctx.workspace)).objects
      .find(({ name }) => name === run.object)
      ?.fields.some((one) => one.name === field && one.protected);
  const act = { object: run.object, size };
  const { approved: _, ...plain } = ctx;
  const rule =
    deps.gate.needed(plain, { kind: 'mass', ...act }) ??
    (guarded && size > 0 ? deps.gate.needed(plain, { kind: 'protected', ...act, field }) : null);
  if (!rule) return false;
  const content = { run: run.id, object: run.object, action: run.action, target: run.target, found: run.found };
  await deps.db.tx(async (tx) => {
    const { id } = await deps.gate.ask(plain, rule, { kind: 'mass', object: run.object, size, content }, tx);
    await moveRun(tx, ctx.workspace, run.id, sql`approval = ${id}`, ['ready']);
  });
  return true;
}

/** Begins a run that somebody agreed to. Throws `mass-not-ready` when it was cancelled meanwhile, `not-found` when it is gone. */
export function performMass(deps: MassDeps & { kick(workspace: string, run: string): Promise<void> }): Perform {
  return async (ctx, content, once) => {
    const { run } = content as { run: string };
    const begun = await beginRun(deps, ctx.workspace, run, (tx) => once(tx, { run }));
    if (begun !== 'begun') throw new AppError('mass-not-ready');
    await deps.kick(ctx.workspace, run);
  };
}

/** A run that takes a change set back, begun. Throws when the set can't be undone, or is not the actor's. */
export async function beginUndo(deps: MassDeps, ctx: Ctx, changeSet: string): Promise<string> {
  const { workspace } = ctx;
  return deps.db.tx(async (tx) => {
    const into = await deps.mass.beginUndo(tx, ctx, changeSet);
    const action = { kind: 'undo' as const, changeSet };
    const id = await newRun(tx, ctx, {
      action,
      target: { object: '' },
      starts: true,
      state: 'running',
      changeSet: into,
    });
    const found = await keepPortions(tx, workspace, id, touchedPortions(workspace, changeSet, portionOf(deps, 'set')));
    await moveRun(tx, workspace, id, sql`found = ${found}, total = ${found}, started_at = ${deps.now()}`, ['running']);
    return id;
  });
}

/** What was done stays, as a change set that can be undone; the run says why it went no further. */
async function fail(deps: MassDeps, workspace: string, run: Run, error: unknown): Promise<void> {
  deps.log.error({ err: error, mass: run.id }, 'mass operation failed');
  const params = { requestId: run.id, count: 1 };
  const code = error instanceof AppError ? error.code : 'internal';
  const issue = error instanceof AppError ? error.issues?.[0]?.message : undefined;
  const message = issue
    ? { zh: issue, en: issue }
    : { zh: errorMessage(code, 'zh', params), en: errorMessage(code, 'en', params) };
  await moveRun(deps.db, workspace, run.id, sql`error = ${JSON.stringify({ code, message })}::jsonb`, [run.state]);
  await finishRun(deps, workspace, run, 'failed', run.done > 0);
}
