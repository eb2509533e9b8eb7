import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { HandoverWish } from '../../../contract/ownership.ts';
import type { Ctx } from '../../records/types.ts';
import { findApproval } from '../approvals/index.ts';
import { advanceRun, beginUndo, type MassDeps, newRun, readRun } from '../mass/index.ts';
import { endHandover, findHandover, type Handover, insertHandover, markUndone, setRun } from './handover-store.ts';
import { countOwned, endAccess, type LeavingDeps, ownedObjects } from './leaving.ts';

export interface HandoverDeps extends LeavingDeps {
  massing: MassDeps;
  /** After an account was disabled: the next request is looked up anew. */
  forget(): void;
}

/** Ends somebody's access at once, and puts down what is to be handed over. Gives the id; a worker does it. */
export async function beginHandover(
  deps: HandoverDeps,
  ctx: Ctx,
  account: string,
  wish: HandoverWish,
  soon: (id: string) => Promise<void>,
): Promise<string> {
  const { workspace, at, actor } = ctx;
  if (actor === `user:${account}`) throw new AppError('leaver-self');
  const [heir] = wish.to;
  if (heir === undefined || wish.to.includes(account)) throw new AppError('leaver-heir');
  const runs: Handover['runs'] = [];
  for (const object of ownedObjects(await deps.catalog.get(workspace)))
    if ((await countOwned(deps.db, workspace, object, account)) > 0) runs.push({ object: object.name, run: null });
  const id = uuidv7();
  await deps.db.tx(async (tx) => {
    const ended = await endAccess(tx, workspace, account, { now: at, heir });
    await insertHandover(tx, workspace, { id, account, at, actor, wish, runs, ended });
  });
  deps.forget();
  await soon(id);
  return id;
}

/** Does what is left of a handing over, object by object, each as a mass operation of its own. Goes on after a kill where it was. */
export async function advanceHandover(
  deps: HandoverDeps,
  ctxOf: (actor: string) => Promise<Ctx>,
  workspace: string,
  id: string,
  run: { signal: AbortSignal; attempt: number },
): Promise<void> {
  const handover = await findHandover(deps.db, workspace, id);
  if (handover?.state !== 'running') return;
  let failed = false;
  let waits = false;
  for (const [place, part] of handover.runs.entries()) {
    if (run.signal.aborted) return;
    const mass = part.run ?? (await beginPart(deps, await ctxOf(handover.actor), handover, place, part.object));
    if (mass === null) return;
    await advanceRun(deps.massing, workspace, mass, run);
    const { state, approval } = await readRun(deps.db, workspace, mass);
    // A second person has to agree first: the next look takes it up again, whatever he says.
    if (state === 'ready' && (await isOpen(deps, workspace, approval))) waits = true;
    else failed ||= state !== 'done';
  }
  if (!run.signal.aborted && !waits) await endHandover(deps.db, workspace, id, failed ? 'failed' : 'done');
}

/** Whether somebody may still agree, or has and it is about to begin. */
async function isOpen({ db }: HandoverDeps, workspace: string, approval: string | null): Promise<boolean> {
  const asked = approval === null ? undefined : await findApproval(db, workspace, approval);
  return asked?.state === 'open' || asked?.state === 'approved';
}

/** null: another process does it. */
async function beginPart(
  deps: HandoverDeps,
  ctx: Ctx,
  { id, account, wish, reason }: Handover,
  place: number,
  name: string,
): Promise<string | null> {
  const object = (await deps.catalog.get(ctx.workspace)).objects.find((one) => one.name === name);
  if (!object?.owner) throw new AppError('not-found');
  const field = object.owner;
  const { to, by, territories } = wish;
  const action = { kind: 'assign' as const, field, to, by, territories, follow: true, except: account };
  const target = { object: name, filter: { field, op: 'eq' as const, value: account } };
  const why = reason ?? (ctx.lang === 'zh' ? '离职交接' : 'Handed over by a leaver');
  return deps.db.tx(async (tx) => {
    const mass = await newRun(tx, { ...ctx, reason: why }, { action, target, starts: true });
    // Who came second leaves no operation behind.
    return (await setRun(tx, ctx.workspace, id, place, mass)) ? mass : null;
  });
}

/** Gives back what was handed over, last part first, as far as nobody has handed it on since. Returns the operations that do it. */
export async function undoHandover(deps: HandoverDeps, ctx: Ctx, id: string): Promise<string[]> {
  const handover = await findHandover(deps.db, ctx.workspace, id);
  if (!handover) throw new AppError('not-found');
  if (!(await markUndone(deps.db, ctx.workspace, id, ctx))) throw new AppError('mass-not-ready');
  const undoing: string[] = [];
  for (const { run } of handover.runs.toReversed()) {
    const changeSet = run === null ? null : (await readRun(deps.db, ctx.workspace, run)).change_set;
    if (changeSet !== null) undoing.push(await beginUndo(deps.massing, ctx, changeSet));
  }
  return undoing;
}
