import { createHash } from 'node:crypto';
import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import {
  type ApprovalKind,
  type ApprovalRule,
  type ApprovalState,
  canonicalText,
  deadlines,
} from '../../../domain/approvals/index.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

/** Row of table approval. */
export interface Approval {
  id: string;
  kind: ApprovalKind;
  object: string | null;
  size: number;
  asker: string;
  role: 'admin' | 'member';
  source: Ctx['source'];
  lang: Ctx['lang'];
  reason: string | null;
  content: unknown;
  hash: string;
  rule: ApprovalRule;
  manager: string | null;
  at: Date;
  due: Date;
  lapses: Date;
  state: ApprovalState;
  escalated: boolean;
  decided_at: Date | null;
  decided_by: string | null;
  word: string | null;
  ended_at: Date | null;
  result: Result | null;
  error: { code: string; message: { zh: string; en: string } } | null;
  [column: string]: unknown;
}

/** Ids of what was done. */
export interface Result {
  changeSet?: string;
  run?: string;
  export?: string;
  campaign?: string;
}

export interface NewApproval {
  kind: ApprovalKind;
  object?: string | undefined;
  size: number;
  /** What runs when it is approved, as JSON. */
  content: unknown;
}

const table = (workspace: string): Sql => tableOf(workspace, 'approval');
const steps = (workspace: string): Sql => tableOf(workspace, 'approval_step');

/** What is agreed to: kind and content, in one form. */
export const hashOf = (kind: ApprovalKind, content: unknown): string =>
  createHash('sha256')
    .update(`xianke-approval-1\n${kind}\n${canonicalText(content)}`)
    .digest('hex');

/** A request, or the open one for the very same thing. `made`: it is new. */
export async function insertApproval(
  tx: Tx,
  ctx: Ctx,
  rule: ApprovalRule,
  manager: string | null,
  wish: NewApproval,
): Promise<{ approval: Approval; made: boolean }> {
  const { due, lapses } = deadlines(rule, ctx.at);
  const hash = hashOf(wish.kind, wish.content);
  const [row] = await tx.query<Approval>(sql`
    insert into ${table(ctx.workspace)} (id, kind, object, size, asker, role, source, lang, reason, content, hash, rule, manager, at, due, lapses)
    values (${uuidv7()}, ${wish.kind}, ${wish.object ?? null}, ${wish.size}, ${ctx.actor}, ${ctx.access.admin ? 'admin' : 'member'},
      ${ctx.source}, ${ctx.lang}, ${ctx.reason?.trim() || null}, ${JSON.stringify(wish.content)}::jsonb, ${hash},
      ${JSON.stringify(rule)}::jsonb, ${manager}, ${ctx.at}, ${due}, ${lapses})
    on conflict (asker, hash) where state = 'open' do nothing returning *`);
  if (row) {
    await addStep(tx, ctx.workspace, row.id, { at: ctx.at, actor: ctx.actor, what: 'asked', word: row.reason });
    return { approval: row, made: true };
  }
  const [open] = await tx.query<Approval>(
    sql`select * from ${table(ctx.workspace)} where asker = ${ctx.actor} and hash = ${hash} and state = 'open'`,
  );
  if (!open) throw new Error('an approval that was open is not any more');
  return { approval: open, made: false };
}

export async function findApproval(on: Queryable, workspace: string, id: string): Promise<Approval | null> {
  const [row] = await on.query<Approval>(sql`select * from ${table(workspace)} where id = ${id}`);
  return row ?? null;
}

/** From one state into another, with what else is set. null: it was in none of `from`. */
export async function moveApproval(
  on: Queryable,
  workspace: string,
  id: string,
  from: ApprovalState[],
  set: Sql,
): Promise<Approval | null> {
  const [row] = await on.query<Approval>(
    sql`update ${table(workspace)} set ${set} where id = ${id} and state = any(${from}::text[]) returning *`,
  );
  return row ?? null;
}

/** One line of the trail. */
export interface Step {
  at: Date;
  /** `user:ID`, `system`. */
  actor: string;
  /** asked, approved, refused, withdrawn, escalated, lapsed, done, failed. */
  what: string;
  word?: string | null;
}

export async function addStep(on: Queryable, workspace: string, id: string, step: Step): Promise<void> {
  await on.query(sql`insert into ${steps(workspace)} (approval, n, at, actor, what, word)
    select ${id}::uuid, coalesce(max(n), 0) + 1, ${step.at}::timestamptz, ${step.actor}, ${step.what}, ${step.word ?? null}
    from ${steps(workspace)} where approval = ${id}::uuid`);
}

export async function trailsOf(on: Queryable, workspace: string, ids: string[]): Promise<Map<string, Step[]>> {
  const rows = await on.query<Step & { approval: string }>(
    sql`select approval, at, actor, what, word from ${steps(workspace)} where approval = any(${ids}::uuid[]) order by approval, n`,
  );
  const trails = new Map<string, Step[]>(ids.map((id) => [id, []]));
  for (const { approval, ...step } of rows) trails.get(approval)?.push(step);
  return trails;
}

/** Open ones, oldest deadline first; there are few. */
export function openApprovals(on: Queryable, workspace: string): Promise<Approval[]> {
  return on.query<Approval>(sql`select * from ${table(workspace)} where state = 'open' order by due, id limit 1000`);
}

/** Newest first. @param asker only his */
export function listApprovals(
  on: Queryable,
  workspace: string,
  { asker, before, limit }: { asker: string | null; before?: string | undefined; limit: number },
): Promise<Approval[]> {
  return on.query<Approval>(sql`select * from ${table(workspace)}
    where (${asker}::text is null or asker = ${asker}) and (${before ?? null}::uuid is null or id < ${before ?? null}::uuid)
    order by id desc limit ${limit}`);
}

/** Agreed to and not done yet: after a crash they are taken up again. */
export async function unfinishedApprovals(on: Queryable, workspace: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id from ${table(workspace)} where state = 'approved' order by id limit 100`,
  );
  return rows.map(({ id }) => id);
}
