import sql from 'sql-template-tag';
import { beforeAll, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { checksRoutes, peopleAsked } from './checks-routes.ts';
import { repeatChecks } from './repeat-checks-job.ts';

const DAY = 86_400_000;
const LI = '0198a000-0000-7000-8000-0000000000a1';
const WU = '0198a000-0000-7000-8000-0000000000a2';
let db: Db;
let engine: Engine;
let admin: As;
let ids: string[];
let serial = 0;
let caller = 'user:admin';
let told: [person: string, records: number][] = [];

const tell = async (tx: Tx, workspace: string, campaign: string): Promise<void> => {
  for (const { person, records } of await peopleAsked(tx, workspace, campaign)) told.push([person, records]);
};

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  checksRoutes(app, { ...engine, tell, ctxOf: async () => ctx(caller) });
});

async function ctx(actor: string, daysAgo = 0): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor, source: 'page', access, at: new Date(Date.now() - daysAgo * DAY), lang: 'zh' };
}

/** Looks at the mobiles of records; every `wrong`-th was another. */
async function look(actor: string, records: string[], wrong = 0): Promise<void> {
  const changes = records.map((id, i): Change => {
    const verify = { fields: ['mobile'], method: 'phone' as const };
    const set = wrong > 0 && i % wrong === 0 ? { mobile: `139${10_000_000 + serial++}` } : undefined;
    return { op: 'update', object: 'customer', id, verify, ...(set && { set }) };
  });
  await engine.write.write(await ctx(actor), changes);
  await settled(db);
}

interface Campaign {
  id: string;
  population: number;
  records: number;
  done: number;
  checked: number;
  right: number;
  accuracy: { low: number; high: number } | null;
  byPerson: { actor: string; checked: number }[];
  byOwner: { person: string | null; records: number; done: number }[];
  byVerifier: { actor: string; checked: number; right: number }[];
  closedAt: string | null;
  nextAt: string | null;
}

async function call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object): Promise<T> {
  const reply = await admin({ method, url: `/api/v1${path}`, ...(payload && { payload }) });
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json<T>();
}

const find = async (id: string) =>
  (await call<{ campaigns: Campaign[] }>('GET', '/checks')).campaigns.find((one) => one.id === id);

const itemsOf = async (id: string) =>
  (await call<{ items: { record: string; title: string }[] }>('GET', `/checks/${id}/items`)).items;

beforeAll(async () => {
  admin = await server.account('admin');
  const { outcomes } = await engine.write.write(
    await ctx('user:admin', 100),
    Array.from({ length: 120 }, (_, i) => ({
      op: 'create' as const,
      object: 'customer',
      // A third has no number: nothing to check there.
      set: {
        name: `客户${i}`,
        owner: i < 60 ? LI : i < 90 ? WU : null,
        ...(i % 3 > 0 && { mobile: `1380000${String(i).padStart(4, '0')}` }),
      },
    })),
  );
  ids = outcomes.map((outcome) => outcome.id);
});

it('a spot check draws as many as its precision needs, of filled values, and states accuracy with its interval', async () => {
  const wanted = { name: '周五抽查', object: 'customer', fields: ['mobile'], kind: 'random', precision: 0.1 };
  const made = await call<Campaign>('POST', '/checks', wanted);
  // n = 96.04 endless; of 80: ⌈96.04 / (1 + 95.04/80)⌉ = 44.
  expect(made).toMatchObject({ population: 80, records: 44, done: 0, accuracy: null });
  const items = await itemsOf(made.id);
  expect(items).toHaveLength(44);
  await look(
    'user:wang',
    items.slice(0, 20).map((item) => item.record),
    10,
  );
  expect(await find(made.id)).toMatchObject({
    done: 20,
    checked: 20,
    right: 18,
    byPerson: [{ actor: 'user:wang', checked: 20 }],
  });
  const { low = 0, high = 0 } = (await find(made.id))?.accuracy ?? {};
  expect(low < 0.9 && high > 0.9).toBe(true);
  expect(await itemsOf(made.id)).toHaveLength(24);
});

it('a blind re-check draws what somebody found right, and counts only the look of somebody else', async () => {
  const filled = ids.filter((_, i) => i % 3 > 0);
  await look('user:hasty', filled);
  const wanted = { name: '复核', object: 'customer', fields: ['mobile'], kind: 'recheck', precision: 0.2, days: 7 };
  const made = await call<Campaign>('POST', '/checks', wanted);
  const items = (await itemsOf(made.id)).map((item) => item.record);
  // To their owners; what nobody owns to who else verifies.
  expect(new Set(made.byOwner.map((one) => one.person))).toEqual(new Set([LI, WU, 'wang']));
  await look('user:hasty', items);
  expect(await find(made.id)).toMatchObject({ done: 0, checked: 0 });
  await look('user:careful', items, 2);
  expect(await find(made.id)).toMatchObject({ checked: items.length, right: Math.floor(items.length / 2) });
  expect((await find(made.id))?.byVerifier).toEqual([
    { actor: 'user:hasty', name: 'user:hasty', checked: items.length, right: Math.floor(items.length / 2) },
  ]);
  await call('DELETE', `/checks/${made.id}`);
  // What is found after its end is not its own.
  await look('user:late', ids.filter((_, i) => i % 3 > 0).slice(0, 40), 1);
  expect(await find(made.id)).toMatchObject({ checked: items.length, right: Math.floor(items.length / 2) });
});

