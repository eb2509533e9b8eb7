import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled, testDb } from '../../../../test/support/database.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { silentLog } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { collectFindings } from '../freshness/collect-findings.ts';
import { saveSetting, type TrustedSource } from '../freshness/index.ts';
import { setUp } from '../identity/accounts.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import type { ImportDeps } from './deps.ts';
import { createImportSteps } from './import-steps.ts';
import { readRun, type Settings, updateRun } from './run-store.ts';

let db: Db;
let engine: Engine;
let deps: ImportDeps;
let me: string;
const folder = mkdtempSync(join(tmpdir(), 'xk-import-'));
const files = new Map<string, string>();

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  // People that owner columns name.
  const account = await setUp(db, { name: '王芳', email: 'wang@x.cn', password: 'xianke-2026-test' });
  me = account.id;
  deps = {
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
});

async function upload(name: string, content: string): Promise<string> {
  const id = uuidv7();
  const file = uuidv7();
  const path = join(folder, `${id}-${name}`);
  writeFileSync(path, content);
  files.set(file, path);
  const settings: Settings = { object: 'customer', columns: [], matchKeys: {}, onMatch: 'update' };
  await db.query(sql`insert into w_main.import_run (id, file, file_name, bytes, created_by, role, state, settings)
    values (${id}, ${file}, ${name}, ${content.length}, ${`user:${me}`}, 'admin', 'reading', ${JSON.stringify(settings)})`);
  return id;
}

/** Reads, previews, and writes; as the server does when a person taps through. */
async function importFile(name: string, content: string, change: (settings: Settings) => void = () => undefined) {
  const steps = createImportSteps(deps, silentLog, () => undefined);
  const id = await upload(name, content);
  await steps.advance(id);
  const ready = await readRun(db, 'main', id);
  expect(ready.error).toBeNull();
  expect(ready.state).toBe('ready');
  if (ready.settings) change(ready.settings);
  await updateRun(db, 'main', id, { state: 'running', settings: ready.settings });
  await steps.advance(id);
  await steps.stop();
  const done = await readRun(db, 'main', id);
  expect(done.state).toBe('done');
  return { id, ready, done };
}

const cells = async (name: string): Promise<Record<string, CellTuple>> => {
  const customer = (await engine.catalog.get('main')).objects.find((one) => one.name === 'customer');
  const [row] = await db.query<{ cells: Record<string, CellTuple> | null }>(
    sql`select f.cells from w_main.freshness f join w_main.customer c on c.id = f.record where c.name = ${name}`,
  );
  return Object.fromEntries(
    Object.entries(row?.cells ?? {}).map(([id, cell]) => [
      customer?.fields.find((field) => field.id === Number(id))?.name ?? id,
      cell,
    ]),
  );
};

describe('an import from a trusted source', () => {
  const sheet = (mobile: string) => `客户名称,手机号,邮箱\n上海甲科技有限公司,${mobile},a@x.cn\n`;
  const learned = async () => {
    await settled(db);
    const run = { db, plans: engine.plans, workspace: 'main', catalog: await engine.catalog.get('main') };
    await engine.plans.ready('main');
    while (await collectFindings(run));
    return db.query<{ outcome: string; how: string }>(sql`select outcome, how from w_main.observation order by seq`);
  };

  it('verifies the columns the source vouches for, new or known, and is learned from; other files are not', async () => {
    await importFile('客户.csv', sheet('13800138000'));
    expect(await cells('上海甲科技有限公司')).toEqual({});
    await db.query(sql`update w_main.freshness set base_at = base_at - interval '300 days'`);
    const sources = [{ name: '工商数据', match: '工商', fields: ['customer.mobile'], strength: 'strong' }];
    await saveSetting(db, 'main', 'imports', { trusted: [], sources: sources as TrustedSource[] });
    await importFile('2026工商数据.csv', sheet('13800138000'));
    expect(await cells('上海甲科技有限公司')).toEqual({
      mobile: [0.999, expect.any(Number), 'registry', `user:${me}`, null],
    });
    expect(await learned()).toEqual([{ outcome: 'r', how: 'v' }]);
    await db.query(
      sql`update w_main.freshness set cells = jsonb_set(cells, array[(select jsonb_object_keys(cells)), '1'], '1700000000')`,
    );
    await importFile('2026工商数据 二.csv', sheet('13900139000'));
    expect((await cells('上海甲科技有限公司')).mobile?.[0]).toBe(0.999);
    await importFile('通讯录.csv', sheet('13700137000'));
    expect((await cells('上海甲科技有限公司')).mobile?.slice(0, 3)).toEqual([0.76, expect.any(Number), 'import']);
    expect(await learned()).toEqual([
      { outcome: 'r', how: 'v' },
      { outcome: 'c', how: 'v' },
    ]);
  });

  it('leaves alone what it only fills in', async () => {
    await importFile('2026工商数据 三.csv', sheet('13600136000'), (settings) => {
      settings.onMatch = 'fill';
    });
    expect((await cells('上海甲科技有限公司')).mobile?.[2]).toBe('import');
  });
});
