import sql, { empty, join, type Sql } from 'sql-template-tag';
import type { z } from 'zod';
import type { narrowingSchema } from '../../../contract/proposals.ts';
import { ceilingOf, isPlain, rowsFor } from '../../../domain/access/reach.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { ScopeSql } from '../../records/write/types.ts';
import type { StoredProposal } from './proposal-store.ts';

export type Narrowing = z.output<typeof narrowingSchema>;

/** What reading the inbox needs. */
export interface InboxDeps {
  db: Db;
  /** Rows an actor may touch; the catalog it goes by is known already. */
  scope: ScopeSql;
}

const DAY_MS = 86_400_000;

/** Open proposals that the actor may decide on, newest first. @param after id of the last one of the page before */
export function listOpen(
  { db, scope }: InboxDeps,
  ctx: Ctx,
  catalog: Catalog,
  narrowing: Narrowing,
  page: { after?: string | undefined; upTo?: string | undefined; limit: number },
): Promise<StoredProposal[]> {
  return db.query<StoredProposal>(sql`select p.* from ${tableOf(ctx.workspace, 'proposal')} p
    where ${openSql(ctx, catalog, scope, narrowing)}
      ${page.after === undefined ? empty : sql`and p.id < ${page.after}::uuid`}
      ${page.upTo === undefined ? empty : sql`and p.id <= ${page.upTo}::uuid`}
    order by p.id desc limit ${page.limit}`);
}

/** Proposals about one record, decided ones too. */
export function listOfRecord(
  { db, scope }: InboxDeps,
  ctx: Ctx,
  catalog: Catalog,
  query: { record: string; state?: string | undefined; limit: number },
): Promise<StoredProposal[]> {
  return db.query<StoredProposal>(sql`select p.* from ${tableOf(ctx.workspace, 'proposal')} p
    where p.record = ${query.record}::uuid and ${visibleSql(ctx, catalog, scope, sql`array(select jsonb_object_keys(p.wanted))`, 'read')}
      ${query.state === undefined ? empty : sql`and p.state = ${query.state}`}
    order by p.id desc limit ${query.limit}`);
}

/** How many; counting stops at `most`. */
export async function countOpen(
  { db, scope }: InboxDeps,
  ctx: Ctx,
  catalog: Catalog,
  narrowing: Narrowing & { upTo?: string | undefined },
  most = 1_000_000,
): Promise<number> {
  const [row] = await db.query<{ n: number }>(sql`select count(*)::int as n from (
    select from ${tableOf(ctx.workspace, 'proposal')} p where ${openSql(ctx, catalog, scope, narrowing)}
      ${narrowing.upTo === undefined ? empty : sql`and p.id <= ${narrowing.upTo}::uuid`} limit ${most}) x`);
  return row?.n ?? 0;
}

export interface Facets {
  origins: Record<string, number>;
  objects: Record<string, number>;
  /** `object.field`. */
  fields: Record<string, number>;
}

/** How many there are of each kind, of what the narrowing leaves. */
export async function countFacets(
  { db, scope }: InboxDeps,
  ctx: Ctx,
  catalog: Catalog,
  narrowing: Narrowing,
): Promise<Facets> {
  const rows = await db.query<{ object: string; origins: string[]; open: string[]; n: number }>(sql`
    select p.object, p.origins, p.open, count(*)::int as n from ${tableOf(ctx.workspace, 'proposal')} p
    where ${openSql(ctx, catalog, scope, narrowing)} group by 1, 2, 3`);
  const facets: Facets = { origins: {}, objects: {}, fields: {} };
  const add = (to: Record<string, number>, key: string, n: number) => {
    to[key] = (to[key] ?? 0) + n;
  };
  for (const { object, origins, open, n } of rows) {
    const fields = catalog.objects.find(({ name }) => name === object)?.fields ?? [];
    add(facets.objects, object, n);
    for (const origin of origins) add(facets.origins, origin, n);
    for (const name of open)
      if (fields.some((field) => field.name === name && isPlain(ceilingOf(ctx.access.objects[object], name))))
        add(facets.fields, `${object}.${name}`, n);
  }
  return facets;
}

function openSql(ctx: Ctx, catalog: Catalog, scope: ScopeSql, narrowing: Narrowing): Sql {
  const { from, object, field, owner, record, olderThanDays } = narrowing;
  const account = owner === 'me' ? ctx.actor.replace(/^user:/, '') : owner;
  const parts: Sql[] = [sql`p.state = 'held'`, sql`not p.gone`];
  if (from !== undefined) parts.push(sql`p.origins @> ${[from]}::text[]`);
  if (object !== undefined) parts.push(sql`p.object = ${object}`);
  if (field !== undefined) parts.push(sql`p.open @> ${[field]}::text[]`);
  if (account !== undefined) parts.push(sql`p.owner = ${account}`);
  if (record !== undefined) parts.push(sql`p.record = ${record}::uuid`);
  if (olderThanDays !== undefined)
    parts.push(sql`p.at < ${new Date(ctx.at.getTime() - olderThanDays * DAY_MS)}::timestamptz`);
  parts.push(visibleSql(ctx, catalog, scope, sql`p.open`, 'approve'));
  return join(parts, ' and ');
}

/** Of records in his reach, with a field among `names` that he may see. */
function visibleSql(ctx: Ctx, catalog: Catalog, scope: ScopeSql, names: Sql, action: 'read' | 'approve'): Sql {
  const plain: string[] = [];
  const some: Sql[] = [];
  for (const object of catalog.objects) {
    const access = ctx.access.objects[object.name];
    if (object.retired || !access?.actions.includes('read') || !access.actions.includes(action)) continue;
    // The rows where he may do that, not all that he may see.
    const there = { ...access, rows: rowsFor(access, action) };
    const rows = scope(
      { ...ctx, access: { ...ctx.access, objects: { ...ctx.access.objects, [object.name]: there } } },
      object,
    );
    const hidden = hiddenFields(ctx, object);
    if (rows === null && hidden.length === 0) plain.push(object.name);
    else
      some.push(sql`(p.object = ${object.name}
        ${hidden.length > 0 ? sql`and not (${names} <@ ${hidden}::text[])` : empty}
        ${rows ? sql`and exists (select from ${tableOf(ctx.workspace, object.name)} t where t.id = p.record and ${rows})` : empty})`);
  }
  return sql`(${join([sql`p.object = any(${plain}::text[])`, ...some], ' or ')})`;
}

const hiddenFields = (ctx: Ctx, object: ObjectDef): string[] =>
  object.fields
    .filter((field) => field.retired || !isPlain(ceilingOf(ctx.access.objects[object.name], field.name)))
    .map((field) => field.name);
