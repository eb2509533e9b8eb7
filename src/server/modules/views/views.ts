import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { catalog, type viewDefinition, type viewSchema } from '../../../contract/catalog.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Label } from '../../../domain/issue.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';

type View = z.infer<typeof viewSchema>;
type Definition = z.infer<typeof viewDefinition>;

interface ViewRow {
  id: string;
  object: string;
  name: string;
  owner: string | null;
  shared: boolean;
  definition: Definition & { label?: Label };
  position: number;
  version: number;
  [column: string]: unknown;
}

/** Saved views: shared ones (of the template or of a colleague) and one's own. Only the owner or an administrator changes one. */
export function viewRoutes(app: App, { db, ctxOf }: { db: Db; ctxOf: MakeCtx }): void {
  route(app, catalog.views, async (call) => {
    const ctx = await ctxOf(call);
    const rows = await db.query<ViewRow>(sql`
      select id, object, name, owner, shared, definition, position, version from ${tableOf(ctx.workspace, 'view_def')}
      where (shared or owner = ${accountOf(ctx)}) and (${call.query.object ?? null}::text is null or object = ${call.query.object ?? null})
      order by position, created_at`);
    return { views: rows.map(present) };
  });

  route(app, catalog.createView, async (call) => {
    const ctx = await ctxOf(call);
    const { object, name, shared, definition } = call.body;
    const view = { object, name, owner: accountOf(ctx), shared: shared ?? false, definition };
    return present(await insertView(db, ctx.workspace, view));
  });

  route(app, catalog.updateView, async (call) => {
    const ctx = await ctxOf(call);
    const { name, shared, definition, position, version } = call.body;
    const before = await mine(db, ctx, call.params.id);
    if (version !== undefined && version !== before.version) throw new AppError('conflict');
    // The label of a template's view goes when somebody gives it a name of his own.
    const { label, ...rest } = before.definition;
    const next = { ...(definition ?? rest), ...(name === undefined && label && { label }) };
    const [row] = await db.query<ViewRow>(sql`
      update ${tableOf(ctx.workspace, 'view_def')} set name = ${name ?? before.name}, shared = ${shared ?? before.shared},
        definition = ${JSON.stringify(next)}, position = ${position ?? before.position}, version = version + 1, updated_at = now()
      where id = ${before.id} and version = ${before.version}
      returning id, object, name, owner, shared, definition, position, version`);
    if (!row) throw new AppError('conflict');
    return present(row);
  });

  route(app, catalog.deleteView, async (call) => {
    const ctx = await ctxOf(call);
    const view = await mine(db, ctx, call.params.id);
    await db.query(sql`delete from ${tableOf(ctx.workspace, 'view_def')} where id = ${view.id}`);
    return { ok: true as const };
  });
}

/** Adds a view; `label` carries both languages for views of a template. */
export async function insertView(
  on: Queryable,
  workspace: string,
  view: {
    object: string;
    name: string;
    owner: string | null;
    shared: boolean;
    definition: Definition & { label?: Label };
    position?: number;
  },
): Promise<ViewRow> {
  const [row] = await on.query<ViewRow>(sql`
    insert into ${tableOf(workspace, 'view_def')} (id, object, name, owner, shared, definition, position)
    values (${uuidv7()}, ${view.object}, ${view.name}, ${view.owner}, ${view.shared}, ${JSON.stringify(view.definition)}, ${view.position ?? 1000})
    returning id, object, name, owner, shared, definition, position, version`);
  if (!row) throw new AppError('conflict');
  return row;
}

async function mine(db: Db, ctx: Ctx, id: string): Promise<ViewRow> {
  const [row] = await db.query<ViewRow>(sql`
    select id, object, name, owner, shared, definition, position, version from ${tableOf(ctx.workspace, 'view_def')} where id = ${id}`);
  if (!row || (!row.shared && row.owner !== accountOf(ctx))) throw new AppError('not-found');
  if (row.owner !== accountOf(ctx) && !ctx.access.admin) throw new AppError('forbidden');
  return row;
}

function present(row: ViewRow): View {
  const { label, ...definition } = row.definition;
  const { id, object, name, owner, shared, position, version } = row;
  return { id, object, name, ...(label && { label }), owner, shared, definition, position, version };
}

function accountOf(ctx: Ctx): string {
  return ctx.actor.replace(/^user:/, '');
}
