import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { Policy } from '../../../domain/freshness/policy.ts';
import { seededRandom } from '../../../domain/freshness/random.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { createIdempotency } from '../../platform/http/idempotency.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { adviceRoutes } from './advice-routes.ts';
import { freshnessRoutes } from './freshness-routes.ts';
import { learn } from './learn-job.ts';
import { readPresets } from './presets.ts';

const YEAR = 365.25 * 86_400_000;
const NOW = Date.now();
let db: Db;
let engine: Engine;
let admin: As;

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  adviceRoutes(app, { ...engine, ctxOf: async () => ctx(Date.now()) });
  freshnessRoutes(app, {
    ...engine,
    ctxOf: async () => ctx(Date.now()),
    presets: readPresets(),
    replanSoon: async () => undefined,
    idempotency: createIdempotency(db),
  });
});

async function ctx(at: number, actor = 'user:wang'): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor, source: 'page', access, at: new Date(at), lang: 'zh' };
}

/** Half of 200 customers are key accounts, whose mobiles change eight times as often. */
beforeAll(async () => {
  admin = await server.account('admin');
  const random = seededRandom(5);
  let serial = 0;
  const mobile = () => `1390000${String(serial++).padStart(4, '0')}`;
  const { outcomes } = await engine.write.write(
    await ctx(NOW - 2 * YEAR),
    Array.from({ length: 200 }, (_, i) => ({
      op: 'create' as const,
      object: 'customer',
      set: {
        name: `客户${i}`,
        mobile: mobile(),
        level: i % 2 ? 'a' : 'c',
        source: i % 3 ? 'website' : 'tender',
        owner: null,
      },
    })),
  );
  for (let k = 3; k >= 0; k--) {
    const changes = outcomes.map(({ id }, i): Change => {
      const changed = random() < 1 - Math.exp(-(i % 2 ? 1.6 : 0.2) / 2);
      const verify = { fields: ['mobile'], method: 'phone' as const };
      return { op: 'update', object: 'customer', id, verify, ...(changed && { set: { mobile: mobile() } }) };
    });
    await engine.write.write(await ctx(NOW - (k * YEAR) / 2), changes);
  }
  const deps = {
    db,
    catalogs: engine.catalog,
    plans: engine.plans,
    now: () => new Date(),
    replanSoon: async () => undefined,
  };
  await settled(db);
  await learn(deps, 'main', new AbortController().signal);
});

async function call<T>(method: 'GET' | 'POST' | 'PUT', path: string, payload?: object): Promise<T> {
  const reply = await admin({ method, url: `/api/v1${path}`, ...(payload && { payload }) });
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json<T>();
}

interface Figures {
  hoursPerWeek: { value: number; error: number };
  freshness: { value: number; error: number };
  due: { now: { value: number }; in90: { value: number } };
}
interface TriedReply {
  sample: { customers: number; of: number; whole: boolean };
  before: Figures;
  after: Figures;
  people: { customers: number }[];
}

const everyDays = (days: number): Policy => ({
  object: 'customer',
  field: 'mobile',
  everyDays: days,
  priority: 'high',
  threshold: 0.5,
});

describe('rates', () => {
  it('are told with interval, count and date, and the interval of verifying that follows', async () => {
    const { rates, pending } = await call<{
      rates: { object: string; field: string; learned: Record<string, number>; advice: Record<string, number> }[];
      pending: number;
    }>('GET', '/freshness/rates');
    const mobile = rates.find((rate) => rate.object === 'customer' && rate.field === 'mobile');
    expect(pending).toBe(0);
    expect(mobile?.learned).toMatchObject({ observations: 800 });
    const { low = 0, rate = 0, high = 0 } = mobile?.learned ?? {};
    expect(low < rate && rate < high).toBe(true);
    // The faster end of the rate is the shorter end of the interval. T = −ln(ρ/.99)/λ, ρ = .9.
    expect(mobile?.advice.days).toBeCloseTo((-Math.log(0.9 / 0.99) / rate) * 365.25, 6);
    expect(mobile?.advice.low).toBeCloseTo((-Math.log(0.9 / 0.99) / high) * 365.25, 6);
  });

  it('suggest the split that is there and not the ones that are not', async () => {
    const { splits } = await call<{
      splits: { field: string; by: string; groups: { value: string; rate: number }[] }[];
    }>('GET', '/freshness/splits');
    expect(splits.map((split) => [split.field, split.by])).toEqual([['mobile', 'level']]);
    const rate = (value: string) => splits[0]?.groups.find((group) => group.value === value)?.rate ?? 0;
    expect(rate('a') / rate('c')).toBeGreaterThan(3);
  });
});

