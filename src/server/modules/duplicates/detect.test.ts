import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { duplicatesRoutes } from './duplicates-routes.ts';
import { followChanges } from './follow-changes.ts';
import { mergeRoutes } from './merge-routes.ts';
import { scanObject } from './scan-object.ts';
import { caughtUp } from './testing.ts';

let db: Db;
let engine: Engine;
let as: As;
let rows: true | Filter = true;
let mobile: FieldMode = 'edit';
let asked: string[] = [];

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const deps = { ...engine, ctxOf: () => ctx() };
  duplicatesRoutes(app, { ...deps, scanNow: async (_workspace, object) => asked.push(object) > 0 });
  mergeRoutes(app, deps);
});

beforeAll(async () => {
  as = await server.account('admin');
});
beforeEach(() => {
  rows = true;
  mobile = 'edit';
  asked = [];
});

async function ctx(): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  if (access.objects.customer) Object.assign(access.objects.customer, { rows, fields: { '*': 'edit', mobile } });
  return { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh' };
}

async function create(...sets: Record<string, unknown>[]): Promise<string[]> {
  const { outcomes } = await engine.write.write(
    await ctx(),
    sets.map((set) => ({ op: 'create' as const, object: 'customer', set })),
  );
  expect(outcomes.flatMap((one) => (one.status === 'rejected' ? (one.issues ?? []) : []))).toEqual([]);
  return outcomes.map(({ id }) => id);
}

async function follow(): Promise<void> {
  const scanSoon = async (_tx: unknown, _workspace: string, object: string) => void asked.push(object);
  const deps = { ...engine, scanSoon, now: () => new Date() };
  await caughtUp(db, 'duplicates', async () => {
    while (await followChanges(deps, 'main'));
  });
}
const scan = () =>
  scanObject(
    { ...engine, accessFor: (catalog) => accessFor('admin', catalog), now: () => new Date() },
    'main',
    'customer',
  );

interface Group {
  score: number;
  records: { id: string; values: Record<string, unknown> }[];
  pairs: { a: string; b: string; reasons: { column: string; sentence: { zh: string } }[] }[];
}
async function queue(query = ''): Promise<{ groups: Group[]; open: number; next?: string }> {
  const reply = await as({ method: 'GET', url: `/api/v1/duplicates?object=customer${query}` });
  expect([reply.statusCode, reply.body]).toEqual([200, reply.body]);
  return reply.json();
}
async function post<T>(url: string, payload: unknown, status = 200): Promise<T> {
  const reply = await as({ method: 'POST', url: `/api/v1${url}`, payload: payload as object });
  expect([reply.statusCode, reply.body]).toEqual([status, reply.body]);
  return reply.json() as T;
}
const groupOf = async (id: string) =>
  (await queue('&limit=50')).groups.find((group) => group.records.some((one) => one.id === id));
const members = (group: Group | undefined) => group?.records.map(({ id }) => id).sort();
const hint = async (values: Record<string, unknown>, id?: string) =>
  (
    await post<{ matches: { id: string; probability: number; reasons: unknown[] }[] }>('/duplicates/hint', {
      object: 'customer',
      values,
      ...(id && { id }),
    })
  ).matches;

