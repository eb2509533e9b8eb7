import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { agedSql } from './aged-records.ts';
import type { PrivacyDeps } from './deps.ts';
import { newErasure } from './erasure-store.ts';
import { listRules, type Rule } from './retention-store.ts';
import { reachOf } from './targets.ts';

export interface RetentionDeps
  extends Pick<PrivacyDeps, 'db' | 'catalog' | 'read' | 'fullAccess' | 'now' | 'eraseSoon'> {
  /** Tells an owner that records of his will go. */
  tell(
    tx: Tx,
    workspace: string,
    notice: { account: string; cause: string; count: number; days: number; name: string },
  ): Promise<void>;
  /** Asks the person to confirm his data; false where he can't be written to. */
  invite(ctx: Ctx, object: string, record: string): Promise<boolean>;
}

/** What a night may begin; the rest waits for the next. */
const MOST = 20_000;
const MOST_INVITED = 500;
const PORTION = 2000;

/** One night: who is in touch again is let go, what has aged is warned about, and what was warned about long enough goes. */
export async function runRetention(deps: RetentionDeps, workspace: string): Promise<void> {
  const catalog = await deps.catalog.get(workspace);
  const ctx: Ctx = {
    ...{ workspace, actor: 'system', source: 'rule', access: deps.fullAccess(catalog), at: deps.now(), lang: 'zh' },
  };
  for (const rule of await listRules(deps.db, workspace)) {
    if (!rule.active || !catalog.objects.some(({ name, retired }) => name === rule.object && !retired)) continue;
    await renew(deps, ctx, catalog, rule);
    await warn(deps, ctx, catalog, rule);
    await finish(deps, ctx, catalog, rule);
    await deps.db.query(
      sql`update ${tableOf(workspace, 'retention_rule')} set ran_at = ${ctx.at} where id = ${rule.id}`,
    );
  }
  await deps.eraseSoon();
}

/** Contact, a confirmation, a change: whatever the clock is, it began anew. */
async function renew({ db, read }: RetentionDeps, ctx: Ctx, catalog: Catalog, rule: Rule): Promise<void> {
  const { aged, before } = await agedSql({ read }, ctx, catalog, rule);
  await db.query(sql`${aged} update ${tableOf(ctx.workspace, 'retention_case')} c set state = 'renewed'
    where c.rule = ${rule.id} and c.state = 'warned' and not exists (select from a where a.id = c.record and a.last < ${before})`);
}

async function warn(deps: RetentionDeps, ctx: Ctx, catalog: Catalog, rule: Rule): Promise<void> {
  const { db, read } = deps;
  const { aged, before } = await agedSql({ read }, ctx, catalog, rule);
  const cases = tableOf(ctx.workspace, 'retention_case');
  const warned = await db.tx(async (tx) => {
    const rows = await tx.query<{ record: string; owner: string | null }>(sql`${aged}
      insert into ${cases} as c (rule, record, state, found_at, due_at, owner)
      select ${rule.id}::uuid, a.id, 'warned', ${ctx.at}::timestamptz, ${ctx.at}::timestamptz + make_interval(days => ${rule.grace}), a.owner
      from a left join ${cases} k on k.rule = ${rule.id}::uuid and k.record = a.id
      where a.last < ${before} and (k.record is null or k.state = 'renewed' or (k.state = 'kept' and k.kept_until < ${ctx.at}::timestamptz))
      order by a.last limit ${MOST}
      on conflict (rule, record) do update set state = 'warned', found_at = excluded.found_at, due_at = excluded.due_at, owner = excluded.owner,
        invited_at = null, kept_until = null, decided_by = null
      returning record, owner`);
    const owners = new Map<string, number>();
    for (const { owner } of rows) if (owner) owners.set(owner, (owners.get(owner) ?? 0) + 1);
    const day = ctx.at.toISOString().slice(0, 10);
    for (const [account, count] of owners)
      await deps.tell(tx, ctx.workspace, {
        ...{ account, cause: `retention:${rule.id}:${day}`, count, days: rule.grace, name: rule.name },
      });
    return rows;
  });
  if (!rule.invite) return;
  for (const { record } of warned.slice(0, MOST_INVITED)) {
    const invited = await deps.invite(ctx, rule.object, record).catch((error: unknown) => {
      if (error instanceof AppError) return false;
      throw error;
    });
    if (invited)
      await db.query(sql`update ${cases} set invited_at = ${ctx.at} where rule = ${rule.id} and record = ${record}`);
  }
}

/** The grace is over and nobody spoke for them: they are handed to an erasure, once. */
async function finish(deps: RetentionDeps, ctx: Ctx, catalog: Catalog, rule: Rule): Promise<void> {
  const cases = tableOf(ctx.workspace, 'retention_case');
  for (let n = 0; n < MOST; n += PORTION) {
    const handed = await deps.db.tx(async (tx) => {
      const due = await tx.query<{ record: string }>(sql`update ${cases} set state = 'done'
        where rule = ${rule.id} and record in (select record from ${cases} where rule = ${rule.id} and state = 'warned' and due_at <= ${ctx.at}::timestamptz
          order by due_at limit ${PORTION} for update) returning record`);
      if (due.length === 0) return 0;
      const ids = due.map(({ record }) => record);
      const { records } = await reachOf(tx, ctx.workspace, catalog, {
        ...{ object: rule.object, ids, mode: rule.mode, below: 'anonymise' },
      });
      await newErasure(tx, ctx, { mode: rule.mode, ground: 'expired', cause: rule.id, records });
      return due.length;
    });
    if (handed < PORTION) return;
  }
}
