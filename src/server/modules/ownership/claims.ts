import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Pending } from '../../../contract/approvals.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { ApprovalRule } from '../../../domain/approvals/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';
import type { Gate, Perform } from '../approvals/index.ts';
import { readOwnership } from './settings.ts';

export interface ClaimDeps {
  db: Db;
  catalog: CatalogStore;
  write: WriteDoor;
  gate: Gate;
  /** What the system may: a claim is granted by rule or by a manager, not by the claimer's own rights. */
  systemAccess: (workspace: string) => Promise<Access>;
}

/** Row of table claim. */
export interface Claim {
  id: string;
  object: string;
  record: string;
  account: string;
  before: string | null;
  at: Date;
  until: Date;
  approval: string | null;
  ended_at: Date | null;
  ended_by: string | null;
  [column: string]: unknown;
}

const DAY_MS = 86_400_000;

/** Where no rule says who decides on a claim of what somebody owns. */
const USUAL: ApprovalRule = {
  id: '01970000-0000-7000-8000-000000000003',
  kind: 'claim',
  above: 0,
  decider: { by: 'manager' },
  hours: 48,
  exceptAdmins: true,
};

/** Claims a record: at once when nobody owns it, by approval when somebody does. */
export async function claimOrAsk(
  deps: ClaimDeps,
  ctx: Ctx,
  { object: name, record }: { object: string; record: string },
): Promise<{ claim: Claim } | { approval: Pending }> {
  const account = accountOf(ctx);
  const object = objectOf(await deps.catalog.get(ctx.workspace), name);
  const owner = await ownerOf(deps.db, ctx.workspace, object, record);
  if (owner === account) throw new AppError('claim-own');
  const { mostClaims } = await readOwnership(deps.db, ctx.workspace);
  if (mostClaims > 0 && (await countClaims(deps.db, ctx, account)) >= mostClaims)
    throw new AppError('claim-limit', { limit: mostClaims });
  if (owner === null || ctx.access.admin) return { claim: await grant(deps, ctx, object, { record, before: owner }) };
  await deps.gate.ready(ctx.workspace);
  const rule = deps.gate.needed(ctx, { kind: 'claim', object: name, size: 1 }) ?? USUAL;
  const content = { object: name, record, account, owner };
  return { approval: await deps.gate.ask(ctx, rule, { kind: 'claim', object: name, size: 1, content }) };
}

/** Gives a record to who claimed it and was approved. Throws `approval-overtaken` when it has become somebody else's. */
export function performClaim(deps: ClaimDeps): Perform {
  return async (ctx, content, once) => {
    const { object: name, record, owner } = content as { object: string; record: string; owner: string | null };
    const object = objectOf(await deps.catalog.get(ctx.workspace), name);
    if ((await ownerOf(deps.db, ctx.workspace, object, record)) !== owner) throw new AppError('approval-overtaken');
    await grant(deps, ctx, object, { record, before: owner }, (tx, changeSet) => once(tx, { changeSet }));
  };
}

async function grant(
  deps: ClaimDeps,
  ctx: Ctx,
  object: ObjectDef,
  { record, before }: { record: string; before: string | null },
  once?: (tx: Tx, changeSet: string) => Promise<void>,
): Promise<Claim> {
  const { protectDays } = await readOwnership(deps.db, ctx.workspace);
  const access = await deps.systemAccess(ctx.workspace);
  const acting: Ctx = { ...ctx, access, approved: ctx.approved ?? 'claim' };
  const claim: Claim = {
    id: uuidv7(),
    object: object.name,
    record,
    account: accountOf(ctx),
    before,
    at: ctx.at,
    until: new Date(ctx.at.getTime() + protectDays * DAY_MS),
    approval: once && ctx.approved !== undefined ? ctx.approved : null,
    ended_at: null,
    ended_by: null,
  };
  const set = { [object.owner ?? '']: claim.account };
  const { outcomes } = await deps.write.write(acting, [{ op: 'update', object: object.name, id: record, set }], {
    kind: 'claim',
    reviewed: true,
    alongside: async (tx, { changeSet }) => {
      await insertClaim(tx, ctx.workspace, claim);
      await once?.(tx, changeSet ?? '');
    },
  });
  if (outcomes[0]?.status !== 'applied') throw new AppError('conflict');
  return claim;
}

/** Protects a record that somebody just got, like any claim. In the transaction in which he got it. */
export async function protect(
  tx: Tx,
  { workspace, at }: Pick<Ctx, 'workspace' | 'at'>,
  { object, record, account }: { object: string; record: string; account: string },
): Promise<void> {
  const { protectDays } = await readOwnership(tx, workspace);
  if (protectDays === 0) return;
  const until = new Date(at.getTime() + protectDays * DAY_MS);
  const claim = { id: uuidv7(), object, record, account, before: null, at, until };
  await insertClaim(tx, workspace, { ...claim, approval: null, ended_at: null, ended_by: null });
}

async function insertClaim(tx: Tx, workspace: string, claim: Claim): Promise<void> {
  const table = tableOf(workspace, 'claim');
  await tx.query(
    sql`update ${table} set ended_at = ${claim.at}, ended_by = 'claimed' where record = ${claim.record} and ended_at is null`,
  );
  await tx.query(sql`insert into ${table} (id, object, record, account, before, at, until, approval)
    values (${claim.id}, ${claim.object}, ${claim.record}, ${claim.account}, ${claim.before}, ${claim.at}, ${claim.until}, ${claim.approval})`);
}

export function claimsOf(on: Queryable, workspace: string, record: string): Promise<Claim[]> {
  return on.query<Claim>(
    sql`select * from ${tableOf(workspace, 'claim')} where record = ${record} order by at desc limit 50`,
  );
}

/** Until when records are protected. */
export async function protectionOf(
  on: Queryable,
  workspace: string,
  records: string[],
  now: Date,
): Promise<Map<string, Date>> {
  const rows = await on.query<{
    record: string;
    until: Date;
  }>(sql`select record, until from ${tableOf(workspace, 'claim')}
    where record = any(${records}::uuid[]) and ended_at is null and until > ${now}`);
  return new Map(rows.map(({ record, until }) => [record, until]));
}

async function countClaims(on: Queryable, ctx: Ctx, account: string): Promise<number> {
  const [row] = await on.query<{ n: number }>(sql`select count(*)::int as n from ${tableOf(ctx.workspace, 'claim')}
    where account = ${account} and ended_at is null and until > ${ctx.at}`);
  return row?.n ?? 0;
}

/** Who looks after a living record; somebody who can't sign in any more is nobody. */
async function ownerOf(on: Queryable, workspace: string, object: ObjectDef, record: string): Promise<string | null> {
  if (!object.owner) throw new AppError('not-found');
  const [row] = await on.query<{
    owner: string | null;
  }>(sql`select u.id::text as owner from ${tableOf(workspace, object.name)} t
    left join auth."user" u on u.id::text = t.${ident(object.owner)}::text and not u.disabled
    where t.id = ${record} and t.deleted_at is null`);
  if (!row) throw new AppError('not-found');
  return row.owner;
}

const accountOf = (ctx: Ctx): string => ctx.actor.replace(/^user:/, '');
