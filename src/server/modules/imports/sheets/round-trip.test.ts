import { readFileSync } from 'node:fs';
import * as xlsx from '@e965/xlsx';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { KEY_HEADER, VERIFIED_HEADER } from '../../../../domain/round-trip/columns.ts';
import { choose } from './change-store.ts';
import { openWorld, type World } from './testing.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

type Sheet = Record<string, string | number>[];

/** Opens an exported workbook as a person does, lets him edit the rows, and saves it. */
function edit(path: string, change: (rows: Sheet) => Sheet, as: 'xlsx' | 'csv' = 'xlsx'): string {
  const book = xlsx.read(readFileSync(path), { cellNF: true });
  const [name = ''] = book.SheetNames;
  const rows = xlsx.utils.sheet_to_json<Sheet[number]>(book.Sheets[name] ?? {}, { raw: false, defval: '' });
  const sheet = xlsx.utils.json_to_sheet(change(rows));
  if (as === 'csv') return world.file('edited.csv', `\ufeff${xlsx.utils.sheet_to_csv(sheet)}`);
  const saved = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(saved, sheet, '随便什么名字');
  return world.file('edited.xlsx', xlsx.write(saved, { type: 'buffer', bookType: 'xlsx' }));
}

const key = KEY_HEADER.zh;
const customers = (ids: string[]) =>
  world.db.query<{ id: string; name: string; wechat: string | null; address: string | null; version: number }>(
    sql`select * from w_main.customer where id = any(${ids}::uuid[]) order by id`,
  );

/** Customers of one test, told from others by a mark in the name. */
async function make(mark: string, n: number, more: Record<string, unknown> = {}): Promise<string[]> {
  const ids = Array.from({ length: n }, () => uuidv7());
  const { outcomes } = await world.write(
    ids.map((id, i) => ({
      op: 'create' as const,
      object: 'customer',
      id,
      set: { name: `${mark}${String(i).padStart(4, '0')}公司`, wechat: `wx${i}`, address: `路${i}号`, ...more },
    })),
  );
  expect(outcomes.every(({ status }) => status === 'applied')).toBe(true);
  return ids;
}

const query = (mark: string) => ({
  object: 'customer',
  filter: { field: 'name', op: 'contains' as const, value: mark },
  sort: [{ field: 'name', dir: 'asc' as const }],
});