it('says how many it would draw before it does', async () => {
  const wanted = { object: 'customer', fields: ['mobile'], kind: 'random', precision: 0.05 };
  // n = 384.2 endless; of 80: ⌈384.15 / (1 + 383.15/80)⌉ = 67.
  expect(await call('POST', '/checks/preview', wanted)).toEqual({ population: 80, records: 67 });
  expect(await call('POST', '/checks/preview', { ...wanted, kind: 'census' })).toEqual({ population: 80, records: 80 });
});

it('a re-check can be of one person’s finds only', async () => {
  const wanted = { object: 'customer', fields: ['mobile'], kind: 'recheck', precision: 0.01 };
  const all = await call<{ population: number }>('POST', '/checks/preview', wanted);
  const one = await call('POST', '/checks/preview', { ...wanted, of: 'user:wang' });
  // 18 of the 20 that wang looked at were right; the last word on those was of others since.
  expect(one).toEqual({ population: 18, records: 18 });
  expect(all.population).toBeGreaterThan(18);
});

it('a second look never falls to who looked first, though the record is his', async () => {
  await look(
    `user:${LI}`,
    ids.slice(0, 60).filter((_, i) => i % 3 > 0),
  );
  const wanted = {
    name: '复核李',
    object: 'customer',
    fields: ['mobile'],
    kind: 'recheck',
    precision: 0.05,
    of: `user:${LI}`,
  };
  const made = await call<Campaign>('POST', '/checks', wanted);
  expect(made.population).toBe(40);
  const people = made.byOwner.map((one) => one.person);
  expect(people).not.toContain(LI);
  expect(people).not.toContain(null);
});

it('a census takes every filled record, falls to its owners, and is exact where it is done', async () => {
  told = [];
  const wanted = { name: '全面普查', object: 'customer', fields: ['mobile'], kind: 'census', lasts: 30 };
  const made = await call<Campaign>('POST', '/checks', wanted);
  expect(made).toMatchObject({ population: 80, records: 80, done: 0 });
  const asked = [
    [LI, 40],
    [WU, 20],
  ];
  expect(told.sort((a, b) => b[1] - a[1])).toEqual(asked);
  const lis = ids.filter((_, i) => i < 60 && i % 3 > 0);
  await look(`user:${LI}`, lis, 4);
  const found = await find(made.id);
  expect(found).toMatchObject({ done: 40, right: 30, accuracy: { share: 0.75, low: 0.75, high: 0.75 } });
  expect(found?.byOwner.map(({ person, records, done }) => [person, records, done])).toEqual([
    [LI, 40, 40],
    [null, 20, 0],
    [WU, 20, 0],
  ]);
});

it('a stock-take takes what is past due, the most valuable of each person, and he sees what is his', async () => {
  // Values of a page 100 days old that nobody looked at: names of customers without a mobile.
  await db.query(sql`update w_main.freshness set due_at = now() + interval '1 day'`);
  const due = ids.filter((_, i) => i % 2 === 0);
  await db.query(sql`update w_main.freshness set due_at = now() - interval '1 day' where record = any(${due}::uuid[])`);
  const wanted = {
    name: '周五盘点',
    object: 'customer',
    fields: ['name'],
    kind: 'stocktake',
    perPerson: 12,
    repeats: 'week',
  };
  const made = await call<Campaign>('POST', '/checks', wanted);
  expect(made).toMatchObject({ population: 60, records: 36 });
  expect(new Date(made.nextAt ?? 0).getTime()).toBeGreaterThan(Date.now());
  caller = `user:${WU}`;
  interface Mine {
    checks: { id: string; records: number; done: number; items: { title: string }[] }[];
  }
  const mine = (await call<Mine>('GET', '/checks/mine')).checks.find((one) => one.id === made.id);
  caller = 'user:admin';
  expect(mine).toMatchObject({ records: 12, done: 0 });
  expect(mine?.items).toHaveLength(12);
  expect(mine?.items[0]?.title).toMatch(/^客户/);
});

it('is drawn again on its Friday: the one before ends with its figures', async () => {
  const [before] = (await call<{ campaigns: Campaign[] }>('GET', '/checks')).campaigns;
  const later = new Date(Date.parse(before?.nextAt ?? '') + 3_600_000);
  const deps = { ...engine, catalogs: engine.catalog, tell, now: () => later };
  const catalog = await engine.catalog.get('main');
  expect(await repeatChecks({ ...deps, now: () => new Date() }, 'main', catalog, 'Asia/Shanghai')).toBe(0);
  expect(await repeatChecks(deps, 'main', catalog, 'Asia/Shanghai')).toBe(1);
  expect(await repeatChecks(deps, 'main', catalog, 'Asia/Shanghai')).toBe(0);
  const { campaigns } = await call<{ campaigns: (Campaign & { name: string; id: string })[] }>('GET', '/checks');
  const [again, ended] = campaigns;
  expect(again).toMatchObject({ name: '周五盘点', closedAt: null });
  expect(Date.parse(again?.nextAt ?? '') - Date.parse(before?.nextAt ?? '')).toBe(7 * DAY);
  expect(ended).toMatchObject({ id: before?.id, closedAt: later.toISOString(), nextAt: null });
});
