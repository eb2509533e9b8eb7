import sql from 'sql-template-tag';
import { AppError, errorMessage } from '../../../contract/errors.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { ApprovalKind } from '../../../domain/approvals/index.ts';
import type { Log } from '../../platform/log.ts';
import { databaseError } from '../../platform/postgres/connect.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import type { AuditStore } from '../audit/index.ts';
import { notify } from '../reminders/index.ts';
import { type Approval, addStep, findApproval, hashOf, moveApproval, type Result } from './approval-store.ts';
import { noteApproval } from './gate.ts';

/** Marks the request done, in the transaction that does it; throws when it was done before. */
export type Once = (tx: Tx, result: Result) => Promise<void>;

/** Does what was agreed to, calling `once` in its own transaction. Throws an AppError when it can't be done any more. */
export type Perform = (ctx: Ctx, content: unknown, once: Once) => Promise<void>;

export interface RunDeps {
  db: Db;
  audit: AuditStore;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  performers: Readonly<Partial<Record<ApprovalKind, Perform>>>;
  log: Log;
  now: () => Date;
}

/** Somebody else has done it meanwhile: what this one did goes with its transaction. */
class DoneAlready extends Error {}

/**
 * Runs an approved request once, as the person who asked, with what he may do now. A kill at any moment loses nothing and doubles nothing: it is done in the
 * transaction that says so. What was agreed to is compared by its hash first.
 */
export async function runApproval(
  deps: RunDeps,
  workspace: string,
  id: string,
  { lastAttempt }: { lastAttempt: boolean },
): Promise<void> {
  const approval = await findApproval(deps.db, workspace, id);
  if (approval?.state !== 'approved') return;
  const once: Once = async (tx, result) => {
    const set = sql`state = 'done', ended_at = ${deps.now()}, result = ${JSON.stringify(result)}::jsonb`;
    const moved = await moveApproval(tx, workspace, id, ['approved'], set);
    if (!moved) throw new DoneAlready();
    await addStep(tx, workspace, id, { at: deps.now(), actor: 'system', what: 'done' });
    await tellAsker(tx, workspace, moved, 'approval-done', deps.now());
  };
  try {
    if (hashOf(approval.kind, approval.content) !== approval.hash) throw new AppError('approval-tampered');
    const perform = deps.performers[approval.kind];
    if (!perform) throw new Error(`nobody performs ${approval.kind}`);
    await perform(await ctxOf(deps, workspace, approval), approval.content, once);
  } catch (error) {
    if (error instanceof DoneAlready) return;
    if (!(error instanceof AppError) && (databaseError(error) || !lastAttempt)) throw error;
    await fail(deps, workspace, approval, error);
    return;
  }
  await noteApproval(deps.audit, workspace, approval, { at: deps.now(), actor: 'system', what: 'done' });
}

async function ctxOf(deps: RunDeps, workspace: string, approval: Approval): Promise<Ctx> {
  const account = approval.asker.replace(/^user:/, '');
  const [found] = await deps.db.query<{ role: 'admin' | 'member' }>(
    sql`select role from auth."user" where id::text = ${account} and not disabled`,
  );
  if (!found) throw new AppError('approval-asker-gone');
  return {
    workspace,
    actor: approval.asker,
    source: approval.source,
    access: await deps.accessOf(workspace, { id: account, role: found.role }),
    at: deps.now(),
    lang: approval.lang,
    approved: approval.id,
    ...(approval.reason !== null && { reason: approval.reason }),
  };
}

async function fail(deps: RunDeps, workspace: string, approval: Approval, error: unknown): Promise<void> {
  if (!(error instanceof AppError)) deps.log.error({ err: error, approval: approval.id }, 'approval failed');
  const code = error instanceof AppError ? error.code : 'internal';
  const params = { ...(error instanceof AppError && error.params), requestId: approval.id };
  const message = { zh: errorMessage(code, 'zh', params), en: errorMessage(code, 'en', params) };
  await deps.db.tx(async (tx) => {
    const set = sql`state = 'failed', ended_at = ${deps.now()}, error = ${JSON.stringify({ code, message })}::jsonb`;
    if (!(await moveApproval(tx, workspace, approval.id, ['approved'], set))) return;
    await addStep(tx, workspace, approval.id, { at: deps.now(), actor: 'system', what: 'failed', word: code });
    await tellAsker(tx, workspace, approval, 'approval-failed', deps.now());
  });
  await noteApproval(deps.audit, workspace, approval, { at: deps.now(), actor: 'system', what: 'failed' });
}

export async function tellAsker(
  tx: Tx,
  workspace: string,
  approval: Approval,
  kind: 'approval-done' | 'approval-failed' | 'approval-refused' | 'approval-lapsed',
  at: Date,
  params: Record<string, string | number> = {},
): Promise<void> {
  const cause = `${kind} ${approval.id}`;
  await notify(
    tx,
    workspace,
    { account: approval.asker, cause, kind, params: { count: approval.size, ...params } },
    at,
  );
}