describe('a thousand edits on each side', () => {
  it('come back as exactly those, conflicts exactly the overlap; written and undone as one', async () => {
    const ids = await make('三方', 1500);
    const place = new Map(ids.map((id, i) => [id, i]));
    const path = await world.send(query('三方'));
    // Here: 1,000 edits by somebody else, of which 200 give what the file will say too.
    const theirs = ids.slice(0, 1000).map((id, i) => ({
      op: 'update' as const,
      object: 'customer',
      id,
      set: { wechat: i < 600 ? `系统${i}` : `同样${i}` },
    }));
    await world.write(theirs, 'user:u2');
    // There: 1,000 edits, 400 of them of cells that were edited here to something else, 200 to the same.
    const file = edit(path, (rows) =>
      rows.map((row) => {
        const i = Number(/三方(\d+)/.exec(String(row.客户名称))?.[1]);
        if (i >= 200 && i < 600) return { ...row, 微信: `文件${i}` };
        if (i >= 600 && i < 800) return { ...row, 微信: `同样${i}` };
        if (i >= 1100) return { ...row, 地址: i % 2 ? `新路${i}号` : '' };
        return row;
      }),
    );
    const run = await world.receive(file);
    expect(run.error).toBeNull();
    expect(await world.kinds(run)).toEqual({ change: 400, conflict: 400 });
    expect(run.round_trip?.agreed).toBe(200);
    expect(run.preview?.counts).toMatchObject({ rows: 1500, update: 800, unchanged: 700, create: 0, reject: 0 });
    const found = await world.found(run);
    for (const change of found) {
      const i = place.get(change.record ?? '') ?? -1;
      if (change.kind === 'conflict')
        expect(change).toMatchObject({
          field: 'wechat',
          base: `wx${i}`,
          now: `系统${i}`,
          file: `文件${i}`,
          actor: 'user:u2',
          take: false,
        });
      else expect(change).toMatchObject({ field: 'address', file: i % 2 ? `新路${i}号` : null, take: true });
    }
    // For two conflicts the file is right.
    const taken = found.filter(({ kind }) => kind === 'conflict').slice(0, 2);
    await choose(world.db, 'main', run.id, true, { cells: taken.map(({ row, place: at }) => ({ row, place: at })) });
    const done = await world.apply(run);
    expect(done.counts).toMatchObject({ update: 402, reject: 0 });

    const after = new Map((await customers(ids)).map((row) => [row.id, row]));
    const chosen = new Set(taken.map(({ record }) => record));
    for (const [i, id] of ids.entries()) {
      const row = after.get(id);
      expect(row?.wechat).toBe(i < 600 ? (chosen.has(id) ? `文件${i}` : `系统${i}`) : i < 1000 ? `同样${i}` : `wx${i}`);
      expect(row?.address).toBe(i >= 1100 ? (i % 2 ? `新路${i}号` : null) : `路${i}号`);
      // Untouched rows have no new version.
      expect(row?.version).toBe(1 + (i < 1000 ? 1 : 0) + (i >= 1100 || chosen.has(id) ? 1 : 0));
    }
    const undone = await world.engine.write.undo(await world.ctx(), String(done.change_set));
    expect(undone).toMatchObject({ undone: 402, skippedCount: 0 });
    expect((await customers(ids)).every((row, i) => row.address === `路${i}号`)).toBe(true);
    // Once more: what was left is still a conflict, nothing else has changed.
    expect(await world.kinds(await world.receive(file))).toEqual({ change: 400, conflict: 400 });
  });
});

it('takes rows in any order, columns moved, deleted and added, rows deleted; also from a .csv', async () => {
  await make('乱序', 30);
  const path = await world.send(query('乱序'));
  const change = (rows: Sheet): Sheet =>
    rows
      .toReversed()
      .slice(0, 20)
      .map((row) => ({
        我的备注: '随手写的',
        微信: String(row.微信).endsWith('5') ? '改了' : String(row.微信),
        [key]: String(row[key]),
        客户名称: String(row.客户名称 ?? row.客户全称),
      }));
  for (const as of ['xlsx', 'csv'] as const) {
    const run = await world.receive(edit(path, change, as));
    // 29…10 came back; 25 and 15 were edited.
    expect(await world.kinds(run)).toEqual({ change: 2 });
    expect(run.notices.map(({ text }) => text.zh).join()).toContain('我的备注');
  }
});

it('creates rows without a key and copies under another name, by the rules of every import', async () => {
  const [first = ''] = await make('新增', 3);
  const path = await world.send(query('新增'));
  const file = edit(path, (rows) => [
    ...rows,
    { ...(rows[0] ?? {}), 客户名称: '新增复制公司', 客户编号: '' },
    { ...(rows[1] ?? {}), 微信: '同一条记录' },
    { ...(rows[2] ?? {}) },
    { 客户名称: '新增另一家公司', 手机: '13800138123', 负责人: '王芳' },
    { 客户名称: '新增手机有误公司', 手机: '1380013' },
    { 微信: '没有名称' },
  ]);
  const run = await world.receive(file);
  const found = await world.found(run);
  expect(await world.kinds(run)).toEqual({ new: 3, refused: 3, unreadable: 1 });
  expect(found.filter(({ kind }) => kind === 'refused').map(({ issue }) => issue?.code)).toEqual([
    'sheet-key-twice',
    'sheet-key-twice',
    'required',
  ]);
  await world.apply(run);
  const rows = await world.db.query<{ name: string; mobile: string | null; owner: string }>(
    sql`select name, mobile, owner from w_main.customer where name like '新增%公司' and name !~ '[0-9]' order by name`,
  );
  expect(rows.map(({ name, mobile }) => [name, mobile])).toEqual([
    ['新增另一家公司', '13800138123'],
    ['新增复制公司', null],
    ['新增手机有误公司', null],
  ]);
  expect((await customers([first]))[0]?.version).toBe(1);
});

