import type { Readable } from 'node:stream';
import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { imports } from '../../../contract/imports.ts';
import { normaliseHeader } from '../../../domain/mapping/header.ts';
import type { Files } from '../../platform/files/files.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { closedSettings } from './closed-cells.ts';
import { sendErrorFile } from './error-file.ts';
import { listRuns, newImport, readRun, type Settings, updateRun, viewOf } from './run-store.ts';
import { clearChanges } from './sheets/change-store.ts';
import { type SheetRouteDeps, sheetRoutes } from './sheets/sheet-routes.ts';

export interface ImportRouteDeps extends SheetRouteDeps {
  files: Files;
  /** Bytes. */
  uploadLimit: number;
}

/** The HTTP edge of imports. */
export function importRoutes(app: App, deps: ImportRouteDeps): void {
  const { db, files, ctxOf } = deps;
  sheetRoutes(app, deps);

  const show = async (ctx: Ctx, id: string) => {
    const run = await readRun(db, ctx.workspace, id);
    if (!ctx.access.admin && run.created_by !== ctx.actor) throw new AppError('not-found');
    return viewOf(run, ctx.lang, ctx.at);
  };

  route(
    app,
    imports.upload,
    async (call) => {
      const ctx = await ctxOf(call);
      const object = call.query.object ?? 'customer';
      if (!ctx.access.objects[object]?.actions.includes('import')) throw new AppError('forbidden');
      const file = await files.save(call.request.body as unknown as Readable, {
        workspace: ctx.workspace,
        name: call.query.name,
        by: ctx.actor,
      });
      const id = await newImport(db, ctx.workspace, {
        file: file.id,
        name: file.name,
        bytes: file.size,
        by: ctx.actor,
        role: call.caller.role,
        lang: ctx.lang,
        object,
      });
      deps.kick(id);
      return show(ctx, id);
    },
    { stream: true, bodyLimit: deps.uploadLimit },
  );

  route(app, imports.list, async (call) => {
    const ctx = await ctxOf(call);
    const runs = await listRuns(db, ctx.workspace);
    const mine = ctx.access.admin ? runs : runs.filter((run) => run.created_by === ctx.actor);
    return { imports: mine.map((run) => viewOf(run, ctx.lang, ctx.at)) };
  });

  route(app, imports.get, async (call) => show(await ctxOf(call), call.params.id));

  route(app, imports.settings, async (call) => {
    const ctx = await ctxOf(call);
    const run = await show(ctx, call.params.id);
    const before = run.settings;
    // Another sheet, header, encoding or delimiter is another table: its columns must be read anew.
    const table = ['sheet', 'headerRow', 'encoding', 'delimiter'] as const;
    const another =
      before !== null &&
      before.columns.length > 0 &&
      table.some((key) => call.body[key] !== undefined && call.body[key] !== before[key]);
    const state = another ? 'reading' : 'previewing';
    const settings = closedSettings(await deps.catalog.get(ctx.workspace), call.body);
    const ok = await updateRun(db, ctx.workspace, run.id, { settings, state, error: null, preview: null }, [
      'mapping',
      'ready',
      'previewing',
      'failed',
    ]);
    if (!ok) throw new AppError('conflict');
    if (!another) await remember(db, ctx, call.body);
    deps.kick(run.id);
    return show(ctx, run.id);
  });

  const moveTo = async (ctx: Ctx, id: string, state: 'running' | 'undoing', from: Parameters<typeof updateRun>[4]) => {
    await show(ctx, id);
    if (!(await updateRun(db, ctx.workspace, id, { state, cancel: false }, from))) throw new AppError('conflict');
    deps.kick(id);
    return show(ctx, id);
  };

  route(app, imports.start, async (call) => {
    const ctx = await ctxOf(call);
    const run = await show(ctx, call.params.id);
    // A second tap on the button is not a second import.
    if (run.state === 'running' || run.state === 'done') return run;
    return moveTo(ctx, call.params.id, 'running', ['ready']);
  });

  route(app, imports.cancel, async (call) => {
    const ctx = await ctxOf(call);
    const run = await show(ctx, call.params.id);
    if (run.state === 'running') await updateRun(db, ctx.workspace, run.id, { cancel: true }, ['running']);
    else
      await updateRun(db, ctx.workspace, run.id, { state: 'cancelled', finished_at: ctx.at }, [
        'reading',
        'mapping',
        'previewing',
        'ready',
        'failed',
      ]);
    if (run.roundTrip && run.state !== 'running') await clearChanges(db, ctx.workspace, run.id);
    return show(ctx, run.id);
  });

  route(app, imports.undo, async (call) => moveTo(await ctxOf(call), call.params.id, 'undoing', ['done', 'cancelled']));

  route(app, imports.errors, async (call) => {
    const ctx = await ctxOf(call);
    await show(ctx, call.params.id);
    await sendErrorFile(
      db,
      ctx,
      await readRun(db, ctx.workspace, call.params.id),
      call.query.format ?? 'xlsx',
      call.reply,
    );
  });
}

/** What a person chose for a header is the first guess next time. */
async function remember(db: Db, ctx: Ctx, settings: Settings): Promise<void> {
  const chosen = settings.columns.filter((column) => column.why === 'person' && column.target !== null);
  if (chosen.length === 0) return;
  const entries = new Map(chosen.map((column) => [normaliseHeader(column.header), column.target]));
  entries.delete('');
  await db.query(sql`insert into ${tableOf(ctx.workspace, 'import_memory')} (object, header, target)
    select ${settings.object}, m.header, m.target from unnest(${[...entries.keys()]}::text[], ${[...entries.values()]}::text[]) as m(header, target)
    on conflict (object, header) do update set target = excluded.target, used_at = now()`);
}
