import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { records } from '../../../contract/records.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, HistoryEntry, Page, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { withoutUndefined } from './query-of.ts';
import { related } from './related.ts';
import { timeline } from './timeline.ts';
import { previewUndo } from './undo-preview.ts';

export interface RecordsRouteDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  ctxOf: MakeCtx;
  /** Zone in which days begin. */
  env: (ctx: Ctx) => { timeZone: string };
  /** Names of accounts by id, with or without `user:`. */
  names(workspace: string, ids: string[]): Promise<Record<string, string>>;
}

/** The HTTP edge of the read door. */
export function recordsRoutes(app: App, deps: RecordsRouteDeps): void {
  const { read, ctxOf } = deps;

  route(app, records.query, async (call) => read.list(await ctxOf(call), withoutUndefined(call.body)));

  route(app, records.get, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    return onePage(deps, ctx, object, id, call.query.asOf);
  });

  route(app, records.history, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    const entries = await read.history(ctx, object, id, withoutUndefined(call.query));
    return { entries: await withNames(deps, ctx, entries) };
  });

  route(app, records.timeline, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    const { kinds, ...query } = call.query;
    const stream = await timeline(deps, ctx, object, id, {
      ...withoutUndefined(query),
      ...(kinds !== undefined && { kinds: kinds.split(',') }),
    });
    const changes = stream.entries.flatMap(({ entry }) => entry ?? []);
    const named = new Map((await withNames(deps, ctx, changes)).map((entry, i) => [changes[i], entry]));
    const entries = stream.entries.map((item) => ({ ...item, ...(item.entry && { entry: named.get(item.entry) }) }));
    return { ...stream, entries };
  });

  route(app, records.related, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    return related(deps, ctx, object, id, call.query.asOf);
  });

  route(app, records.group, async (call) => {
    const { query, field, limit, sum } = call.body;
    return { groups: await read.group(await ctxOf(call), withoutUndefined(query), field, limit, sum) };
  });

  route(app, records.search, async (call) => {
    const { q, objects, limit } = call.query;
    const hits = await read.search(await ctxOf(call), q, {
      ...(objects !== undefined && { objects: objects.split(',') }),
      ...(limit !== undefined && { limit }),
    });
    return { hits };
  });

  route(app, records.undoPreview, async (call) => ({
    objects: await previewUndo(deps, await ctxOf(call), call.params.id),
  }));

  route(app, records.changeSets, async (call) => ({
    changeSets: await changeSets(deps, await ctxOf(call), call.query),
  }));
}

/** One record as a page, so that titles of related records and names come along. */
async function onePage(
  { read }: RecordsRouteDeps,
  ctx: Ctx,
  object: string,
  id: string,
  asOf: string | undefined,
): Promise<Page> {
  const filter = { field: '$id', op: 'eq', value: id } as const;
  const query = { object, filter, freshness: asOf === undefined, ...(asOf !== undefined && { asOf }) };
  const page = await read.list(ctx, query);
  if (page.rows.length > 0) return page;
  // What lies in the recycle bin can be opened from there.
  const deleted = asOf === undefined ? await read.list(ctx, { ...query, deleted: true }) : page;
  if (deleted.rows.length === 0) throw new AppError('record-unknown');
  return deleted;
}

async function withNames(
  { names }: RecordsRouteDeps,
  ctx: Ctx,
  entries: HistoryEntry[],
): Promise<(HistoryEntry & { actorName?: string })[]> {
  const known = await names(ctx.workspace, [...new Set(entries.map((entry) => entry.actor))]);
  return entries.map((entry) => {
    const actorName = known[entry.actor];
    return actorName === undefined ? entry : { ...entry, actorName };
  });
}

interface ChangeSetRow extends Record<string, unknown> {
  id: string;
  at: Date;
  actor: string;
  source: string;
  kind: string;
  reason: string | null;
  status: 'running' | 'done' | 'undone' | 'cancelled';
  undoes: string | null;
  undone_by: string | null;
  summary: Record<string, unknown>;
}

/** Change sets, newest first. They name records and fields, so everybody sees his own and administrators see all. */
async function changeSets(
  { db, names }: RecordsRouteDeps,
  ctx: Ctx,
  query: { limit?: number | undefined; before?: string | undefined; mine?: boolean | undefined },
) {
  const conditions: Sql[] = [sql`true`];
  if (!ctx.access.admin || query.mine) conditions.push(sql`actor = ${ctx.actor}`);
  if (query.before !== undefined) {
    if (!/^[0-9a-f-]{36}$/.test(query.before))
      throw new AppError('invalid-input', { count: 1 }, { issues: [{ code: 'cursor' }] });
    conditions.push(sql`id < ${query.before}::uuid`);
  }
  const where = conditions.reduce((left, right) => sql`${left} and ${right}`);
  // Ids are UUIDv7: their order is the order of time.
  const rows = await db.query<ChangeSetRow>(sql`
    select id, at, actor, source, kind, reason, status, undoes, undone_by, summary
    from ${tableOf(ctx.workspace, 'change_set')} where ${where} order by id desc limit ${query.limit ?? 50}`);
  const known = await names(ctx.workspace, [...new Set(rows.map((row) => row.actor))]);
  return rows.map(({ undone_by, at, ...row }) => {
    const actorName = known[row.actor];
    return { ...row, at: at.toISOString(), undoneBy: undone_by, ...(actorName !== undefined && { actorName }) };
  });
}
