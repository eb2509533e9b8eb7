import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { exports as api, type exportSchema } from '../../../contract/exports.ts';
import { records } from '../../../contract/records.ts';
import { ceilingOf } from '../../../domain/access/reach.ts';
import { type Access, MODES } from '../../../domain/access/types.ts';
import type { Files } from '../../platform/files/files.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Query } from '../../records/types.ts';
import type { AuditStore } from '../audit/index.ts';
import type { MakeCtx } from '../edge.ts';
import {
  type ExportFile,
  findExport,
  guestsOf,
  leavesOf,
  listExports,
  readExportSettings,
  saveExportSettings,
  setGuests,
  take,
  takenOf,
  untake,
} from './export-store.ts';
import { codeOf, type MakeDeps, prepareExport } from './make-export.ts';
import { textOf, traceExport } from './trace-export.ts';

export interface ExportsRouteDeps extends MakeDeps {
  files: Files;
  audit: AuditStore;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  people: () => Promise<{ id: string; role: 'admin' | 'member'; disabled?: boolean | undefined }[]>;
  uploadLimit: number;
  ctxOf: MakeCtx;
}

const TYPES: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};
const PAGE = 50;

/** The HTTP edge of what leaves the house as a file. */
export function exportsRoutes(app: App, deps: ExportsRouteDeps): void {
  const { db, ctxOf } = deps;

  route(app, records.export, async (call) => {
    const ctx = await ctxOf(call, call.body.reason);
    const { format, forEditing = false } = call.body;
    const wish = { query: call.body.query as Query, format: forEditing ? 'xlsx' : format, forEditing };
    const prepared = await prepareExport(deps, ctx, wish);
    if ('approval' in prepared) return call.reply.code(202).send(prepared);
    const body = new PassThrough({ highWaterMark: 1024 * 1024 });
    void call.reply.headers(headersOf(prepared.name, wish.format));
    prepared.write(body).catch((error: Error) => body.destroy(error));
    await call.reply.send(body);
  });

  route(app, api.list, async (call) => {
    const ctx = await ctxOf(call);
    const { before, mine } = call.query;
    const actor = seesAll(ctx) && mine === undefined ? null : ctx.actor;
    const list = await listExports(db, ctx.workspace, { actor, before, limit: PAGE + 1 });
    const page = list.slice(0, PAGE);
    return { exports: await present(deps, ctx, page), next: list.length > PAGE ? (page.at(-1)?.id ?? null) : null };
  });

  route(app, api.file, async (call) => {
    const ctx = await ctxOf(call);
    const { workspace, at } = ctx;
    const account = accountOf(ctx.actor);
    const found = await findExport(db, workspace, call.params.id);
    const invited = found && (await guestsOf(db, workspace, found.id)).includes(account);
    if (!found || (found.actor !== ctx.actor && !invited)) throw new AppError('not-found');
    if (!found.file || !found.expires_at || found.expires_at <= at) throw new AppError('export-expired');
    if (invited && !(await seesItAll(deps, ctx, found, ctx.access))) throw new AppError('forbidden');
    const stored = await deps.files.find(found.file);
    if (!(await take(db, workspace, found.id, account, at))) throw new AppError('export-taken');
    await deps.audit.append(workspace, {
      at,
      actor: ctx.actor,
      source: ctx.source,
      kind: 'export',
      object: found.object,
      body: { phase: 'fetch', act: found.id, rows: found.rows ?? 0 },
    });
    void call.reply.headers({ ...headersOf(found.name ?? 'export', found.format), 'content-length': stored.size });
    const body = deps.files.read(found.file);
    // Who was cut off may fetch it again.
    finished(call.reply.raw).catch(() => untake(db, workspace, found.id, account));
    await call.reply.send(body);
  });

  route(app, api.invite, async (call) => {
    const ctx = await ctxOf(call);
    const found = await findExport(db, ctx.workspace, call.params.id);
    if (found?.actor !== ctx.actor || !found.file) throw new AppError('not-found');
    const people = new Map((await deps.people()).map((person) => [person.id, person]));
    for (const account of call.body.accounts) {
      const person = people.get(account);
      if (!person || person.disabled) throw new AppError('not-found');
      const access = await deps.accessOf(ctx.workspace, { id: account, role: person.role });
      if (!(await seesItAll(deps, ctx, found, access))) throw new AppError('export-guest');
    }
    await setGuests(db, ctx.workspace, found.id, call.body.accounts, ctx.at);
    const [view] = await present(deps, ctx, [found]);
    if (!view) throw new AppError('not-found');
    return view;
  });

  route(app, api.settings, async (call) => readExportSettings(db, (await ctxOf(call)).workspace));

  route(app, api.saveSettings, async (call) => {
    const { workspace } = await ctxOf(call);
    await saveExportSettings(db, workspace, call.body);
    return readExportSettings(db, workspace);
  });

  route(
    app,
    api.trace,
    async (call) => {
      const ctx = await ctxOf(call);
      const bytes = await readAll(call.request.body, deps.uploadLimit);
      if (bytes.length < 2) throw new AppError('file-empty');
      const { marked, recognised, covering } = await traceExport(deps, ctx, await textOf(bytes));
      const all = [...marked.map(({ file }) => file), ...covering.map(({ file }) => file)];
      const views = new Map((await present(deps, ctx, all)).map((view) => [view.id, view]));
      const view = (file: ExportFile) => views.get(file.id) as View;
      return {
        marked: marked.map(({ file, by, count }) => ({ export: view(file), by, count })),
        recognised,
        covering: covering.map(({ file, found }) => ({ export: view(file), found })),
      };
    },
    { stream: true, bodyLimit: deps.uploadLimit },
  );
}