it('refuses what may not be changed, with the reason, and what was deleted or forged meanwhile', async () => {
  const [a = '', b = '', c = '', d = ''] = await make('拒绝', 4, { amount: '500' });
  // A member sees amounts masked and may not change them.
  const member = await world.ctx('user:m1', 'member');
  const path = await world.send(query('拒绝'), member);
  const file = edit(path, (rows) =>
    rows.map((row, i) => {
      if (i === 0) return { ...row, 合作金额: 700, 客户编号: 'X1', 微信: '照样写入' };
      if (i === 1) return { ...row, 微信: '太晚' };
      if (i === 2) return { ...row, [key]: String(row[key]).replace(/\.1\./, '.2.'), 微信: '伪造' };
      return { ...row, 邮箱: '不是邮箱', 客户级别: '没有这一级' };
    }),
  );
  await world.write([{ op: 'delete', object: 'customer', id: b, version: 1 }], 'user:u2');
  const run = await world.receive(file, 'member');
  const found = await world.found(run);
  const codes = (row: number) => found.filter((one) => one.row === row && one.issue).map(({ issue }) => issue?.code);
  expect(codes(2)).toEqual(expect.arrayContaining(['sheet-fixed']));
  expect(codes(3)).toEqual(['sheet-deleted']);
  expect(codes(4)).toEqual(['sheet-key-forged']);
  expect(codes(5).length).toBeGreaterThan(0);
  const done = await world.apply(run);
  expect(done.counts).toMatchObject({ update: 1, reject: 0 });
  expect((await customers([a, c, d])).map(({ wechat }) => wechat)).toEqual(['照样写入', 'wx2', 'wx3']);
  const rejects = await world.db.query<{ row: number; problems: { zh: string }[] }>(
    sql`select row, problems from w_main.import_reject where run = ${run.id} order by row`,
  );
  expect(rejects.map(({ row }) => row)).toEqual([2, 3, 4, 5]);
});

it('does not write over what somebody changed between the comparison and the writing', async () => {
  const [a = '', b = ''] = await make('迟到', 2);
  const path = await world.send(query('迟到'));
  const run = await world.receive(edit(path, (rows) => rows.map((row) => ({ ...row, 微信: '来自文件' }))));
  expect(await world.kinds(run)).toEqual({ change: 2 });
  await world.write([{ op: 'update', object: 'customer', id: a, set: { wechat: '刚刚' } }], 'user:u2');
  const done = await world.apply(run);
  expect(done.counts).toMatchObject({ update: 1, reject: 1 });
  expect((await customers([a, b])).map(({ wechat }) => wechat)).toEqual(['刚刚', '来自文件']);
  const [reject] = await world.db.query<{ cells: string[]; problems: { zh: string }[] }>(
    sql`select cells, problems from w_main.import_reject where run = ${run.id}`,
  );
  expect(reject?.cells).toContain('来自文件');
  expect(reject?.problems[0]?.zh).toContain('又被别人改动');
});

it('names people and related records, and keeps what is merely called otherwise now', async () => {
  const [a = '', b = '', c = ''] = await make('关联', 3);
  const contacts = [a, b, c].map((customer, i) => ({
    op: 'create' as const,
    object: 'contact',
    id: uuidv7(),
    set: { name: `关联人${i}`, customer },
  }));
  await world.write(contacts);
  const path = await world.send({
    object: 'contact',
    filter: { field: 'name', op: 'contains', value: '关联人' },
    sort: [{ field: 'name', dir: 'asc' }],
  });
  await world.write([{ op: 'update', object: 'customer', id: a, set: { name: '改名后的公司' } }], 'user:u2');
  const file = edit(path, (rows) =>
    rows.map((row, i) =>
      i === 1 ? { ...row, 客户: '关联0002公司' } : i === 2 ? { ...row, 客户: '没有这家公司' } : row,
    ),
  );
  const run = await world.receive(file);
  const found = await world.found(run);
  expect(found.map(({ kind, file: value, issue }) => [kind, value, issue?.code])).toEqual([
    ['change', c, undefined],
    ['unreadable', null, 'relation-unknown'],
  ]);
});

