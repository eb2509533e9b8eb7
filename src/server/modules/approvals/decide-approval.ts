import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { mayDecide } from '../../../domain/approvals/index.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import type { AuditStore } from '../audit/index.ts';
import { notify } from '../reminders/index.ts';
import { type Approval, addStep, findApproval, moveApproval, openApprovals } from './approval-store.ts';
import { administrators } from './deciders.ts';
import { noteApproval } from './gate.ts';
import { tellAsker } from './run-approval.ts';

export interface DecideDeps {
  db: Db;
  audit: AuditStore;
  /** Roles that a person has. */
  rolesOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<string[]>;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  /** Has an approved request run, when the transaction commits. */
  runSoon: (tx: Tx, workspace: string, id: string) => Promise<void>;
}

/** Approves or refuses. Throws `not-found` for those who may not, `approval-decided` when somebody was faster. */
export async function decideApproval(
  deps: DecideDeps,
  ctx: Ctx,
  id: string,
  { approve, word, hash }: { approve: boolean; word?: string | undefined; hash: string },
): Promise<void> {
  const { workspace, at, actor } = ctx;
  const approval = await findApproval(deps.db, workspace, id);
  if (!approval || !mayDecide(approval, await deciding(deps, ctx), at)) throw new AppError('not-found');
  if (approval.state !== 'open') throw new AppError('approval-decided');
  if (approval.hash !== hash) throw new AppError('conflict');
  if (!approve && !word) throw new AppError('approval-word');
  const what = approve ? 'approved' : 'refused';
  await deps.db.tx(async (tx) => {
    const set = sql`state = ${what}, decided_at = ${at}, decided_by = ${actor}, word = ${word || null}`;
    const moved = await moveApproval(tx, workspace, id, ['open'], set);
    if (!moved) throw new AppError('approval-decided');
    await addStep(tx, workspace, id, { at, actor, what, word: word || null });
    if (approve) await deps.runSoon(tx, workspace, id);
    else await tellAsker(tx, workspace, moved, 'approval-refused', at, { word: word ?? '' });
  });
  await noteApproval(deps.audit, workspace, approval, { at, actor, what, word: word || null });
}

export async function withdrawApproval(deps: DecideDeps, ctx: Ctx, id: string): Promise<void> {
  const { workspace, at, actor } = ctx;
  const approval = await findApproval(deps.db, workspace, id);
  if (!approval || approval.asker !== actor) throw new AppError('not-found');
  await deps.db.tx(async (tx) => {
    if (!(await moveApproval(tx, workspace, id, ['open'], sql`state = 'withdrawn', ended_at = ${at}`)))
      throw new AppError('approval-decided');
    await addStep(tx, workspace, id, { at, actor, what: 'withdrawn' });
  });
  await noteApproval(deps.audit, workspace, approval, { at, actor, what: 'withdrawn' });
}

/** Who calls, as far as deciding asks. */
export async function deciding(deps: DecideDeps, ctx: Ctx) {
  const account = ctx.actor.replace(/^user:/, '');
  const roles = await deps.rolesOf(ctx.workspace, { id: account, role: ctx.access.admin ? 'admin' : 'member' });
  return { account, roles, admin: ctx.access.admin };
}

/** What is overdue goes to the deputy, or to administrators; what nobody decided on lapses. Returns how many moved. */
export async function tendApprovals(
  deps: Pick<DecideDeps, 'db' | 'audit' | 'names'>,
  workspace: string,
  now: Date,
): Promise<number> {
  let moved = 0;
  for (const approval of await openApprovals(deps.db, workspace)) {
    if (now < approval.due) break;
    if (now >= approval.lapses) moved += await lapse(deps, workspace, approval, now);
    else if (!approval.escalated) moved += await escalate(deps, workspace, approval, now);
  }
  return moved;
}

async function lapse(
  { db, audit }: Pick<DecideDeps, 'db' | 'audit'>,
  workspace: string,
  approval: Approval,
  at: Date,
): Promise<number> {
  const done = await db.tx(async (tx) => {
    if (!(await moveApproval(tx, workspace, approval.id, ['open'], sql`state = 'lapsed', ended_at = ${at}`)))
      return false;
    await addStep(tx, workspace, approval.id, { at, actor: 'system', what: 'lapsed' });
    await tellAsker(tx, workspace, approval, 'approval-lapsed', at);
    return true;
  });
  if (done) await noteApproval(audit, workspace, approval, { at, actor: 'system', what: 'lapsed' });
  return done ? 1 : 0;
}

async function escalate(
  { db, names }: Pick<DecideDeps, 'db' | 'names'>,
  workspace: string,
  approval: Approval,
  at: Date,
): Promise<number> {
  const { deputy } = approval.rule;
  const name = (await names(workspace, [approval.asker]))[approval.asker] ?? '';
  await db.tx(async (tx) => {
    if (!(await moveApproval(tx, workspace, approval.id, ['open'], sql`escalated = true`))) return;
    await addStep(tx, workspace, approval.id, { at, actor: 'system', what: 'escalated' });
    const accounts = deputy ? [deputy] : await administrators(tx, approval.asker);
    for (const account of accounts)
      await notify(
        tx,
        workspace,
        {
          account,
          cause: `approval-overdue ${approval.id}`,
          kind: 'approval-overdue',
          params: { name, count: approval.size },
        },
        at,
      );
  });
  return 1;
}
