import sql from 'sql-template-tag';
import { scans } from '../../../contract/scans.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { foundBy, listScans, newScan, readScan, type Scan } from './scan-store.ts';
import { SILENT_DAYS } from './scans-jobs.ts';

export interface ScanRouteDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  ctxOf: MakeCtx;
  /** Lets a worker run what waits. */
  kick(workspace: string): Promise<void>;
}

/** Records named behind a figure. */
const MOST = 200;

/** The HTTP edge of scans. */
export function scansRoutes(app: App, deps: ScanRouteDeps): void {
  const { db, ctxOf } = deps;

  route(app, scans.list, async (call) => {
    const { workspace } = await ctxOf(call);
    return { scans: (await listScans(db, workspace, call.query.object)).map(viewOf) };
  });

  route(app, scans.start, async (call) => {
    const ctx = await ctxOf(call);
    const object = objectOf(await deps.catalog.get(ctx.workspace), call.body.object);
    const silentDays = call.body.silentDays ?? SILENT_DAYS;
    const scan = await newScan(db, ctx.workspace, { object: object.name, at: ctx.at, by: ctx.actor, silentDays });
    await deps.kick(ctx.workspace);
    return viewOf(scan);
  });

  route(app, scans.items, async (call) => {
    const ctx = await ctxOf(call);
    const { kind } = call.query;
    const scan = await readScan(db, ctx.workspace, call.params.id);
    const object = objectOf(await deps.catalog.get(ctx.workspace), scan.object);
    const [what, field = ''] = kind.split(':');
    // What is missing a filter finds, as it is now; the rest was written down.
    const filter = what === 'missing' ? { filter: { field, op: 'empty' as const } } : {};
    const { table, where } = await deps.read.select(ctx, { object: object.name, ...filter });
    const found = what === 'missing' ? sql`true` : foundBy(ctx.workspace, scan.id, kind);
    const rows = await db.query<{ id: string }>(
      sql`select t.id from ${table} t where ${where} and ${found} order by t.id limit ${MOST}`,
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return { items: [] };
    const page = await deps.read.list(ctx, {
      object: object.name,
      fields: [object.title],
      filter: { field: '$id', op: 'in', value: ids },
      page: { limit: MOST },
    });
    const titles = new Map(page.rows.map((row) => [row.id, String(row.values[object.title] ?? '')]));
    return { items: ids.filter((id) => titles.has(id)).map((record) => ({ record, title: titles.get(record) ?? '' })) };
  });
}

function viewOf(scan: Scan) {
  const { id, object, at, by, state, done, total, figures } = scan;
  const counted = state === 'done' ? figures : null;
  return {
    id,
    object,
    at: at.toISOString(),
    by,
    state,
    progress: { done, total },
    figures: counted && {
      records: counted.records ?? 0,
      missing: counted.missing ?? [],
      invalid: counted.invalid ?? [],
      respell: counted.respell ?? [],
      silent: counted.silent ?? null,
      duplicates: counted.duplicates ?? 0,
    },
  };
}
