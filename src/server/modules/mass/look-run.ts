import sql, { empty } from 'sql-template-tag';
import { addCounts, type MassPlan, NONE } from '../../records/mass/door.ts';
import type { Ctx } from '../../records/types.ts';
import { foundBy } from '../scans/index.ts';
import { lookAtShares, plainAction, sharesSql } from './assign.ts';
import { ctxOfRun, type MassDeps, portionOf } from './deps.ts';
import {
  foundIn,
  itemsOf,
  keepPortions,
  moveRun,
  narrowPortion,
  openPortions,
  type Run,
  readPortion,
} from './run-store.ts';

/**
 * Finds the records and counts what would become of them, changing nothing. The records stay as they were found: what the operation changes can't
 * take others out of it, and what comes to match later is not in it.
 */
export async function lookAtRun(deps: MassDeps, workspace: string, run: Run, signal: AbortSignal): Promise<void> {
  if (run.action.kind === 'undo') throw new Error('an undo is not looked at');
  const ctx = await ctxOfRun(deps, workspace, run);
  const plan = await deps.mass.plan(ctx, run.object, plainAction(run.action, null));
  const found = await findRecords(deps, ctx, plan, run);
  const counted =
    run.action.kind === 'assign'
      ? await lookAtShares(deps, ctx, run, run.action)
      : await deps.mass.look(ctx, plan, itemsOf(workspace, run.id));
  const preview = counted
    ? { ...counted.counts, samples: counted.samples }
    : await readThrough(deps, ctx, plan, run, signal);
  if (preview === null) return;
  const total = counted ? found : preview.change;
  const set = sql`preview = ${JSON.stringify(preview)}::jsonb, found = ${found}, total = ${total}, state = 'ready'`;
  await moveRun(deps.db, workspace, run.id, set, ['looking']);
}

async function findRecords(deps: MassDeps, ctx: Ctx, plan: MassPlan, run: Run): Promise<number> {
  const { id, target } = run;
  const { object, filter, search, deleted, ids, scan } = target;
  const { table, where } = await deps.read.select(ctx, {
    object,
    ...(filter && { filter }),
    ...(search !== undefined && { search }),
    deleted: deleted ?? (plan.kind === 'life' && plan.action.kind === 'restore'),
  });
  const size = portionOf(deps, plan.path);
  const within = sql`${where} and (${ids ?? null}::uuid[] is null or t.id = any(${ids ?? null}::uuid[]))
    ${scan ? sql`and ${foundBy(ctx.workspace, scan.id, scan.kind)}` : empty}`;
  if (run.action.kind === 'assign') {
    const shared = await sharesSql(deps, ctx, plan.object, run.action, { table, where: within }, size);
    return deps.db.tx((tx) => keepPortions(tx, ctx.workspace, id, shared));
  }
  return deps.db.tx((tx) =>
    keepPortions(
      tx,
      ctx.workspace,
      id,
      sql`select g as n, array_agg(x.id order by x.id) as records, array_agg(x.version order by x.id) as versions
        from (select t.id, t.version, ((row_number() over (order by t.id) - 1) / ${size}::int)::int as g from ${table} t
          where ${within}) x group by g`,
    ),
  );
}

/** Reads every record, a portion at a time; only those that would change stay in the run. null: the server stops, it goes on later. */
async function readThrough(deps: MassDeps, ctx: Ctx, plan: MassPlan, run: Run, signal: AbortSignal) {
  const { workspace } = ctx;
  for (const n of await openPortions(deps.db, workspace, run.id, 'found')) {
    if (signal.aborted) return null;
    const portion = await readPortion(deps.db, workspace, run.id, n);
    const { counts, keep } = await deps.mass.lookAt(ctx, plan, portion);
    await narrowPortion(deps.db, workspace, run.id, n, keep, counts);
    const done = portion.records.length;
    if (
      !(await moveRun(deps.db, workspace, run.id, sql`done = done + ${done}, total = greatest(total, done + ${done})`, [
        'looking',
      ]))
    )
      return null;
  }
  const { counts, first } = await foundIn(deps.db, workspace, run.id);
  return { ...counts.reduce(addCounts, NONE), samples: await deps.mass.samples(ctx, plan, first) };
}