describe('trying a policy', () => {
  it('costs what it asks: four times as often, four times the contacts; nothing is written', async () => {
    const policies = (days: number) => ({ policies: [everyDays(days)] });
    const [rare, often] = [
      await call<TriedReply>('POST', '/policies/try', policies(8)),
      await call<TriedReply>('POST', '/policies/try', policies(2)),
    ];
    expect(often.sample).toEqual({ customers: 200, of: 200, whole: true });
    expect(often.after.hoursPerWeek.error).toBe(0);
    expect(often.after.hoursPerWeek.value / rare.after.hoursPerWeek.value).toBeGreaterThan(3);
    expect(often.after.freshness.value).toBeGreaterThan(often.before.freshness.value);
    expect(often.before).toEqual(rare.before);
    expect(await call('GET', '/policies/versions')).toEqual({ versions: [] });
  });

  it('sees segments by the values of the records', async () => {
    const segment = { name: { zh: '重点', en: 'Key' }, filter: { field: 'level', op: 'eq' as const, value: 'a' } };
    const all = await call<TriedReply>('POST', '/policies/try', { policies: [everyDays(3)] });
    const half = await call<TriedReply>('POST', '/policies/try', { policies: [{ ...everyDays(3), segment }] });
    expect(half.after.hoursPerWeek.value).toBeLessThan(0.7 * all.after.hoursPerWeek.value);
    expect(half.after.hoursPerWeek.value).toBeGreaterThan(half.before.hoursPerWeek.value);
  });
});

describe('the budget', () => {
  it('buys more freshness with more hours, less with each, and keeps deadlines', async () => {
    interface Curve {
      points: { hours: number; freshness: number }[];
      inForce: { hours: number; freshness: number };
      asked: { freshness: number };
      rules: { field: string; days: number | null; fixed: boolean }[];
    }
    const curve = await call<Curve>('GET', '/policies/curve');
    const gains = curve.points.slice(1).map((point, i) => {
      const before = curve.points[i] ?? point;
      return (point.freshness - before.freshness) / (point.hours - before.hours);
    });
    expect(Math.min(...gains)).toBeGreaterThanOrEqual(0);
    for (const [i, gain] of gains.slice(1).entries()) expect(gain).toBeLessThanOrEqual((gains[i] ?? 0) + 1e-9);
    // For the hours of the policy in force the best frequencies are at least as good.
    expect(curve.asked.freshness).toBeGreaterThanOrEqual(curve.inForce.freshness - 0.005);
    await call('PUT', '/policies', { policies: [{ ...everyDays(30), hard: true }], reason: '法定' });
    const kept = await call<Curve>('GET', '/policies/curve?hours=20');
    const mobile = kept.rules.find((rule) => rule.field === 'mobile' && rule.fixed);
    expect(mobile?.days).toBeCloseTo(30, 9);
  });
});

describe('versions', () => {
  it('say who, why and how much, and rates told to the page do not come back as rules', async () => {
    const told = await call<{ policies: Policy[] }>('GET', '/policies');
    await call('PUT', '/policies', { policies: told.policies, reason: '照旧' });
    const { versions } = await call<{
      versions: { reason: string; author: string; changed: number; version: number }[];
    }>('GET', '/policies/versions');
    expect(versions[0]).toMatchObject({ reason: '照旧', author: 'user:wang' });
    expect(versions[1]).toMatchObject({ reason: '法定', changed: 1 });
    const { policies } = await call<{ policies: Policy[] }>('GET', `/policies/versions/${versions[0]?.version}`);
    expect(policies.filter((policy) => policy.rate !== undefined)).toEqual([]);
  });
});

describe('evaluation', () => {
  it('tests the model against what was found, and counts what is past due', async () => {
    const reply = await call<{
      calibration: { count: number; brier: number; brierConstant: number };
      all: { expired: { value: number; error: number }; in30: { value: number }; in90: { value: number } };
      byField: { field: string }[];
      trend: { field: string; quarters: { checks: number }[] }[];
    }>('GET', '/freshness/evaluation?days=1000');
    expect(reply.calibration.count).toBe(800);
    expect(reply.all.expired.error).toBe(0);
    expect(reply.all.expired.value).toBeLessThanOrEqual(reply.all.in30.value);
    expect(reply.all.in30.value).toBeLessThanOrEqual(reply.all.in90.value);
    expect(reply.trend.find((one) => one.field === 'mobile')?.quarters.reduce((sum, q) => sum + q.checks, 0)).toBe(800);
  });

  it('shows who ticks boxes: forty in a minute, and no change among values of which five should have changed', async () => {
    await db.query(sql`
      insert into w_main.observation (record, field, at, age, outcome, predicted, how, actor)
      select gen_random_uuid(), 1, now() - interval '1 day' + n * interval '1 second', 1, 'r', 0.85, 'v', 'user:hasty'
      from generate_series(1, 40) n`);
    const { verifiers } = await call<{ verifiers: { actor: string; burst: number; patterns: string[] }[] }>(
      'GET',
      '/freshness/verifiers',
    );
    expect(verifiers.find((one) => one.actor === 'user:hasty')).toMatchObject({
      burst: 40,
      patterns: ['burst', 'never-changes'],
    });
  });
});
