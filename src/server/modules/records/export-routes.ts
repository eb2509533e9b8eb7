import { PassThrough } from 'node:stream';
import { AppError } from '../../../contract/errors.ts';
import { records } from '../../../contract/records.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { Query } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { prepareSheet, type SheetDeps } from '../round-trip/index.ts';
import { type ExportDeps, type ExportFormat, exportRows } from './export-rows.ts';

const TYPES: Record<ExportFormat, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** Downloads of what a query finds. */
export function exportRoutes(app: App, deps: ExportDeps & SheetDeps & { ctxOf: MakeCtx }): void {
  route(app, records.export, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { format: wanted, forEditing } = call.body;
    const format = forEditing ? 'xlsx' : wanted;
    // Of what he sees, what he may take out of the house.
    const query: Query = { ...(call.body.query as Query), purpose: 'export' };
    const object = objectOf(await deps.catalog.get(ctx.workspace), query.object);
    if (!ctx.access.objects[object.name]?.actions.includes('export')) throw new AppError('forbidden');
    // The first page is asked for before the headers go out, so that a bad query is an error and no broken file.
    await deps.read.list(ctx, { ...query, page: { limit: 1 } });
    const sheet = forEditing ? await prepareSheet(deps, ctx, query) : null;
    const body = new PassThrough({ highWaterMark: 1024 * 1024 });
    const purpose = forEditing ? (ctx.lang === 'zh' ? '-修改' : '-edit') : '';
    const name = `${object.plural[ctx.lang]}${purpose}-${ctx.at.toISOString().slice(0, 10)}.${format}`;
    void call.reply
      .header('content-type', TYPES[format])
      .header(
        'content-disposition',
        `attachment; filename="export.${format}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      );
    const writing = sheet ? sheet.write(body) : exportRows(deps, ctx, query, format, body);
    writing.catch((error: Error) => body.destroy(error));
    await call.reply.send(body);
  });
}
