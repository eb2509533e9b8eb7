import { AppError } from '../../../../contract/errors.ts';
import { imports } from '../../../../contract/imports.ts';
import { issueSentence } from '../../../../contract/issue-sentence.ts';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { route } from '../../../platform/http/route.ts';
import type { App } from '../../../platform/http/server.ts';
import type { Db } from '../../../platform/postgres/db.ts';
import { objectOf } from '../../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../../records/types.ts';
import type { MakeCtx } from '../../edge.ts';
import { relationWords } from '../../round-trip/index.ts';
import { type ImportView, type Run, readRun, updateRun, viewOf } from '../run-store.ts';
import { type ChangeKind, choose, countChanges, countTaken, listChanges, type SheetChange } from './change-store.ts';

export interface SheetRouteDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  ctxOf: MakeCtx;
  /** Sets somebody to work on an import; doesn't wait. */
  kick: (id: string) => void;
}

const KINDS: readonly ChangeKind[] = ['change', 'conflict', 'refused', 'unreadable', 'new', 'verify'];
const PAGE = 200;

/** Reviewing a sheet that was exported for editing and came back. */
export function sheetRoutes(app: App, deps: SheetRouteDeps): void {
  const { db, ctxOf } = deps;

  async function mine(ctx: Ctx, id: string): Promise<Run> {
    const run = await readRun(db, ctx.workspace, id);
    if (!ctx.access.admin && run.created_by !== ctx.actor) throw new AppError('not-found');
    return run;
  }

  const counted = async (ctx: Ctx, id: string) => ({
    counts: await countChanges(db, ctx.workspace, id),
    rows: await countTaken(db, ctx.workspace, id),
  });

  route(app, imports.changes, async (call) => {
    const ctx = await ctxOf(call);
    const run = await mine(ctx, call.params.id);
    const { kinds, after, limit = PAGE } = call.query;
    const wanted = kinds === undefined ? KINDS : KINDS.filter((kind) => kinds.split(',').includes(kind));
    const [row = 0, place = 0] = after?.split('.').map(Number) ?? [];
    const changes = await listChanges(db, ctx.workspace, run.id, {
      kinds: wanted,
      limit: limit + 1,
      ...(after !== undefined && { after: { row, place } }),
    });
    const page = changes.slice(0, limit);
    const last = page.at(-1);
    const object = objectOf(await deps.catalog.get(ctx.workspace), run.settings?.object ?? 'customer');
    const titles = await titlesIn(deps, ctx, object, page);
    return {
      ...(await counted(ctx, run.id)),
      changes: page.map((change) => shownChange(change, object, titles, ctx.lang)),
      titles,
      next: changes.length > limit && last ? `${last.row}.${last.place}` : null,
    };
  });

  route(app, imports.choose, async (call) => {
    const ctx = await ctxOf(call);
    const run = await mine(ctx, call.params.id);
    if (run.state !== 'ready') throw new AppError('conflict');
    const { take, kind, cells } = call.body;
    if (kind) await choose(db, ctx.workspace, run.id, take === 'file', { kind });
    if (cells && cells.length > 0) await choose(db, ctx.workspace, run.id, take === 'file', { cells });
    return counted(ctx, run.id);
  });

  route(app, imports.asTable, async (call): Promise<ImportView> => {
    const ctx = await ctxOf(call);
    const run = await mine(ctx, call.params.id);
    const change = { round_trip: null, state: 'previewing' as const, preview: null, notices: [] };
    if (!run.round_trip || !(await updateRun(db, ctx.workspace, run.id, change, ['ready', 'failed'])))
      throw new AppError('conflict');
    deps.kick(run.id);
    return viewOf(await readRun(db, ctx.workspace, run.id), ctx.lang, ctx.at);
  });
}

function shownChange(change: SheetChange, object: ObjectDef, titles: Record<string, string>, lang: Ctx['lang']) {
  const { actor, issue, ...rest } = change;
  const values = change.kind === 'new' && change.file !== null ? (change.file as Record<string, unknown>) : {};
  const own = values[object.title];
  return {
    ...rest,
    title: change.kind === 'new' ? (typeof own === 'string' ? own : null) : (titles[change.record ?? ''] ?? null),
    issue: issue && { ...issue, message: issueSentence(issue, object, lang) },
    by: actor === null ? null : (titles[actor] ?? actor),
  };
}

/** Names of the records, of people and of related records on a page. */
async function titlesIn(
  deps: SheetRouteDeps,
  ctx: Ctx,
  object: ObjectDef,
  changes: readonly SheetChange[],
): Promise<Record<string, string>> {
  const self = { ...fieldStub, name: 'record', type: 'relation' as const, target: object.name };
  const rows = changes.flatMap((change) => {
    const parts =
      change.field === null
        ? []
        : [change.base, change.now, change.file].map((value) => ({ values: { [change.field ?? '']: value } }));
    const own =
      change.kind === 'new' && change.file !== null ? [{ values: change.file as Record<string, unknown> }] : [];
    return [{ values: { record: change.record } }, ...parts, ...own];
  });
  const words = await relationWords(deps, ctx, [self, ...object.fields], rows);
  const people = new Set<string>(changes.flatMap(({ actor }) => actor ?? []));
  for (const field of object.fields)
    if (field.type === 'user')
      for (const { values } of rows) {
        const value = (values as Record<string, unknown>)[field.name];
        if (typeof value === 'string') people.add(value);
      }
  return { ...Object.fromEntries(words), ...(await deps.names(ctx.workspace, [...people])) };
}

const fieldStub = { id: 0, object: '', label: { zh: '', en: '' }, position: 0 };
