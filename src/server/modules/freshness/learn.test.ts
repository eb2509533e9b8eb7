import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled, testDb } from '../../../../test/support/database.ts';
import type { Change } from '../../../domain/change/types.ts';
import { seededRandom } from '../../../domain/freshness/random.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { learn } from './learn-job.ts';
import { savePolicy } from './policy-store.ts';
import { replan } from './replan.ts';

const YEAR = 365.25 * 86_400_000;
const NOW = Date.parse('2026-03-01T00:00:00Z');
const VIP = { field: 'level', op: 'eq' as const, value: 'a' };
let db: Db;
let engine: Engine;
let ids: string[];
let replans = 0;

async function ctx(at: number, more: Partial<Ctx> = {}): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor: 'user:wang', source: 'page', access, at: new Date(at), lang: 'zh', ...more };
}

async function write(at: number, changes: Change[], more?: Partial<Ctx>) {
  const result = await engine.write.write(await ctx(at, more), changes);
  expect(result.outcomes.filter((outcome) => outcome.status !== 'applied')).toEqual([]);
  return result;
}

const deps = () => ({
  db,
  catalogs: engine.catalog,
  plans: engine.plans,
  now: () => new Date(NOW),
  replanSoon: async () => {
    replans += 1;
  },
});
const run = async () => {
  await settled(db);
  const learned = await learn(deps(), 'main', new AbortController().signal);
  if (learned.moved) await replanAll();
  return learned;
};

const replanAll = () =>
  replan({ ...deps(), workspace: 'main', signal: new AbortController().signal, progress: async () => undefined });

async function observations(): Promise<number> {
  const [row] = await db.query<{ n: number }>(sql`select coalesce(sum(weight), 0)::int as n from w_main.observation`);
  return row?.n ?? 0;
}

async function fits() {
  const catalog = await engine.catalog.get('main');
  const mobile = catalog.objects.find((o) => o.name === 'customer')?.fields.find((f) => f.name === 'mobile')?.id ?? 0;
  engine.plans.invalidate('main');
  await engine.plans.ready('main');
  return engine.plans.fits('main').filter((fit) => fit.field === mobile);
}

const random = seededRandom(3);
let serial = 0;
const number = () => `1380000${String(serial++).padStart(4, '0')}`;

/** Verifies each customer's mobile after half a year; VIPs change twice a year, others once in five. */
async function halfYear(at: number): Promise<void> {
  const changes = ids.map((id, i): Change => {
    const rate = i % 2 === 0 ? 2 : 0.2;
    const changed = random() < 1 - Math.exp(-rate / 2);
    const verify = { fields: ['mobile'], method: 'phone' as const };
    return { op: 'update', object: 'customer', id, verify, ...(changed && { set: { mobile: number() } }) };
  });
  await write(at, changes);
}

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const made = await write(
    NOW - 3 * YEAR,
    Array.from({ length: 120 }, (_, i) => ({
      op: 'create' as const,
      object: 'customer',
      set: { name: `客户${i}`, mobile: number(), level: i % 2 === 0 ? 'a' : 'c' },
    })),
  );
  ids = made.outcomes.map((outcome) => outcome.id);
});

describe('learning', () => {
  it('turns verifications into rates whose interval holds the truth, once, and has plans follow', async () => {
    for (let k = 5; k >= 2; k--) await halfYear(NOW - (k * YEAR) / 2);
    expect((await run()).moved).toBe(true);
    expect(replans).toBe(1);
    expect(await observations()).toBe(480);
    const [fit] = await fits();
    // Half the cells at 2 a year and half at 0.2 look like one rate between.
    expect(fit).toMatchObject({ segment: '', observations: 480 });
    expect(fit?.mean).toBeGreaterThan(0.4);
    expect(fit?.mean).toBeLessThan(1.4);
    expect(await run()).toEqual({ moved: false });
    expect(await observations()).toBe(480);
  });

  it('tells segments apart once a policy draws them, from the observations it has', async () => {
    const segment = { name: { zh: '重点', en: 'Key' }, filter: VIP };
    const policies = [{ object: 'customer', field: 'mobile', segment, priority: 'high' as const, threshold: 0.9 }];
    await db.tx((tx) => savePolicy(tx, 'main', 'user:wang', { policies, scenario: null }));
    engine.plans.invalidate('main');
    await replanAll();
    // Half a year more, so that something is new.
    await halfYear(NOW - YEAR / 2);
    await run();
    const [others, vip] = await fits();
    expect(others?.observations).toBe(300);
    expect(vip?.observations).toBe(300);
    expect([others?.low, others?.high].map((end) => Number(end) < 0.2)).toEqual([true, false]);
    expect([vip?.low, vip?.high].map((end) => Number(end) < 2)).toEqual([true, false]);
    const catalog = await engine.catalog.get('main');
    const customer = catalog.objects.find((object) => object.name === 'customer');
    if (!customer) throw new Error('no customer');
    const { plan } = engine.plans.objectPlan('main', customer);
    const rate = (id: number) => plan.segments.get(id)?.fields.find((f) => f.fieldId === vip?.field)?.hazard.rate ?? 0;
    expect(rate(1)).toBeGreaterThan(4 * rate(0));
  });

  it('forgets what is undone, and knows it again when the undo is undone', async () => {
    const before = await observations();
    const verify = { fields: ['mobile'], method: 'phone' as const };
    const changes = ids.slice(0, 10).map((id): Change => ({ op: 'update', object: 'customer', id, verify }));
    const { changeSet } = await write(NOW - YEAR / 4, changes);
    await run();
    expect(await observations()).toBe(before + 10);
    const undone = await engine.write.undo(await ctx(NOW - YEAR / 5), changeSet ?? '');
    await run();
    expect(await observations()).toBe(before);
    await engine.write.undo(await ctx(NOW - YEAR / 6), undone.changeSet);
    await run();
    expect(await observations()).toBe(before + 10);
    const [row] = await db.query<{ n: number }>(sql`select sum(observations)::int as n from w_main.rate_sum`);
    expect(row?.n).toBe(before + 10);
  });

  it('takes no lesson from an untrusted import, and does from a trusted one', async () => {
    const before = await observations();
    const change: Change = { op: 'update', object: 'customer', id: ids[0] ?? '', set: { mobile: number() } };
    const imported = async () => {
      const c = await ctx(NOW - YEAR / 12, { source: 'import' });
      const set = await engine.write.openChangeSet(c, 'import');
      await engine.write.write(c, [{ ...change, set: { mobile: number() } }], { changeSet: set });
      await engine.write.closeChangeSet(c, set, 'done');
    };
    await imported();
    await run();
    expect(await observations()).toBe(before);
    await db.query(sql`insert into w_main.freshness_setting values ('imports', '{"trusted": ["customer.mobile"]}')`);
    await imported();
    await run();
    // The second import came at the same moment as the first: no time passed, nothing learned. A day later it is.
    expect(await observations()).toBe(before);
    const c = await ctx(NOW, { source: 'import' });
    const set = await engine.write.openChangeSet(c, 'import');
    await engine.write.write(c, [{ ...change, set: { mobile: number() } }], { changeSet: set });
    await engine.write.closeChangeSet(c, set, 'done');
    await run();
    expect(await observations()).toBe(before + 1);
  });
});
