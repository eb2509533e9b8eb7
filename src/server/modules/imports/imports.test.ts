import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { silentLog } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { accessFor } from '../access/index.ts';
import { setUp } from '../identity/accounts.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import type { ImportDeps } from './deps.ts';
import { createImportSteps } from './import-steps.ts';
import { runImport } from './run-import.ts';
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

const customers = (where = sql`true`) =>
  db.query<Record<string, unknown>>(
    sql`select * from w_main.customer where deleted_at is null and ${where} order by name`,
  );

describe('a messy sheet', () => {
  const sheet = [
    '客户通讯录 2026,,,,,',
    '*客户名称（必填）,联系人,手机号,邮箱,签约日期,负责人',
    '上海甲科技有限公司,张三,13800138000,ZHANG@X.CN,2024年3月5日,王芳',
    '北京乙贸易有限公司,李四,1.38E+10,li@y.cn,2024/5/1,查无此人',
    ',无名,13900139000,,,',
    '上海甲科技有限公司,,13700137000,,,',
    '',
  ].join('\n');

  it('is read as meant: bad cells stay empty and are reported, a nameless row is refused, twins in the file become one', async () => {
    const { ready, done, id } = await importFile('通讯录.csv', sheet);
    expect(ready.preview?.counts).toMatchObject({ rows: 4, create: 2, duplicate: 1, reject: 1 });
    expect(done.counts).toMatchObject({ rows: 4, create: 2, duplicate: 1, reject: 1 });
    const rows = await customers();
    expect(rows.map((row) => [row.name, row.mobile, row.email, row.signed_on, row.owner])).toEqual([
      ['上海甲科技有限公司', '13800138000', expect.stringContaining('@x.cn'), '2024-03-05', me],
      ['北京乙贸易有限公司', null, 'li@y.cn', '2024-05-01', me],
    ]);
    const rejects = await db.query<{ row: number; whole: boolean; problems: { zh: string }[] }>(
      sql`select row, whole, problems from w_main.import_reject where run = ${id} order by row`,
    );
    expect(rejects.map((reject) => [reject.row, reject.whole])).toEqual([
      [4, false],
      [5, true],
    ]);
    expect(rejects[0]?.problems.map((problem) => problem.zh).join()).toContain('1.38E+10');
    expect(rejects[0]?.problems.map((problem) => problem.zh).join()).toContain('查无此人');
  });

  it('imported again changes nothing and doubles nobody', async () => {
    const before = await customers();
    const { done } = await importFile('again.csv', sheet);
    expect(done.counts).toMatchObject({ create: 0, reject: 1 });
    expect((await customers()).map((row) => [row.id, row.version])).toEqual(before.map((row) => [row.id, row.version]));
  });

  it('fills blanks only, when asked to', async () => {
    const more = '客户名称,手机号,微信\n北京乙贸易有限公司,13600136000,wx_yi\n上海甲科技有限公司,13600136001,wx_jia\n';
    const { done } = await importFile('fill.csv', more, (settings) => {
      settings.onMatch = 'fill';
    });
    expect(done.counts).toMatchObject({ update: 2, create: 0 });
    expect((await customers()).map((row) => [row.mobile, row.wechat])).toEqual([
      ['13800138000', 'wx_jia'],
      ['13600136000', 'wx_yi'],
    ]);
  });
});

