import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { LeavingView } from '../../../contract/ownership.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import type { ApprovalRuleStore } from '../approvals/index.ts';
import type { Ended } from './handover-store.ts';

export interface LeavingDeps {
  db: Db;
  catalog: CatalogStore;
  approvalRules: ApprovalRuleStore;
}

/** Objects whose records are owned, those that others belong to first: what belongs to them goes with them. */
export function ownedObjects(catalog: Catalog): ObjectDef[] {
  const owned = catalog.objects.filter(({ owner, retired }) => owner !== undefined && !retired);
  const depth = (object: ObjectDef): number => {
    const target = object.fields.find(({ name }) => name === object.parent)?.target;
    const above = target === undefined ? undefined : owned.find(({ name }) => name === target);
    return above && above !== object ? 1 + depth(above) : 0;
  };
  return owned
    .map((object, place) => ({ object, place, depth: depth(object) }))
    .sort((a, b) => a.depth - b.depth || a.place - b.place)
    .map(({ object }) => object);
}

/** What would be ended and handed over if somebody left now. */
export async function lookAtLeaving(deps: LeavingDeps, ctx: Ctx, account: string): Promise<LeavingView> {
  const { db } = deps;
  const { workspace } = ctx;
  const [person] = await db.query<{ name: string; disabled: boolean }>(
    sql`select name, disabled from auth."user" where id::text = ${account}`,
  );
  if (!person) throw new AppError('not-found');
  const objects = [];
  for (const object of ownedObjects(await deps.catalog.get(workspace))) {
    const count = await countOwned(db, workspace, object, account);
    if (count > 0) objects.push({ object: object.name, label: object.plural, count });
  }
  const table = (name: string) => tableOf(workspace, name);
  const [counts] = await db.query<{ checks: number; proposals: number; shared: number; manages: string[] }>(sql`select
    (select count(*)::int from ${table('freshness')} where owner = ${account} and bundle = record and due_at <= ${ctx.at}) as checks,
    (select count(*)::int from ${table('proposal')} where owner = ${account} and state = 'held') as proposals,
    (select count(*)::int from ${table('share')} where created_by in (${account}, ${`user:${account}`}) and until > ${ctx.at}) as shared,
    array(select name from ${table('department')} where manager = ${account} order by name) as manages`);
  await deps.approvalRules.ready(workspace);
  const { rules } = deps.approvalRules.of(workspace);
  const decides = rules.filter(
    ({ decider, deputy }) => (decider.by === 'person' && decider.account === account) || deputy === account,
  ).length;
  return {
    account,
    ...person,
    objects,
    checks: counts?.checks ?? 0,
    proposals: counts?.proposals ?? 0,
    sharedBy: counts?.shared ?? 0,
    ends: await countEnding(db, workspace, account, ctx.at),
    manages: counts?.manages ?? [],
    decides,
  };
}

export async function countOwned(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  account: string,
): Promise<number> {
  const [row] = await on.query<{ n: number }>(sql`select count(*)::int as n from ${tableOf(workspace, object.name)}
    where ${ident(object.owner ?? '')}::text = ${account} and deleted_at is null`);
  return row?.n ?? 0;
}

async function countEnding(on: Queryable, workspace: string, account: string, now: Date): Promise<Ended> {
  const table = (name: string) => tableOf(workspace, name);
  const actor = `user:${account}`;
  const [row] = await on.query<Ended & Record<string, unknown>>(sql`select
    (select count(*)::int from auth.session where "userId"::text = ${account} and "expiresAt" > ${now}) as sessions,
    (select count(*)::int from auth.api_key where account::text = ${account}) as keys,
    (select count(*)::int from auth.app_grant where account::text = ${account} and ended_at is null and ends_at > ${now}) as apps,
    (select count(*)::int from ${table('ask_recipient')} r join ${table('ask')} a on a.id = r.ask
      where a.made_by in (${account}, ${actor}) and r.state in ('sent', 'opened') and a.expires_at > ${now}) as links,
    (select count(*)::int from ${table('export_file')} where actor = ${actor} and file is not null and expires_at > ${now}) as files,
    (select count(*)::int from ${table('share')} where account = ${account} and until > ${now}) as "sharedWith",
    (select count(*)::int from ${table('approval')} where asker = ${actor} and state = 'open') as requests`);
  return { ...NOTHING, ...row };
}

const NOTHING: Ended = { sessions: 0, keys: 0, apps: 0, links: 0, files: 0, sharedWith: 0, requests: 0 };

/** Takes away every way in, in one transaction: from its commit on nothing of his works. The account is disabled, its name stays in the history. */
export async function endAccess(
  tx: Tx,
  workspace: string,
  account: string,
  { now, heir }: { now: Date; heir: string },
): Promise<Ended> {
  const table = (name: string) => tableOf(workspace, name);
  const actor = `user:${account}`;
  const ended = await countEnding(tx, workspace, account, now);
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('xianke accounts', 0))`);
  await tx.query(sql`update auth."user" set disabled = true, "updatedAt" = now() where id::text = ${account}`);
  const [row] = await tx.query<{ left: boolean }>(
    sql`select exists (select from auth."user" where role = 'admin' and not disabled) as left`,
  );
  if (!row?.left) throw new AppError('last-admin');
  await tx.query(sql`delete from auth.session where "userId"::text = ${account}`);
  await tx.query(sql`delete from auth.api_key where account::text = ${account}`);
  await tx.query(
    sql`delete from auth.app_token where app_grant in (select id from auth.app_grant where account::text = ${account})`,
  );
  await tx.query(sql`update auth.app_grant set ended_at = ${now}, ended_by = 'administrator'
    where account::text = ${account} and ended_at is null`);
  await tx.query(sql`update ${table('ask_recipient')} r set state = 'revoked', revoked_at = ${now} from ${table('ask')} a
    where a.id = r.ask and a.made_by in (${account}, ${actor}) and r.state in ('sent', 'opened')`);
  await tx.query(
    sql`update ${table('export_file')} set expires_at = ${now} where actor = ${actor} and file is not null and expires_at > ${now}`,
  );
  await tx.query(sql`delete from ${table('export_guest')} where account = ${account}`);
  await tx.query(sql`update ${table('share')} set until = ${now} where account = ${account} and until > ${now}`);
  await tx.query(
    sql`update ${table('territory')} set accounts = array_remove(accounts, ${account}) where ${account} = any(accounts)`,
  );
  await tx.query(sql`update ${table('department')} set manager = ${heir} where manager = ${account}`);
  await tx.query(sql`with gone as (
      update ${table('approval')} set state = 'withdrawn', ended_at = ${now} where asker = ${actor} and state = 'open' returning id)
    insert into ${table('approval_step')} (approval, n, at, actor, what)
    select id, (select coalesce(max(n), 0) + 1 from ${table('approval_step')} s where s.approval = gone.id), ${now}::timestamptz, 'system', 'withdrawn' from gone`);
  await tx.query(
    sql`update ${table('claim')} set ended_at = ${now}, ended_by = 'left' where account = ${account} and ended_at is null`,
  );
  await tx.query(sql`update ${table('access_state')} set version = version + 1`);
  return ended;
}
