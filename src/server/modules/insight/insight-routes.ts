import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { insight, type reportSchema } from '../../../contract/insight.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { withoutUndefined } from '../records/index.ts';
import { templateReports } from './template-reports.ts';

type Report = z.input<typeof reportSchema>;
type Row = Report & { owner: string; [column: string]: unknown };

/**
 * Saved reports. A report holds a question, never figures: whoever opens it gets those over the records and fields that he may see, through the read
 * door, and is told when he may not see what it asks by.
 */
export function insightRoutes(app: App, { db, read, ctxOf }: { db: Db; read: ReadDoor; ctxOf: MakeCtx }): void {
  route(app, insight.aggregate, async (call) => {
    const { query, by, measures, limit } = call.body;
    const wish = { by: by.map(withoutUndefined), measures: measures.map(withoutUndefined) };
    const asked = { ...wish, ...(limit !== undefined && { limit }) };
    return read.aggregate(await ctxOf(call), withoutUndefined(query), asked);
  });

  route(app, insight.reports, async (call) => {
    const ctx = await ctxOf(call);
    const rows = await db.query<Row>(sql`
      select id, name, owner, shared, definition, version from ${tableOf(ctx.workspace, 'report')}
      where shared or owner = ${accountOf(ctx)} order by created_at`);
    const seen = ({ definition }: Report) => ctx.access.objects[definition.object]?.actions.includes('read') ?? false;
    return { reports: [...templateReports(), ...rows].filter(seen) };
  });

  route(app, insight.create, async (call) => {
    const ctx = await ctxOf(call);
    const { name, shared, definition } = call.body;
    await check(read, ctx, definition);
    const [row] = await db.query<Row>(sql`
      insert into ${tableOf(ctx.workspace, 'report')} (id, name, owner, shared, definition)
      values (${uuidv7()}, ${name}, ${accountOf(ctx)}, ${shared ?? false}, ${JSON.stringify(definition)})
      returning id, name, owner, shared, definition, version`);
    if (!row) throw new AppError('conflict');
    return row;
  });

  route(app, insight.update, async (call) => {
    const ctx = await ctxOf(call);
    const before = await mine(db, ctx, call.params.id);
    const { name = before.name, shared = before.shared, definition = before.definition, version } = call.body;
    if (call.body.definition) await check(read, ctx, call.body.definition);
    const [row] = await db.query<Row>(sql`
      update ${tableOf(ctx.workspace, 'report')} set name = ${name}, shared = ${shared}, definition = ${JSON.stringify(definition)},
        version = version + 1, updated_at = ${ctx.at}
      where id = ${before.id}::uuid and version = ${version} returning id, name, owner, shared, definition, version`);
    if (!row) throw new AppError('conflict');
    return row;
  });

  route(app, insight.remove, async (call) => {
    const ctx = await ctxOf(call);
    const report = await mine(db, ctx, call.params.id);
    await db.query(sql`delete from ${tableOf(ctx.workspace, 'report')} where id = ${report.id}::uuid`);
    return { ok: true as const };
  });
}

/** A report that can't be answered is not kept: the read door says what is wrong, over no rows at all. */
async function check(read: ReadDoor, ctx: Ctx, definition: Report['definition']): Promise<void> {
  const { object, by, measures } = definition;
  const filter = definition.filter as Filter | undefined;
  const none = { field: '$id', op: 'in' as const, value: [] };
  await read.aggregate(
    ctx,
    { object, filter: filter ? { all: [none, filter] } : none },
    { by: by.map(withoutUndefined), measures: measures.map(withoutUndefined), limit: 1 },
  );
}

async function mine(db: Db, ctx: Ctx, id: string): Promise<Row> {
  const [row] = await db.query<Row>(sql`
    select id, name, owner, shared, definition, version from ${tableOf(ctx.workspace, 'report')} where id = ${id}::uuid`);
  if (!row || (!row.shared && row.owner !== accountOf(ctx))) throw new AppError('not-found');
  if (row.owner !== accountOf(ctx) && !ctx.access.admin) throw new AppError('forbidden');
  return row;
}

const accountOf = (ctx: Ctx): string => ctx.actor.replace(/^user:/, '');