type View = z.input<typeof exportSchema>;

async function present(deps: ExportsRouteDeps, ctx: Ctx, files: readonly ExportFile[]): Promise<View[]> {
  const ids = files.map(({ id }) => id);
  const taken = await takenOf(deps.db, ctx.workspace, ids);
  const leaves = await leavesOf(deps.db, ctx.workspace, ids);
  const people = [...files.map(({ actor }) => actor), ...[...taken.values()].flat().map(({ account }) => account)];
  const names = await deps.names(ctx.workspace, [...new Set(people)]);
  return files.map((file): View => {
    const own = file.actor === ctx.actor;
    const waits = file.file !== null && file.expires_at !== null && file.expires_at > ctx.at;
    const mine = taken.get(file.id)?.some(({ account }) => account === accountOf(ctx.actor)) ?? false;
    return {
      id: file.id,
      code: codeOf(file.serial),
      at: file.at.toISOString(),
      actor: file.actor,
      actorName: names[file.actor] ?? '',
      source: file.source,
      object: file.object,
      format: file.format,
      forEditing: file.for_editing,
      reason: file.reason,
      approval: file.approval,
      state: file.state,
      rows: file.rows,
      expiresAt: file.file === null ? null : (file.expires_at?.toISOString() ?? null),
      taken: (taken.get(file.id) ?? []).map(({ account, at }) => ({
        name: names[account] ?? '',
        at: at.toISOString(),
      })),
      leaf: leaves.get(file.id) ?? null,
      may: { fetch: waits && !mine && (own || !seesAll(ctx)), invite: waits && own },
    };
  });
}

/** Whether somebody could have taken out every value of it by himself: all rows, and each field at least as clear. */
async function seesItAll(deps: ExportsRouteDeps, ctx: Ctx, file: ExportFile, access: Access): Promise<boolean> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), file.object);
  const his = access.objects[object.name];
  if (!his?.actions.includes('export') || his.rows !== true) return false;
  const fields = object.fields.filter(({ name, retired }) => !retired && (file.query.fields?.includes(name) ?? true));
  return fields.every(({ name }) => MODES.indexOf(ceilingOf(his, name)) >= MODES.indexOf('read'));
}

function headersOf(name: string, format: string): Record<string, string> {
  return {
    'content-type': TYPES[format] ?? 'application/octet-stream',
    'content-disposition': `attachment; filename="export.${format}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'cache-control': 'no-store',
  };
}

async function readAll(body: unknown, most: number): Promise<Buffer> {
  // What was sent as JSON or a form was parsed on its way: that is no file.
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) throw new AppError('file-empty');
  const stream = body as AsyncIterable<Buffer>;
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > most) throw new AppError('file-too-large', { limit: `${Math.floor(most / 1024 ** 2)} MB` });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const seesAll = (ctx: Ctx): boolean => ctx.access.admin || (ctx.access.acts ?? []).includes('audit');

const accountOf = (actor: string): string => actor.replace(/^user:/, '');
