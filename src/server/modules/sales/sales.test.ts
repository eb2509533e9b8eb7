import { beforeAll, describe, expect, it } from 'vitest';
import { ctxAt } from '../../../../test/support/context.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { salesRoutes } from './index.ts';

const NOW = new Date('2026-10-01T02:00:00Z');
const DAY = 86_400_000;
let engine: Engine;
let admin: As;
let seller: As;

const server = await testServer(async (app, db) => {
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const whole = ctxAt(engine, () => NOW);
  salesRoutes(app, {
    ...engine,
    // The seller sees what is his own.
    ctxOf: async (call, reason) => {
      const ctx = await whole(call, reason);
      const { opportunity } = ctx.access.objects;
      if (ctx.actor !== `user:${seller.id}` || !opportunity) return ctx;
      const own = { ...opportunity, rows: { field: 'owner', op: 'eq' as const, value: seller.id } };
      return { ...ctx, access: { ...ctx.access, objects: { ...ctx.access.objects, opportunity: own } } };
    },
  });
});

const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

async function write(daysAgo: number, changes: object[]): Promise<string[]> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  const at = ago(daysAgo);
  const ctx = { workspace: 'main', actor: 'user:li', source: 'page' as const, access, at, lang: 'zh' as const };
  const { outcomes } = await engine.write.write(ctx, changes as never, { reviewed: true });
  return outcomes.map(({ id }) => id);
}

interface Funnel {
  deals: number;
  steps: {
    stage: { value: string };
    reached: { n: number; ids: string[] };
    here: { n: number };
    stay: { days: number };
  }[];
  won: { n: number };
  lost: { n: number };
  winRate: { value: number; n: number } | null;
}

interface Forecast {
  amount: string | null;
  open: number;
  weighted: { value: number; counted: number; undated: number } | null;
  history: { value: number; low: number; high: number; learned: number } | null;
  backTests: { forecast: { open: number }; came: number; cameDeals: number }[];
}

async function ask<T>(as: As, path: string, body: object): Promise<T> {
  const reply = await as({ method: 'POST', url: `/api/v1/sales/${path}`, payload: body });
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json();
}

const year = { from: ago(365).toISOString() };

beforeAll(async () => {
  admin = await server.account('admin');
  seller = await server.account('member');
  const [customer] = await write(400, [
    { op: 'create', object: 'customer', set: { name: '甲公司', owner: seller.id } },
  ]);
  // Thirty deals of the past: two of three are won, after ten days in each stage.
  for (let n = 0; n < 30; n++) {
    const begun = 350 - n * 5;
    const set = { name: `商机${n}`, customer, amount: '1000', owner: n % 2 ? seller.id : admin.id };
    const [id] = await write(begun, [{ op: 'create', object: 'opportunity', set }]);
    const step = (stage: string) => [{ op: 'update', object: 'opportunity', id, set: { stage } }];
    await write(begun - 10, step('contact'));
    await write(begun - 20, n % 3 === 0 ? step('lost') : step('negotiation'));
    if (n % 3 !== 0)
      await write(begun - 30, [{ op: 'update', object: 'opportunity', id, set: { stage: 'won', amount: '900' } }]);
  }
  for (let n = 0; n < 4; n++)
    await write(3, [
      {
        op: 'create',
        object: 'opportunity',
        set: {
          name: `新${n}`,
          customer,
          amount: '2000',
          owner: admin.id,
          expected_on: n < 3 ? '2026-10-20' : undefined,
        },
      },
    ]);
});

describe('funnel', () => {
  it('comes from the history of the records alone', async () => {
    const found = await ask<Funnel>(admin, 'funnel', year);
    expect(found).toMatchObject({ deals: 34, won: { n: 20 }, lost: { n: 10 }, winRate: { n: 30, value: 20 / 30 } });
    expect(found.steps.map(({ stage, reached, here }) => [stage.value, reached.n, here.n])).toEqual([
      ['lead', 34, 4],
      ['contact', 30, 0],
      ['negotiation', 20, 0],
    ]);
    expect(found.steps[1]?.stay.days).toBeCloseTo(10, 5);
  });

  it('counts what may be read: a seller his own, with a filter what it finds', async () => {
    expect(await ask<Funnel>(seller, 'funnel', year)).toMatchObject({ deals: 15 });
    const filter = { field: 'name', op: 'startsWith', value: '新' };
    expect(await ask<Funnel>(admin, 'funnel', { ...year, filter })).toMatchObject({ deals: 4, winRate: null });
  });

  it('of an object without stages is refused', async () => {
    const reply = await admin({
      method: 'POST',
      url: '/api/v1/sales/funnel',
      payload: { ...year, object: 'customer' },
    });
    expect(reply.statusCode).toBe(404);
  });
});

describe('forecast', () => {
  it('by the chances set and by history, tested on the past', async () => {
    const found = await ask<Forecast>(admin, 'forecast', { days: 60 });
    expect(found).toMatchObject({ amount: 'amount', open: 4, weighted: { value: 600, counted: 3, undated: 1 } });
    // Two of three such deals were won within sixty days.
    expect(found.history?.value).toBeGreaterThan(3500);
    expect(found.history?.value).toBeLessThan(6500);
    expect(found.history?.low).toBeLessThan(found.history?.high ?? 0);
    const last = found.backTests.find((test) => test.forecast.open > 0);
    // Amounts as they were when they were won.
    expect((last?.came ?? 0) / (last?.cameDeals || 1)).toBe(last?.cameDeals ? 900 : 0);
  });

  it('says counts only to whom amounts are hidden', async () => {
    await engine.editor.updateField('main', 'opportunity', 'amount', { sensitivity: 'sensitive' });
    const objects = await engine.catalog.get('main');
    const access = accessFor('admin', objects);
    const masked = {
      ...access,
      admin: false,
      objects: {
        ...access.objects,
        opportunity: { ...access.objects.opportunity, fields: { '*': 'read', amount: 'masked' } },
      },
    };
    const { processOf } = await import('./read-journeys.ts');
    const ctx = { workspace: 'main', actor: 'user:x', source: 'page', access: masked, at: NOW, lang: 'zh' } as never;
    expect((await processOf(engine, ctx)).amount).toBeNull();
  });
});
