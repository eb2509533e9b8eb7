import sql, { empty } from 'sql-template-tag';
import type { z } from 'zod';
import type { checks } from '../../../contract/checks.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { type CampaignRow, type CheckFigures, countCheck } from './count-check.ts';
import { endOf } from './draw-check.ts';

export interface CheckDeps {
  db: Db;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

export type Campaign = z.input<NonNullable<typeof checks.create.response>>;

const NEWEST = 50;
/** Records shown of what waits. */
const SHOWN = 200;

/** Checks, newest first, with what was found since their draw. Of ended ones the figures are kept. */
export async function listChecks(
  deps: CheckDeps,
  workspace: string,
  catalog: Catalog,
  only?: string,
): Promise<Campaign[]> {
  const rows = await deps.db.query<CampaignRow>(sql`
    select * from ${tableOf(workspace, 'check_campaign')} where ${only ?? null}::uuid is null or id = ${only ?? null}::uuid
    order by at desc, id desc limit ${NEWEST}`);
  const found: Campaign[] = [];
  for (const row of rows) {
    const figures = row.result ?? (await countCheck(deps.db, workspace, catalog, row));
    found.push(await shown(deps, workspace, row, figures));
  }
  return found;
}

async function shown(deps: CheckDeps, workspace: string, row: CampaignRow, figures: CheckFigures): Promise<Campaign> {
  const people = [...figures.byPerson, ...figures.byVerifier].map((one) => one.actor);
  const owners = figures.byOwner.flatMap((one) => one.person || []);
  const names = await deps.names(workspace, [...new Set([row.author, ...people, ...owners])]);
  const named = <T extends { actor: string }>(one: T) => ({ ...one, name: names[one.actor] ?? one.actor });
  return {
    id: row.id,
    name: row.name,
    object: row.object,
    fields: row.fields,
    kind: row.kind,
    at: row.at.toISOString(),
    author: row.author,
    authorName: names[row.author] ?? row.author,
    closedAt: row.closed_at?.toISOString() ?? null,
    endsAt: endOf(row.at, row.days)?.toISOString() ?? null,
    repeats: row.repeats,
    nextAt: row.next_at?.toISOString() ?? null,
    precision: row.precision,
    population: row.population,
    records: row.records,
    done: figures.done,
    checked: figures.checked,
    right: figures.right,
    accuracy: figures.accuracy,
    byField: figures.byField,
    byPerson: figures.byPerson.map(named),
    byOwner: figures.byOwner.map(({ person, records, done }) => ({
      person: person || null,
      name: person ? (names[person] ?? person) : '',
      records,
      done,
    })),
    byVerifier: figures.byVerifier.map(named),
  };
}

/** Ends a check: its figures are counted for the last time, and it is not drawn again. */
export async function closeCheck(tx: Tx, workspace: string, catalog: Catalog, id: string, now: Date): Promise<void> {
  const table = tableOf(workspace, 'check_campaign');
  const [row] = await tx.query<CampaignRow>(sql`
    update ${table} set closed_at = coalesce(closed_at, ${now}::timestamptz), next_at = null where id = ${id} returning *`);
  if (!row) throw new AppError('not-found');
  if (row.result) return;
  const result = await countCheck(tx, workspace, catalog, row);
  await tx.query(sql`update ${table} set result = ${JSON.stringify(result)} where id = ${id}`);
}

/** Records of a check that nobody looked at yet, as far as the caller may read them. */
export async function waitingItems(
  deps: { db: Db; read: ReadDoor },
  ctx: Ctx,
  catalog: Catalog,
  id: string,
): Promise<{ record: string; title: string }[]> {
  const [row] = await deps.db.query<CampaignRow>(
    sql`select * from ${tableOf(ctx.workspace, 'check_campaign')} where id = ${id}`,
  );
  const object = catalog.objects.find((one) => one.name === row?.object);
  if (!row || !object) throw new AppError('not-found');
  return (await waitingOf(deps, ctx, object, row, null)).items;
}

async function waitingOf(
  { db, read }: { db: Db; read: ReadDoor },
  ctx: Ctx,
  object: ObjectDef,
  row: CampaignRow,
  person: string | null,
): Promise<{ left: number; items: { record: string; title: string }[] }> {
  const ids = object.fields.filter((field) => row.fields.includes(field.name)).map((field) => field.id);
  const waiting = await db.query<{ record: string; left: number }>(sql`
    select i.record, count(*) over ()::int as "left" from ${tableOf(ctx.workspace, 'check_item')} i
    where i.campaign = ${row.id} ${person === null ? empty : sql`and i.person = ${person}`} and not exists (
      select from ${tableOf(ctx.workspace, 'observation')} o where o.record = i.record and o.weight = 1 and o.how in ('v', 'w')
        and o.field = any(${ids}::int[]) and o.at > ${row.at} and (i.before is null or o.actor <> i.before))
    order by 1 limit ${SHOWN}`);
  if (waiting.length === 0) return { left: 0, items: [] };
  const page = await read.list(ctx, {
    object: object.name,
    fields: [object.title],
    filter: { field: '$id', op: 'in', value: waiting.map((one) => one.record) },
    page: { limit: SHOWN },
    count: 'none',
  });
  return {
    left: waiting[0]?.left ?? 0,
    items: page.rows.map((one) => ({ record: one.id, title: String(one.values[object.title] ?? '') })),
  };
}

/** Open checks with records that fall to the caller. */
export async function myChecks(deps: { db: Db; read: ReadDoor }, ctx: Ctx, catalog: Catalog) {
  const me = ctx.actor.replace(/^user:/, '');
  const rows = await deps.db.query<CampaignRow & { mine: number }>(sql`
    select c.*, i.mine from (
      select campaign, count(*)::int as mine from ${tableOf(ctx.workspace, 'check_item')} where person = ${me} group by campaign) i
    join ${tableOf(ctx.workspace, 'check_campaign')} c on c.id = i.campaign
    where c.closed_at is null order by c.at desc limit ${NEWEST}`);
  const found = [];
  for (const row of rows) {
    const object = catalog.objects.find((one) => one.name === row.object);
    if (!object || !ctx.access.objects[object.name]?.actions.includes('read')) continue;
    const { left, items } = await waitingOf(deps, ctx, object, row, me);
    found.push({
      id: row.id,
      name: row.name,
      kind: row.kind,
      object: row.object,
      fields: row.fields,
      endsAt: endOf(row.at, row.days)?.toISOString() ?? null,
      records: row.mine,
      done: row.mine - left,
      items,
    });
  }
  return found;
}