describe('as records are written', () => {
  it('pairs are found once, with score and reasons in words, and shown side by side', async () => {
    const [a = '', b = '', c = ''] = await create(
      { name: '杭州云栖智联科技有限公司', mobile: '13811110001', address: '杭州市西湖区文三路 1 号' },
      { name: '杭州云栖智联科技有限公司（新）', mobile: '138 1111 0001' },
      { name: '南京紫金食品有限公司', mobile: '13811110003' },
    );
    await follow();
    const group = await groupOf(a);
    expect(members(group)).toEqual([a, b].sort());
    expect(group?.pairs[0]?.reasons.map(({ column }) => column)).toContain('mobile');
    expect(group?.pairs[0]?.reasons[0]?.sentence.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(await groupOf(c)).toBeUndefined();
    await db.query(
      sql`update w_main.outbox_cursor set txid = '0', change_set = '00000000-0000-0000-0000-000000000000' where consumer = 'duplicates'`,
    );
    await follow();
    const pairs = await db.query(sql`select from w_main.duplicate_pair where ${a} in (a, b)`);
    expect(pairs).toHaveLength(1);
  });

  it('an edit makes a pair or ends it, and what goes to the bin leaves the queue', async () => {
    const [a = '', b = ''] = await create(
      { name: '成都蜀香餐饮有限公司', mobile: '13822220001' },
      { name: '重庆山城物流有限公司', mobile: '13822220002' },
    );
    await follow();
    expect(await groupOf(a)).toBeUndefined();
    const rename = async (set: Record<string, unknown>) => {
      await engine.write.write(await ctx(), [{ op: 'update', object: 'customer', id: b, set }]);
      await follow();
    };
    await rename({ name: '成都蜀香餐饮有限公司', mobile: '13822220001' });
    expect(members(await groupOf(a))).toEqual([a, b].sort());
    await rename({ name: '重庆山城物流有限公司', mobile: '13822220002' });
    expect(await groupOf(a)).toBeUndefined();
    await rename({ name: '成都蜀香餐饮有限公司', mobile: '13822220001' });
    await engine.write.write(await ctx(), [{ op: 'delete', object: 'customer', id: b }]);
    await follow();
    expect(await groupOf(a)).toBeUndefined();
  });

  it('what an undo takes away leaves the queue, and what it brings back returns', async () => {
    const firm = { name: '宁波东钱湖茶业有限公司', mobile: '13877770001' };
    const [a = ''] = await create(firm);
    const made = await engine.write.write(await ctx(), [{ op: 'create', object: 'customer', set: firm }]);
    await follow();
    const b = made.outcomes[0]?.id ?? '';
    expect(members(await groupOf(a))).toEqual([a, b].sort());
    const undone = await engine.write.undo(await ctx(), made.changeSet ?? '');
    await follow();
    expect(await groupOf(a)).toBeUndefined();
    await engine.write.undo(await ctx(), undone.changeSet);
    await follow();
    expect(members(await groupOf(a))).toEqual([a, b].sort());
  });

  it('a large set is left to a scan of the whole object', async () => {
    await create(
      ...Array.from({ length: 2_001 }, (_, i) => ({ name: `批量第${i}号企业`, mobile: String(13700000000 + i * 7) })),
    );
    await follow();
    expect(asked).toEqual(['customer']);
    const [kept] = await db.query(
      sql`select count(*)::int as n from w_main.match_entry e join w_main.customer c on c.id = e.record where c.name like '批量第%'`,
    );
    expect(kept).toEqual({ n: 2_001 });
  });
});

describe('scan', () => {
  it('finds groups among all records, remembers what was decided, and forgets what is alike no more', async () => {
    const firm = { name: '苏州金鸡湖精密机械有限公司', mobile: '13833330001', email: 'a@jinjihu.cn' };
    const [a = '', b = '', c = ''] = await create(
      firm,
      { ...firm, name: '苏州金鸡湖精密机械' },
      { ...firm, email: null },
    );
    expect((await scan()).records).toBeGreaterThan(2_000);
    expect(members(await groupOf(a))).toEqual([a, b, c].sort());
    const before = (await queue()).open;
    expect(await post('/duplicates/decide', { object: 'customer', records: [a, b], decision: 'different' })).toEqual({
      pairs: 1,
    });
    await post('/duplicates/decide', { object: 'customer', records: [b, c], decision: 'later' });
    await scan();
    await follow();
    const group = await groupOf(a);
    expect(members(group)).toEqual([a, c].sort());
    expect((await queue()).open).toBe(before - 2);
    await db.query(
      sql`update w_main.duplicate_pair set later_until = now() - interval '1 minute' where state = 'later'`,
    );
    expect((await queue()).open).toBe(before - 1);
    // Merged from the queue: the pair is settled, the rest leads to the winner.
    await post('/merges', { object: 'customer', records: [a, c], winner: a });
    await follow();
    expect(await groupOf(c)).toBeUndefined();
    const [pair] = await db.query(sql`select state from w_main.duplicate_pair where ${a} in (a, b) and ${c} in (a, b)`);
    expect(pair).toEqual({ state: 'merged' });
    const [model] = await db.query<{ records: number }>(sql`select records from w_main.match_model`);
    expect(model?.records).toBeGreaterThan(2_000);
  });

  it('pages through groups, each once, best first', async () => {
    for (let i = 0; i < 5; i++) {
      const firm = { name: `无锡太湖${'甲乙丙丁戊'[i]}仪器有限公司`, mobile: `1384444000${i}` };
      await create(firm, { ...firm, name: `${firm.name}（旧）` });
    }
    await follow();
    const all = (await queue('&limit=50')).groups.map((group) => members(group)?.join());
    const paged: (string | undefined)[] = [];
    const scores: number[] = [];
    let after = '';
    for (let page = 0; page < 25; page++) {
      const { groups, next } = await queue(`&limit=2${after}`);
      paged.push(...groups.map((group) => members(group)?.join()));
      scores.push(...groups.map(({ score }) => score));
      if (!next) break;
      after = `&after=${next}`;
    }
    expect(paged.slice(0, all.length)).toEqual(all);
    expect(new Set(paged).size).toBe(paged.length);
    expect(scores).toEqual([...scores].sort((x, y) => y - x));
  });

  it('shows nobody a record or a field that is not his to see', async () => {
    const [a = ''] = await create(
      { name: '青岛崂山矿泉水有限公司', mobile: '13855550001', level: 'a' },
      { name: '青岛崂山矿泉水有限公司', mobile: '13855550001', level: 'b' },
    );
    await follow();
    mobile = 'masked';
    expect((await groupOf(a))?.pairs[0]?.reasons.map(({ column }) => column)).not.toContain('mobile');
    rows = { field: 'level', op: 'eq', value: 'a' };
    expect(await groupOf(a)).toBeUndefined();
    await post(
      '/duplicates/decide',
      {
        object: 'customer',
        records: (await db.query<{ id: string }>(sql`select id from w_main.customer where mobile = '13855550001'`)).map(
          ({ id }) => id,
        ),
        decision: 'different',
      },
      404,
    );
  });
});

describe('hint', () => {
  it('tells whom a record being typed may be, within what the caller sees, and not what was told apart', async () => {
    const [a = '', b = ''] = await create(
      { name: '厦门鼓浪屿文化传播有限公司', mobile: '13866660001', level: 'a' },
      { name: '厦门鼓浪屿文化传播', mobile: '13866660001', level: 'a' },
    );
    await follow();
    const found = await hint({ name: '厦门鼓浪屿文化传播公司', mobile: '138-6666-0001' });
    expect(found.map(({ id }) => id).sort()).toEqual([a, b].sort());
    expect(found[0]?.probability).toBeGreaterThan(0.9);
    expect(found[0]?.reasons.length).toBeGreaterThan(0);
    expect((await hint({ name: '厦门鼓浪屿文化传播', mobile: '13866660001' }, b)).map(({ id }) => id)).toEqual([a]);
    await post('/duplicates/decide', { object: 'customer', records: [a, b], decision: 'different' });
    expect(await hint({ name: '厦门鼓浪屿文化传播', mobile: '13866660001' }, b)).toEqual([]);
    expect(await hint({ name: '完全无关的一家公司' })).toEqual([]);
    // By a number he may not read, nobody is found.
    mobile = 'masked';
    expect(await hint({ mobile: '13866660001' })).toEqual([]);
    mobile = 'edit';
    rows = { field: 'level', op: 'eq', value: 'b' };
    expect(await hint({ name: '厦门鼓浪屿文化传播', mobile: '13866660001' })).toEqual([]);
  });
});
