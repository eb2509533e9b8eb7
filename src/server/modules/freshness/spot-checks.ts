import sql, { join } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { checks } from '../../../contract/checks.ts';
import { AppError } from '../../../contract/errors.ts';
import { accuracyOf, sampleSize } from '../../../domain/freshness/spot-check.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';

export interface CheckDeps {
  db: Db;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

type Wanted = z.output<NonNullable<typeof checks.create.body>>;
export type Campaign = z.input<NonNullable<typeof checks.create.response>>;

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  object: string;
  fields: string[];
  kind: 'random' | 'recheck';
  at: Date;
  author: string;
  closed_at: Date | null;
  precision: number;
  population: number;
}

const DEFAULT_DAYS = 30;

/** Draws the records of a new check: at random of all that are filled, or (blind re-check) of those somebody found right lately. */
export async function createCheck(deps: CheckDeps, ctx: Ctx, catalog: Catalog, wanted: Wanted): Promise<Campaign> {
  const object = objectOf(catalog, wanted.object);
  const fields = wanted.fields.map((name) => trackedField(fieldOf(object, name), name));
  const filled = join(
    fields.map((field) => sql`t.${ident(field.name)} is not null`),
    ' or ',
  );
  const id = uuidv7();
  const table = tableOf(ctx.workspace, object.name);
  const of =
    wanted.kind === 'random'
      ? sql`select t.id as record, null::text as before from ${table} t where t.deleted_at is null and (${filled})`
      : sql`select distinct on (o.record) o.record, o.actor as before from ${tableOf(ctx.workspace, 'observation')} o
          join ${table} t on t.id = o.record and t.deleted_at is null
          where o.how = 'v' and o.outcome = 'r' and o.weight = 1 and o.field = any(${fields.map((field) => field.id)}::int[])
            and o.at > ${ctx.at}::timestamptz - make_interval(days => ${wanted.days ?? DEFAULT_DAYS}::int)
          order by o.record, o.at desc`;
  await deps.db.tx(async (tx) => {
    const [all] = await tx.query<{ n: number }>(sql`select count(*)::int as n from (${of}) everything`);
    const population = all?.n ?? 0;
    const size = sampleSize(wanted.precision, population);
    await tx.query(sql`insert into ${tableOf(ctx.workspace, 'check_campaign')} (id, name, object, fields, kind, precision, population, at, author)
      values (${id}, ${wanted.name}, ${object.name}, ${wanted.fields}, ${wanted.kind}, ${wanted.precision}, ${population}, ${ctx.at}, ${ctx.actor})`);
    await tx.query(sql`insert into ${tableOf(ctx.workspace, 'check_item')} (campaign, record, before)
      select ${id}::uuid, record, before from (${of}) everything order by random() limit ${size}`);
  });
  const [made] = await listChecks(deps, ctx.workspace, catalog, id);
  if (!made) throw new AppError('not-found');
  return made;
}

function trackedField(field: FieldDef | undefined, name: string): FieldDef {
  if (field?.tracked && !field.retired) return field;
  throw new AppError(
    'invalid-input',
    { count: 1 },
    { issues: [{ code: 'field-unknown', field: name, params: { name } }] },
  );
}

/** Checks, newest first, with what was found since: the first look at each value after the draw counts, in a re-check by somebody else. */
export async function listChecks(
  deps: CheckDeps,
  workspace: string,
  catalog: Catalog,
  only?: string,
): Promise<Campaign[]> {
  const rows = await deps.db.query<Row>(sql`
    select * from ${tableOf(workspace, 'check_campaign')} where ${only ?? null}::uuid is null or id = ${only ?? null}::uuid
    order by at desc limit 50`);
  return Promise.all(rows.map((row) => figures(deps, workspace, catalog, row)));
}

interface Look extends Record<string, unknown> {
  record: string;
  field: number;
  actor: string;
  outcome: string;
}

async function figures(deps: CheckDeps, workspace: string, catalog: Catalog, row: Row): Promise<Campaign> {
  const object = catalog.objects.find((one) => one.name === row.object);
  const fields = (object?.fields ?? []).filter((field) => row.fields.includes(field.name));
  const ids = fields.map((field) => field.id);
  const [size] = await deps.db.query<{ n: number }>(
    sql`select count(*)::int as n from ${tableOf(workspace, 'check_item')} where campaign = ${row.id}`,
  );
  const looks = await deps.db.query<Look>(sql`
    select distinct on (o.record, o.field) o.record, o.field, o.actor, o.outcome
    from ${tableOf(workspace, 'check_item')} i join ${tableOf(workspace, 'observation')} o on o.record = i.record
    where i.campaign = ${row.id} and o.field = any(${ids}::int[]) and o.weight = 1 and o.how in ('v', 'w')
      and o.at > ${row.at} and (${row.closed_at}::timestamptz is null or o.at <= ${row.closed_at}::timestamptz)
      and (i.before is null or o.actor <> i.before)
    order by o.record, o.field, o.at`);
  const right = looks.filter((look) => look.outcome === 'r').length;
  const people = new Map<string, number>();
  for (const look of looks) people.set(look.actor, (people.get(look.actor) ?? 0) + 1);
  const names = await deps.names(workspace, [row.author, ...people.keys()]);
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
    precision: row.precision,
    population: row.population,
    records: size?.n ?? 0,
    done: new Set(looks.map((look) => look.record)).size,
    checked: looks.length,
    right,
    accuracy: accuracyOf(right, looks.length),
    byField: fields.map((field) => {
      const mine = looks.filter((look) => look.field === field.id);
      return { field: field.name, checked: mine.length, right: mine.filter((look) => look.outcome === 'r').length };
    }),
    byPerson: [...people].map(([actor, checked]) => ({ actor, name: names[actor] ?? actor, checked })),
  };
}

const SHOWN = 200;

/** Records of a check that nobody looked at yet. */
export async function waitingItems(
  { db, read }: { db: Db; read: ReadDoor },
  ctx: Ctx,
  catalog: Catalog,
  id: string,
): Promise<{ record: string; title: string }[]> {
  const { workspace } = ctx;
  const [row] = await db.query<Row>(sql`select * from ${tableOf(workspace, 'check_campaign')} where id = ${id}`);
  const object = catalog.objects.find((one) => one.name === row?.object);
  if (!row || !object) throw new AppError('not-found');
  const ids = object.fields.filter((field) => row.fields.includes(field.name)).map((field) => field.id);
  const waiting = await db.query<{ record: string }>(sql`
    select i.record from ${tableOf(workspace, 'check_item')} i where i.campaign = ${id} and not exists (
      select from ${tableOf(workspace, 'observation')} o where o.record = i.record
        and o.field = any(${ids}::int[]) and o.at > ${row.at} and (i.before is null or o.actor <> i.before))
    order by 1 limit ${SHOWN}`);
  const page = await read.list(ctx, {
    object: object.name,
    fields: [object.title],
    filter: { field: '$id', op: 'in', value: waiting.map((one) => one.record) },
    page: { limit: SHOWN },
    count: 'none',
  });
  return page.rows.map((one) => ({ record: one.id, title: String(one.values[object.title] ?? '') }));
}

export async function closeCheck(db: Db, workspace: string, id: string, now: Date): Promise<void> {
  const rows =
    await db.query(sql`update ${tableOf(workspace, 'check_campaign')} set closed_at = coalesce(closed_at, ${now}::timestamptz)
    where id = ${id} returning 1`);
  if (rows.length === 0) throw new AppError('not-found');
}