it('makes customers, contacts and follow-ups from one sheet, once each', async () => {
  const lines = ['客户名称,姓名,手机号码,跟进内容,跟进时间,跟进方式'];
  for (let i = 0; i < 20; i++)
    lines.push(
      `合一${i % 4}号公司,联系人${i % 8},1380013${String(8000 + (i % 8)).padStart(4, '0')},第${i}次沟通,2026-0${1 + (i % 9)}-1${i % 9} 10:00,电话`,
    );
  const sheet = `${lines.join('\n')}\n`;
  const count = async () =>
    (
      await db.query<
        Record<string, number>
      >(sql`select (select count(*)::int from w_main.customer where name like '合一%') as customers,
        (select count(*)::int from w_main.contact) as contacts, (select count(*)::int from w_main.interaction) as interactions`)
    )[0];
  await importFile('合一.csv', sheet);
  expect(await count()).toEqual({ customers: 4, contacts: 8, interactions: 20 });
  const [entry] = await db.query<{ at: Date }>(sql`select at from w_main.interaction where content = '第0次沟通'`);
  expect(entry?.at.toISOString()).toBe('2026-01-10T02:00:00.000Z');
  // The customer shows the first person he came with, name and number of the same one.
  const main = await customers(sql`name like '合一%'`);
  expect(main.map(({ contact_name, mobile }) => [contact_name, mobile])).toEqual(
    [0, 1, 2, 3].map((i) => [`联系人${i}`, `1380013800${i}`]),
  );
  await importFile('合一.csv', sheet);
  expect(await count()).toEqual({ customers: 4, contacts: 8, interactions: 20 });
});

it('knows the twins of a file however far apart they stand, though it looks ahead while it writes', async () => {
  const line = (i: number) => `双生${String(i % 1700).padStart(4, '0')}公司,138${String(30_000_000 + i)}`;
  const sheet = `客户名称,手机号\n${Array.from({ length: 3400 }, (_, i) => line(i)).join('\n')}\n`;
  const { done } = await importFile('twins.csv', sheet, (settings) => {
    settings.matchKeys = { customer: ['name'] };
  });
  expect(done.counts).toMatchObject({ rows: 3400, create: 1700, duplicate: 1700, reject: 0 });
  expect(await customers(sql`name like '双生%'`)).toHaveLength(1700);
});

describe('a long import', () => {
  const rows = 5000;
  const sheet = `客户名称,手机号\n${Array.from({ length: rows }, (_, i) => `长途${String(i).padStart(5, '0')}公司,138${String(10_000_000 + i)}`).join('\n')}\n`;

  it('goes on where it was interrupted, losing and doubling nothing; its undo takes all back but what was touched', async () => {
    const id = await upload('long.csv', sheet);
    const steps = createImportSteps(deps, silentLog, () => undefined);
    await steps.advance(id);
    await steps.stop();
    await updateRun(db, 'main', id, { state: 'running' });
    let interruptions = 0;
    for (let state = 'running'; state === 'running'; ) {
      const abort = new AbortController();
      let batches = 0;
      await runImport(deps, id, {
        signal: abort.signal,
        progress: () => {
          batches += 1;
          if (batches === 2) abort.abort();
        },
      });
      interruptions += 1;
      state = (await readRun(db, 'main', id)).state;
    }
    expect(interruptions).toBeGreaterThan(1);
    const run = await readRun(db, 'main', id);
    expect(run.counts).toMatchObject({ rows, create: rows, reject: 0 });
    const [found] = await db.query<{ n: number; names: number }>(
      sql`select count(*)::int as n, count(distinct name)::int as names from w_main.customer where name like '长途%' and deleted_at is null`,
    );
    expect(found).toEqual({ n: rows, names: rows });

    const [touched] = await customers(sql`name = '长途00007公司'`);
    const ctx = {
      workspace: 'main',
      actor: 'user:u2',
      source: 'page' as const,
      access: accessFor('admin', await engine.catalog.get('main')),
      at: new Date(),
      lang: 'zh' as const,
    };
    await engine.write.write(ctx, [{ op: 'update', object: 'customer', id: String(touched?.id), set: { level: 'A' } }]);
    const undone = await engine.write.undo({ ...ctx, at: new Date() }, String(run.change_set));
    expect(undone).toMatchObject({ undone: rows - 1, skippedCount: 1 });
    expect((await customers(sql`name like '长途%'`)).map((row) => row.name)).toEqual(['长途00007公司']);
  });
});

it('says what a broken file is, and stops there', async () => {
  const id = await upload('broken.xlsx', 'PK\u0003\u0004 this is no workbook');
  const steps = createImportSteps(deps, silentLog, () => undefined);
  await steps.advance(id);
  await steps.stop();
  const run = await readRun(db, 'main', id);
  expect(run.state).toBe('failed');
  expect(run.error?.text.zh).toMatch(/[一-龥]/);
});
