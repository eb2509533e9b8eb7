import { beforeAll, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../identity/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { checksRoutes } from './checks-routes.ts';

const DAY = 86_400_000;
let db: Db;
let engine: Engine;
let admin: As;
let ids: string[];

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  checksRoutes(app, { ...engine, ctxOf: async () => ctx('user:admin') });
});

async function ctx(actor: string, daysAgo = 0): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor, source: 'page', access, at: new Date(Date.now() - daysAgo * DAY), lang: 'zh' };
}

/** Looks at the mobiles of records; every `wrong`-th was another. */
async function look(actor: string, records: string[], wrong = 0): Promise<void> {
  const changes = records.map((id, i): Change => {
    const verify = { fields: ['mobile'], method: 'phone' as const };
    const set =
      wrong > 0 && i % wrong === 0 ? { mobile: `139${String(Math.floor(i + 1e7)).padStart(8, '0')}` } : undefined;
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
      set: { name: `客户${i}`, ...(i % 3 > 0 && { mobile: `1380000${String(i).padStart(4, '0')}` }) },
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
  await look('user:hasty', items);
  expect(await find(made.id)).toMatchObject({ done: 0, checked: 0 });
  await look('user:careful', items, 2);
  expect(await find(made.id)).toMatchObject({ checked: items.length, right: Math.floor(items.length / 2) });
  await call('DELETE', `/checks/${made.id}`);
  expect(await find(made.id)).toMatchObject({ checked: items.length });
});