it('“verified” renews what the row left unchanged', async () => {
  const [a = ''] = await make('核实', 2, { mobile: '13800138000' });
  const path = await world.send(query('核实'));
  const file = edit(path, (rows) =>
    rows.map((row, i) => (i === 0 ? { ...row, [VERIFIED_HEADER.zh]: '是', 微信: '新微信' } : row)),
  );
  const run = await world.receive(file);
  expect(await world.kinds(run)).toEqual({ change: 1, verify: 1 });
  const fields = (await world.found(run)).find(({ kind }) => kind === 'verify')?.file;
  expect(fields).toContain('mobile');
  expect(fields).not.toContain('wechat');
  await world.apply(run);
  const [delta] = await world.db.query<{ before: Record<string, unknown> }>(
    sql`select before from w_main.delta where record = ${a} order by version desc limit 1`,
  );
  expect(delta?.before.$v).toContain('mobile');
  expect(delta?.before).toHaveProperty('wechat');
});

it('goes on where it was interrupted, writing nothing twice', async () => {
  const ids = await make('中断', 1200);
  const file = edit(await world.send(query('中断')), (rows) => rows.map((row) => ({ ...row, 微信: '一次' })));
  let run = await world.receive(file);
  run = await world.applyOnce(run);
  expect(run).toMatchObject({ state: 'running', rows_done: 1000 });
  const { change_set } = run;
  for (let i = 0; run.state === 'running' && i < 5; i++) run = await world.applyOnce(run);
  expect(run).toMatchObject({ state: 'done', change_set, counts: { update: 1200, reject: 0 } });
  expect((await customers(ids)).every(({ wechat, version }) => wechat === '一次' && version === 2)).toBe(true);
});

it('takes what somebody saw masked for what it is, whoever brings it back', async () => {
  await make('遮盖', 3, { amount: '88000', wechat: 'wx' });
  const member = await world.ctx('user:m1', 'member');
  expect(member.access.objects.customer?.fields.amount).toBe('masked');
  const masked = await world.send(query('遮盖'), member);
  expect(await world.found(await world.receive(masked))).toEqual([]);
  expect(await world.found(await world.receive(masked, 'member'))).toEqual([]);
  // The other way round: what one may not see one has not edited, and one is not told whether it is so.
  const plain = await world.send(query('遮盖'));
  const file = edit(plain, (rows) => rows.map((row) => ({ ...row, 合作金额: 1, 微信: '改了' })));
  expect(await world.kinds(await world.receive(file, 'member'))).toEqual({ change: 3 });
  expect(await world.kinds(await world.receive(file))).toEqual({ change: 6 });
});

it('takes figures over other records as they come, and a read-only number in any form', async () => {
  const [a = '', b = ''] = await make('汇总', 2);
  // What the engine keeps: a roll-up, and the count of deals.
  await world.db.query(
    sql`update w_main.customer set order_count = 3, deal_count = 4 where id = any(${[a, b]}::uuid[])`,
  );
  const path = await world.send(query('汇总'));
  await world.db.query(sql`update w_main.customer set order_count = 7 where id = ${a}`);
  const file = edit(path, (rows) => rows.map((row) => ({ ...row, 微信: '改过' })), 'csv');
  expect(await world.kinds(await world.receive(file))).toEqual({ change: 2 });
  // Somebody else's number in a cell that nobody may change is refused still.
  const forged = edit(path, (rows) => rows.map((row) => ({ ...row, 近期成交次数: 99 })), 'csv');
  expect(await world.kinds(await world.receive(forged))).toEqual({ refused: 2 });
});
