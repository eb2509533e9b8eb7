import { Readable } from 'node:stream';
import { AppError } from '../../../contract/errors.ts';
import { subjects as api, type SubjectRequest } from '../../../contract/subjects.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import { daysBetween, deadline } from '../../../domain/privacy/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx } from '../../records/types.ts';
import type { PrivacyDeps } from './deps.ts';
import { titlesOf } from './erasure-routes.ts';
import { isOpen, listRequests, moveRequest, newRequest, type RequestRow, readRequest } from './request-store.ts';
import { copyAsTable, subjectCopy } from './subject-copy.ts';

/** The HTTP edge of what people ask for. */
export function requestRoutes(app: App, deps: PrivacyDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.requests, async (call) => {
    const ctx = await ctxOf(call);
    return { requests: await viewsOf(deps, ctx, await listRequests(db, ctx.workspace, call.query.record)) };
  });

  const show = async (ctx: Ctx, id: string): Promise<SubjectRequest> => {
    const [view] = await viewsOf(deps, ctx, [await readRequest(db, ctx.workspace, id)]);
    if (!view) throw new AppError('not-found');
    return view;
  };

  route(app, api.addRequest, async (call) => {
    const ctx = await ctxOf(call);
    const { object, record, kind, law, note = null } = call.body;
    const found = await titlesOf(db, ctx.workspace, objectOf(await deps.catalog.get(ctx.workspace), object), [record]);
    if (found.length === 0) throw new AppError('record-unknown');
    const receivedAt = call.body.receivedAt ? new Date(call.body.receivedAt) : ctx.at;
    if (receivedAt > ctx.at) throw new AppError('invalid-input', { count: 1 });
    const zone = await deps.timeZone(ctx.workspace);
    const dueOn = deadline(law, localDay(receivedAt, zone), await deps.calendar(ctx.workspace));
    return show(ctx, await newRequest(db, ctx, { object, record, kind, law, note, receivedAt, dueOn }));
  });

  route(app, api.updateRequest, async (call) => {
    const ctx = await ctxOf(call);
    const { state, handler, answer, extend } = call.body;
    const before = await readRequest(db, ctx.workspace, call.params.id);
    let dueOn: string | undefined;
    if (extend) {
      if (before.extended) throw new AppError('request-extended');
      const received = localDay(before.received_at, await deps.timeZone(ctx.workspace));
      dueOn = deadline(before.law, received, await deps.calendar(ctx.workspace), true);
    }
    await moveRequest(db, ctx, before.id, { state, handler, answer, dueOn });
    return show(ctx, before.id);
  });

  route(app, api.subjectCopy, async (call) => {
    const ctx = await ctxOf(call);
    const request = await readRequest(db, ctx.workspace, call.params.id);
    const copy = await subjectCopy(deps, ctx, await deps.catalog.get(ctx.workspace), request);
    const { format } = call.query;
    await deps.audit.append(ctx.workspace, {
      ...{ at: ctx.at, actor: ctx.viewer ?? ctx.actor, source: ctx.source, kind: 'export', object: request.object },
      records: copy.records.map(({ id }) => id).slice(0, 500),
      body: { request: request.id, format },
    });
    const name = `subject-${request.record.slice(-8)}.${format}`;
    if (format === 'json') {
      void call.reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`);
      await call.reply.serializer((text: unknown) => String(text)).send(JSON.stringify(copy, null, 2));
      return;
    }
    const [header = [], ...rows] = copyAsTable(copy, ctx.lang);
    const { sendTable } = await import('../../platform/tabular/send-table.ts');
    await sendTable(call.reply, { name: name.replace('.csv', ''), format: 'csv', header, rows: Readable.from(rows) });
  });
}

async function viewsOf(deps: PrivacyDeps, ctx: Ctx, rows: RequestRow[]): Promise<SubjectRequest[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const today = localDay(ctx.at, await deps.timeZone(ctx.workspace));
  const titles = new Map<string, string>();
  for (const name of new Set(rows.map(({ object }) => object))) {
    const object = catalog.objects.find((one) => one.name === name);
    const ids = rows.filter((row) => row.object === name).map(({ record }) => record);
    if (object) for (const { id, title } of await titlesOf(deps.db, ctx.workspace, object, ids)) titles.set(id, title);
  }
  const names = await deps.names(ctx.workspace, [...new Set(rows.flatMap(({ handler }) => handler ?? []))]);
  return rows.map((row) => ({
    ...{ id: row.id, object: row.object, record: row.record, title: titles.get(row.record) ?? null },
    ...{ kind: row.kind, law: row.law, receivedAt: row.received_at.toISOString(), dueOn: row.due_on },
    daysLeft: isOpen(row) ? daysBetween(today, row.due_on) : null,
    ...{ extended: row.extended, state: row.state, handler: row.handler, note: row.note, answer: row.answer },
    handlerName: row.handler === null ? null : (names[row.handler] ?? row.handler),
    erasure: row.erasure,
    closedAt: row.closed_at?.toISOString() ?? null,
  }));
}
