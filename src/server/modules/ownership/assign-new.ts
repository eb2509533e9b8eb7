import sql, { join } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { OwnershipSettings } from '../../../contract/ownership.ts';
import type { Access } from '../../../domain/access/types.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { byWeight } from '../../../domain/ownership/by-weight.ts';
import { shareOut } from '../../../domain/ownership/share-out.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { filterSql } from '../../records/read/filter-sql.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';
import { type OutboxSet, placeAfter, readOutbox } from '../freshness/index.ts';
import { readOwnership } from './settings.ts';

export interface AssignDeps {
  db: Db;
  catalog: CatalogStore;
  write: WriteDoor;
  systemAccess: (workspace: string) => Promise<Access>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  now: () => Date;
}

type Rule = OwnershipSettings['rules'][number];

const FOLLOWER = 'ownership';
/** Records written at a time. */
const BATCH = 500;
const TURNS_MS = 30 * 86_400_000;

/** Gives new records that nobody owns to somebody, by the rules; each change set once. Returns whether there may be more. */
export async function assignNew(deps: AssignDeps, workspace: string): Promise<boolean> {
  const { rules } = await readOwnership(deps.db, workspace);
  const found: { rule: Rule; object: ObjectDef; ids: string[] }[] = [];
  const more = await readOutbox(deps.db, workspace, FOLLOWER, async ({ tx, sets }) => {
    const last = sets.at(-1);
    if (!last) return null;
    const { objects } = await deps.catalog.get(workspace);
    for (const set of sets)
      for (const rule of rules) {
        const object = objects.find(({ name, retired }) => name === rule.object && !retired);
        if (!object?.owner || (set.summary.counts?.[object.name]?.created ?? 0) === 0) continue;
        found.push({ rule, object, ids: await ownerless(deps, tx, workspace, object, rule, set) });
      }
    return placeAfter(last);
  });
  // Behind the reader's transaction: the door has its own. A crash in between leaves a record unowned, as it was.
  for (const { rule, object, ids } of found)
    for (let at = 0; at < ids.length; at += BATCH)
      await giveOut(deps, workspace, rule, object, ids.slice(at, at + BATCH));
  return more;
}

/** New records of a set that nobody owns and that the rule is about. What an earlier rule gives away meanwhile is no longer empty (`onlyEmpty`). */
async function ownerless(
  deps: AssignDeps,
  tx: Tx,
  workspace: string,
  object: ObjectDef,
  rule: Rule,
  set: OutboxSet,
): Promise<string[]> {
  const env = { workspace, catalog: await deps.catalog.get(workspace), ...deps.env({ at: deps.now() }) };
  const about = rule.if ? filterSql(rule.if as Filter, object, 't', env) : sql`true`;
  const rows = await tx.query<{ id: string }>(sql`select t.id from ${tableOf(workspace, object.name)} t
    where t.created_in = ${set.id}::uuid and t.${ident(object.owner ?? '')} is null and t.deleted_at is null and ${about} order by t.id`);
  return rows.map(({ id }) => id);
}

async function giveOut(
  deps: AssignDeps,
  workspace: string,
  rule: Rule,
  object: ObjectDef,
  ids: string[],
): Promise<void> {
  const people = await presentOf(deps, workspace, rule.to);
  const pools = rule.territories ? await territories(deps.db, workspace, object) : [];
  const placed = await poolsOf(deps.db, workspace, object, ids, pools);
  const owner = object.owner ?? '';
  const changes: Parameters<WriteDoor['write']>[1] = [];
  for (const [pool, members] of placed) {
    const his = await presentOf(deps, workspace, pools[pool]?.accounts ?? []);
    const near = his.length > 0 ? his : people;
    if (rule.by === 'turns') {
      const turns = await turnsOf(deps, workspace, object, near, rule.weights ?? {});
      for (const [place, account] of byWeight(members.length, turns).entries())
        changes.push({
          op: 'update',
          object: object.name,
          id: members[place] ?? '',
          set: { [owner]: account },
          onlyEmpty: true,
        });
      continue;
    }
    const loads = await loadsOf(deps.db, workspace, object, near);
    if (loads.length === 0) continue;
    let at = 0;
    for (const [place, share] of shareOut(members.length, loads, rule.by).entries()) {
      const set = { [owner]: loads[place]?.account };
      for (const id of members.slice(at, at + share))
        changes.push({ op: 'update', object: object.name, id, set, onlyEmpty: true });
      at += share;
    }
  }
  if (changes.length === 0) return;
  const ctx: Ctx = {
    workspace,
    actor: 'system',
    source: 'rule',
    access: await deps.systemAccess(workspace),
    at: deps.now(),
    lang: 'zh',
    reason: '按分配规则',
  };
  await deps.write.write(ctx, changes, {
    kind: 'assign',
    atomic: false,
    reviewed: true,
    alongside: async (tx, { outcomes }) => {
      const given = changes.filter((_, place) => outcomes[place]?.status === 'applied');
      await noteGiven(
        tx,
        workspace,
        object.name,
        given.map(({ id, set }) => [id ?? '', String(set?.[owner])] as const),
        ctx.at,
      );
    },
  });
}

