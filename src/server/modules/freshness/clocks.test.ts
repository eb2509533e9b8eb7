import sql, { raw } from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Policy } from '../../../domain/freshness/policy.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { createLens } from './lens.ts';
import { savePolicy } from './policy-store.ts';
import { replan } from './replan.ts';

// Due dates as the product stores them and as its SQL asks for them: no daylight change, zone, leap day or clock that goes back moves one wrongly.

const DAY = 86_400_000;
let db: Db;
let engine: Engine;

async function ctx(at: string): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor: 'user:wang', source: 'page', access, at: new Date(at), lang: 'zh' };
}

let serial = 0;
/** A customer whose number is verified at a moment; due 30 days later by policy. */
async function verified(at: string): Promise<string> {
  const made = await engine.write.write(await ctx(at), [
    { op: 'create', object: 'customer', set: { name: `客户${serial++}`, mobile: '13800138000' } },
  ]);
  const id = made.outcomes[0]?.id ?? '';
  await verify(at, id);
  return id;
}

const verify = async (at: string, id: string, looked = at) =>
  engine.write.write(await ctx(at), [
    { op: 'update', object: 'customer', id, verify: { fields: ['mobile'], method: 'phone', at: looked } },
  ]);

async function dueAt(id: string): Promise<string | undefined> {
  const [row] = await db.query<{ due_at: Date | null }>(sql`select due_at from w_main.freshness where record = ${id}`);
  return row?.due_at?.toISOString();
}

/** Whether the SQL of lists says that the number is past due, in a session of some time zone. */
async function stale(id: string, now: string, zone: string): Promise<boolean> {
  const customer = (await engine.catalog.get('main')).objects.find((one) => one.name === 'customer');
  const mobile = customer?.fields.find((one) => one.name === 'mobile');
  if (!customer || !mobile) throw new Error('no such field');
  const held = createLens(engine.plans, 'main').stale(customer, mobile, sql`f`, new Date(now));
  return db.tx(async (tx) => {
    await tx.query(sql`set local timezone to ${raw(`'${zone}'`)}`);
    const [row] = await tx.query<{ held: boolean }>(
      sql`select ${held} as held from w_main.freshness f where f.record = ${id}`,
    );
    return row?.held ?? false;
  });
}

const later = (iso: string, ms: number): string => new Date(Date.parse(iso) + ms).toISOString();

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const policies: Policy[] = [
    { object: 'customer', field: 'mobile', priority: 'high', threshold: 0.5, everyDays: 30 },
    { object: 'customer', field: 'name', priority: 'low', threshold: 0.05 },
  ];
  await db.tx((tx) => savePolicy(tx, 'main', 'user:wang', { policies, scenario: null }));
  engine.plans.invalidate('main');
});

describe('due dates', () => {
  const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'];
  // Over the night clocks go forward in New York and Lord Howe, over the one they go back, over a leap day and the day that is none.
  const MOMENTS = [
    '2026-02-20T12:00:00.000Z',
    '2026-10-20T04:30:00.000Z',
    '2026-03-20T16:00:00.000Z',
    '2024-02-15T00:00:00.000Z',
    '2023-02-15T00:00:00.000Z',
    '2026-12-31T23:59:59.000Z',
  ];

  it.each(MOMENTS)(
    'thirty days after %s are thirty days, in the table and in the lists, whatever the zone',
    async (at) => {
      const id = await verified(at);
      const due = later(at, 30 * DAY);
      expect(await dueAt(id)).toBe(due);
      for (const zone of ZONES) {
        expect(`${zone} ${await stale(id, later(due, -1000), zone)}`).toBe(`${zone} false`);
        expect(`${zone} ${await stale(id, due, zone)}`).toBe(`${zone} true`);
      }
    },
  );

  it('stay where they are when the clock of the server goes back and forth', async () => {
    const id = await verified('2026-05-01T08:00:00Z');
    const due = await dueAt(id);
    // Someone looks while the clock is a year behind: what is known already is not set back.
    await verify('2025-05-01T08:00:00Z', id);
    expect(await dueAt(id)).toBe(due);
    await verify('2026-05-02T08:00:00Z', id, '2026-04-01T00:00:00Z');
    expect(await dueAt(id)).toBe(due);
    // A phone whose clock is ahead verifies now, not next week.
    await verify('2026-05-03T08:00:00Z', id, '2026-06-01T00:00:00Z');
    expect(await dueAt(id)).toBe('2026-06-02T08:00:00.000Z');
  });

  it('are the same when all is planned anew, at any hour', async () => {
    const ids = [await verified('2026-02-27T22:00:00Z'), await verified('2024-02-28T22:00:00Z')];
    const before = await Promise.all(ids.map(dueAt));
    for (const now of ['2026-03-08T07:00:00Z', '2020-01-01T00:00:00Z', '2031-07-01T00:00:00Z']) {
      await db.query(sql`update w_main.freshness set plan_version = 0`);
      const { signal } = new AbortController();
      const run = { db, catalogs: engine.catalog, plans: engine.plans, workspace: 'main', now: () => new Date(now) };
      await replan({ ...run, signal, progress: async () => undefined });
      expect(await Promise.all(ids.map(dueAt))).toEqual(before);
    }
  });

  it('by belief agree with the lists to the second', async () => {
    const policies: Policy[] = [{ object: 'customer', field: 'mobile', priority: 'high', threshold: 0.9, rate: 0.25 }];
    await db.tx((tx) => savePolicy(tx, 'main', 'user:wang', { policies, scenario: null }));
    engine.plans.invalidate('main');
    await engine.plans.ready('main');
    for (const at of MOMENTS) {
      const id = await verified(at);
      const due = later(at, (Math.log(0.99 / 0.9) / 0.25) * 365.25 * DAY);
      const stored = (await dueAt(id)) ?? '';
      expect(Math.abs(Date.parse(stored) - Date.parse(due))).toBeLessThan(1000);
      for (const zone of ZONES) {
        expect(await stale(id, later(due, -60_000), zone)).toBe(false);
        expect(await stale(id, later(due, 60_000), zone)).toBe(true);
      }
    }
  });
});
