import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { testDb } from '../../../../../test/support/database.ts';
import type { Change } from '../../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../../engine.ts';
import { silentLog } from '../../../platform/log.ts';
import type { Db } from '../../../platform/postgres/db.ts';
import type { Ctx, Query, WriteResult } from '../../../records/types.ts';
import { createMarks, rowMarker } from '../../exports/marks.ts';
import { setUp } from '../../identity/accounts.ts';
import { prepareSheet } from '../../round-trip/index.ts';
import { createWorkspace, installTemplate } from '../../workspace/index.ts';
import type { ImportDeps } from '../deps.ts';
import { createImportSteps } from '../import-steps.ts';
import { newImport, type Run, readRun, startImport } from '../run-store.ts';
import { applySheet } from './apply-sheet.ts';
import { countChanges, listChanges, type SheetChange } from './change-store.ts';

/** A workspace with the CRM template whose sheets go out and come back; for tests. */
export interface World {
  db: Db;
  engine: Engine;
  me: string;
  ctx(actor?: string, role?: 'admin' | 'member'): Promise<Ctx>;
  write(changes: Change[], actor?: string): Promise<WriteResult>;
  /** Path of the exported workbook. */
  send(query: Query, ctx?: Ctx): Promise<string>;
  /** Uploads and compares a file; the run is ready then, unless it failed. */
  receive(path: string, role?: 'admin' | 'member'): Promise<Run>;
  /** Everything that the comparison found. */
  found(run: Run): Promise<SheetChange[]>;
  kinds(run: Run): Promise<Record<string, number>>;
  apply(run: Run): Promise<Run>;
  /** Writes one batch and is interrupted. */
  applyOnce(run: Run): Promise<Run>;
  file(name: string, content: string | Uint8Array): string;
}

export async function openWorld(cells: 'notes' | 'all' = 'notes'): Promise<World> {
  const db = await testDb();
  const engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const { id: me } = await setUp(db, { name: '王芳', email: 'wang@x.cn', password: 'xianke-2026-test' });
  const folder = mkdtempSync(join(tmpdir(), 'xk-sheet-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const files = new Map<string, string>();
  const deps: ImportDeps = {
    db,
    catalog: engine.catalog,
    read: engine.read,
    write: engine.write,
    sealing: engine.sealing,
    workspace: 'main',
    env: engine.env,
    accessOf: engine.accessOf,
    filePath: (id) => files.get(id) ?? '',
    now: () => new Date(),
  };
  const ctx: World['ctx'] = async (actor = `user:${me}`, role = 'admin') => ({
    workspace: 'main',
    actor,
    source: 'page',
    access: await engine.accessOf('main', { id: actor.replace(/^user:/, ''), role }),
    at: new Date(),
    lang: 'zh',
    reason: '测试',
  });
  async function advance(id: string): Promise<Run> {
    const steps = createImportSteps(deps, silentLog, () => undefined);
    await steps.advance(id);
    await steps.stop();
    return readRun(db, 'main', id);
  }
  let counter = 0;
  return {
    db,
    engine,
    me,
    ctx,
    write: async (changes, actor) => engine.write.write(await ctx(actor), changes, { reviewed: true }),
    async send(query, as) {
      const path = join(folder, `${++counter}.xlsx`);
      const sheet = await prepareSheet(engine, mayExport(as ?? (await ctx())), query);
      // Nothing of the marks may come back as a change.
      const mark = rowMarker(createMarks(Buffer.from('test')).of(12), cells);
      const lines = ['导出说明', '导出人：王芳'];
      await sheet.write(createWriteStream(path), {
        ...(mark && { mark }),
        provenance: { footer: '王芳 & 2026', sheet: { name: '导出说明', lines } },
      });
      return path;
    },
    async receive(path, role = 'admin') {
      const file = uuidv7();
      files.set(file, path);
      const name = `回来的表.${path.split('.').at(-1)}`;
      const by = role === 'admin' ? `user:${me}` : 'user:m1';
      const id = await newImport(db, 'main', { file, name, bytes: 1, by, role, lang: 'zh', object: 'customer' });
      return advance(id);
    },
    found: (run) =>
      listChanges(db, 'main', run.id, {
        kinds: ['change', 'conflict', 'refused', 'unreadable', 'new', 'verify'],
        limit: 100_000,
      }),
    async kinds(run) {
      const counts = await countChanges(db, 'main', run.id);
      return Object.fromEntries(Object.entries(counts).flatMap(([kind, { all }]) => (all > 0 ? [[kind, all]] : [])));
    },
    async apply(run) {
      await startImport(db, 'main', run.id);
      return advance(run.id);
    },
    async applyOnce(run) {
      if (run.state === 'ready') await startImport(db, 'main', run.id);
      const abort = new AbortController();
      await applySheet(deps, run.id, { signal: abort.signal, progress: () => abort.abort() });
      return readRun(db, 'main', run.id);
    },
    file(name, content) {
      const path = join(folder, `${++counter}-${name}`);
      writeFileSync(path, content);
      return path;
    },
  };
}

/** Members may not take lists out of the house; somebody who may and sees as they do. */
function mayExport(ctx: Ctx): Ctx {
  const objects = Object.entries(ctx.access.objects).map(([name, one]) => [
    name,
    { ...one, actions: [...new Set([...one.actions, 'export' as const])] },
  ]);
  return { ...ctx, access: { ...ctx.access, objects: Object.fromEntries(objects) } };
}