/** The trail of what was given, and whose turn it is next. */
async function noteGiven(
  tx: Tx,
  workspace: string,
  object: string,
  given: readonly (readonly [record: string, account: string])[],
  at: Date,
): Promise<void> {
  const rows = given.map(([record, account]) => ({ id: uuidv7(), record, account }));
  await tx.query(sql`insert into ${tableOf(workspace, 'pool_move')} (id, at, object, record, kind, after, actor)
    select x.id, ${at}, ${object}, x.record, 'given', x.account, 'system'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, record uuid, account text)`);
}

/** What each got by turns within a month: so that records that come one by one go round as well. */
async function turnsOf(
  { db, now }: AssignDeps,
  workspace: string,
  object: ObjectDef,
  people: string[],
  weights: Readonly<Record<string, number>>,
) {
  const since = new Date(now().getTime() - TURNS_MS);
  const rows = await db.query<{ account: string; n: number }>(sql`select after as account, count(*)::int as n
    from ${tableOf(workspace, 'pool_move')} m where kind = 'given' and object = ${object.name} and m.at > ${since}
      and after = any(${people}::text[]) group by 1`);
  const got = new Map(rows.map(({ account, n }) => [account, n]));
  return people.map((account) => ({ account, weight: weights[account] ?? 1, got: got.get(account) ?? 0 }));
}

interface Territory {
  field: string;
  values: string[];
  accounts: string[];
}

async function territories(db: Db, workspace: string, object: ObjectDef): Promise<Territory[]> {
  const rows = await db.query<Territory & Record<string, unknown>>(
    sql`select field, "values", accounts from ${tableOf(workspace, 'territory')} where object = ${object.name} order by name`,
  );
  return rows.filter(({ field }) => fieldOf(object, field));
}

/** Records by the first territory they belong to; -1: none. */
async function poolsOf(
  db: Db,
  workspace: string,
  object: ObjectDef,
  ids: string[],
  pools: readonly Territory[],
): Promise<Map<number, string[]>> {
  const cases = pools.map(
    ({ field, values }, n) => sql`when t.${ident(field)}::text = any(${values}::text[]) then ${n}::int`,
  );
  const pool = cases.length > 0 ? sql`case ${join(cases, ' ')} else -1 end` : sql`-1`;
  const rows = await db.query<{ id: string; pool: number }>(
    sql`select t.id, ${pool} as pool from ${tableOf(workspace, object.name)} t where t.id = any(${ids}::uuid[]) order by t.id`,
  );
  const placed = new Map<number, string[]>();
  for (const row of rows) placed.set(row.pool, [...(placed.get(row.pool) ?? []), row.id]);
  return placed;
}

/** Those who can sign in and are not away today. */
async function presentOf(deps: AssignDeps, workspace: string, accounts: string[]): Promise<string[]> {
  const active = await activeOf(deps.db, accounts);
  const today = localDay(deps.now(), deps.env({ at: deps.now() }).timeZone);
  const rows = await deps.db.query<{ account: string }>(sql`select account from ${tableOf(workspace, 'absence')} a
    where account = any(${active}::text[]) and ${today}::date between a.from_day and a.to_day`);
  const away = new Set(rows.map(({ account }) => account));
  return active.filter((account) => !away.has(account));
}

async function activeOf(db: Db, accounts: string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select id::text as id from auth."user" where id::text = any(${accounts}::text[]) and not disabled`,
  );
  const known = new Set(rows.map(({ id }) => id));
  return accounts.filter((account) => known.has(account));
}

async function loadsOf(db: Db, workspace: string, object: ObjectDef, people: string[]) {
  const owner = ident(object.owner ?? '');
  const rows = await db.query<{ account: string; n: number }>(sql`select ${owner}::text as account, count(*)::int as n
    from ${tableOf(workspace, object.name)} where deleted_at is null and ${owner}::text = any(${people}::text[]) group by 1`);
  const loads = new Map(rows.map(({ account, n }) => [account, n]));
  return people.map((account) => ({ account, load: loads.get(account) ?? 0 }));
}
