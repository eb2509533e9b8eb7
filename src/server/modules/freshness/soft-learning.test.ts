import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled, testDb } from '../../../../test/support/database.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { learn } from './learn-job.ts';
import { refreshReliability } from './learn-reliability.ts';
import { replan } from './replan.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-01T00:00:00Z');
let db: Db;
let engine: Engine;
let mobile: number;

async function ctx(daysAgo: number, more: Partial<Ctx> = {}): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  const at = new Date(NOW - daysAgo * DAY);
  return { workspace: 'main', actor: 'user:wang', source: 'page', access, at, lang: 'zh', ...more };
}

async function write(daysAgo: number, changes: Change[], more: Partial<Ctx> & { kind?: string } = {}) {
  const { kind, ...by } = more;
  const result = await engine.write.write(await ctx(daysAgo, by), changes, { ...(kind && { kind }) });
  expect(result.outcomes.filter((outcome) => outcome.status !== 'applied')).toEqual([]);
  return result;
}

let serial = 0;
const number = () => `1390000${String(serial++).padStart(4, '0')}`;

/** A customer whose number was verified so many days ago. */
async function customer(daysAgo: number, more: Record<string, unknown> = {}): Promise<string> {
  const set = { name: `客户${serial}`, mobile: number(), email: `c${serial}@example.com`, ...more };
  const made = await write(daysAgo + 1, [{ op: 'create', object: 'customer', set }]);
  const id = made.outcomes[0]?.id ?? '';
  await verify(daysAgo, id);
  return id;
}

const verify = (daysAgo: number, id: string, more: Partial<Ctx> = {}, set?: Record<string, unknown>) =>
  write(
    daysAgo,
    [{ op: 'update', object: 'customer', id, verify: { fields: ['mobile'], method: 'phone' }, ...(set && { set }) }],
    more,
  );

const signal = (daysAgo: number, id: string, kind: string) =>
  write(daysAgo, [{ op: 'update', object: 'customer', id, evidence: { kind } }], {
    source: 'system',
    kind: 'evidence',
  });

async function run(): Promise<void> {
  await settled(db);
  const deps = { db, catalogs: engine.catalog, plans: engine.plans, now: () => new Date(NOW) };
  const { signal } = new AbortController();
  const { moved } = await learn({ ...deps, replanSoon: async () => undefined }, 'main', signal);
  if (moved) await replan({ ...deps, workspace: 'main', signal, progress: async () => undefined });
}

/** What is in the sums of the number's rate: observations, years without a change, shares of changes. */
async function sums(): Promise<{ observations: number; unchanged: number; changes: number }> {
  await run();
  const rows = await db.query<{ observations: number; unchanged: number; intervals: Record<string, number> }>(
    sql`select observations, unchanged, intervals from w_main.rate_sum where field = ${mobile}`,
  );
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  return {
    observations: total((row) => row.observations),
    unchanged: total((row) => row.unchanged),
    changes: total((row) => Object.values(row.intervals).reduce((sum, n) => sum + n, 0)),
  };
}

async function state(id: string): Promise<{ frailty: number; due: Date | null; cell: CellTuple | undefined }> {
  const [row] = await db.query<{ frailty: number; due_at: Date | null; cells: Record<string, CellTuple> | null }>(
    sql`select frailty, due_at, cells from w_main.freshness where record = ${id}`,
  );
  return { frailty: row?.frailty ?? 0, due: row?.due_at ?? null, cell: row?.cells?.[mobile] };
}

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const catalog = await engine.catalog.get('main');
  mobile = catalog.objects.find((o) => o.name === 'customer')?.fields.find((f) => f.name === 'mobile')?.id ?? 0;
});

describe('evidence as observation', () => {
  it('counts a signal as a share of a find, and the time once when somebody looks afterwards', async () => {
    const id = await customer(365.25);
    const before = await sums();
    await signal(182.625, id, 'call-connected');
    const heard = await sums();
    const share = heard.observations - before.observations;
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(1);
    expect(heard.unchanged - before.unchanged).toBeCloseTo(share * 0.5, 3);
    await verify(0, id);
    const looked = await sums();
    expect(looked.observations - before.observations).toBeCloseTo(share + 1, 3);
    // A year since it was verified, and no more.
    expect(looked.unchanged - before.unchanged).toBeCloseTo(1, 2);
  });

  it('counts doubt as a share of a change until somebody looks, and takes an undone signal back', async () => {
    const id = await customer(300);
    const before = await sums();
    const { changeSet } = await signal(100, id, 'call-dead');
    const doubted = await sums();
    expect(doubted.changes - before.changes).toBeGreaterThan(0.5);
    await engine.write.undo(await ctx(90), changeSet ?? '');
    const after = await sums();
    expect(after.changes).toBeCloseTo(before.changes, 5);
    expect(after.observations).toBeCloseTo(before.observations, 5);
    const other = await customer(300);
    const fresh = await sums();
    await signal(100, other, 'call-dead');
    expect((await sums()).changes).toBeGreaterThan(fresh.changes);
    await verify(0, other);
    // The number was right after all.
    const settledAgain = await sums();
    expect(settledAgain.changes).toBeCloseTo(fresh.changes, 5);
    expect(settledAgain.unchanged - fresh.unchanged).toBeCloseTo(300 / 365.25, 2);
  });

  it('learns from what an outside system verified', async () => {
    const id = await customer(200);
    const before = await sums();
    const change: Change = { op: 'update', object: 'customer', id, verify: { fields: ['mobile'], method: 'registry' } };
    await write(0, [change], { actor: 'key:erp', source: 'api', kind: 'evidence' });
    expect((await sums()).observations).toBeCloseTo(before.observations + 1, 5);
  });
});

describe('a record that changes faster', () => {
  it('has all its fields due sooner after a change was found at one, and later after one was found right', async () => {
    const [changed, right, alone] = [await customer(200), await customer(200), await customer(200)];
    await run();
    const before = await state(changed);
    expect(before.frailty).toBe(1);
    await verify(0, changed, {}, { mobile: number() });
    await verify(0, right);
    // The write itself plans as before: what follows comes after it.
    expect((await state(changed)).frailty).toBe(1);
    const [soon, late] = [(await state(changed)).due, (await state(right)).due];
    await run();
    expect((await state(changed)).frailty).toBeGreaterThan(1.1);
    expect((await state(right)).frailty).toBeLessThan(1);
    expect((await state(alone)).frailty).toBe(1);
    expect(Number((await state(changed)).due)).toBeLessThan(Number(soon));
    expect(Number((await state(right)).due)).toBeGreaterThan(Number(late));
    // Later writes plan with it too.
    await verify(-1, changed);
    const [row] = await db.query<{ score: number }>(sql`select score from w_main.freshness where record = ${changed}`);
    expect(row?.score).toBeGreaterThan(0);
    expect((await state(changed)).frailty).toBeGreaterThan(1.1);
  });

  it('leaves what lies in the bin undue', async () => {
    const id = await customer(200);
    await verify(0, id, {}, { mobile: number() });
    await write(0, [{ op: 'delete', object: 'customer', id }]);
    await run();
    expect((await state(id)).due).toBeNull();
  });
});

describe('a verifier whose word does not hold', () => {
  it('raises belief less, counts in part, and is believed again once the re-checks hold', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 25; i++) ids.push(await customer(40));
    for (const id of ids) await verify(20, id, { actor: 'user:lazy' });
    await run();
    const campaign = '019a0000-0000-7000-8000-000000000001';
    await db.query(sql`insert into w_main.check_campaign (id, name, object, fields, kind, precision, population, at, author)
      values (${campaign}, '复查', 'customer', '{mobile}', 'recheck', 0.1, 25, ${new Date(NOW - 10 * DAY)}, 'user:boss')`);
    await db.query(sql`insert into w_main.check_item select ${campaign}, unnest(${ids}::uuid[]), 'user:lazy'`);
    for (const [i, id] of ids.entries())
      await verify(5, id, { actor: 'user:boss' }, i < 20 ? { mobile: number() } : undefined);
    await run();
    expect(await refreshReliability(db, 'main', new Date(NOW))).toBe(true);
    engine.plans.invalidate('main');
    await engine.plans.ready('main');
    const trust = engine.plans.reliability('main', 'user:lazy');
    expect(trust).toBeGreaterThan(0.3);
    expect(trust).toBeLessThan(0.6);
    expect(engine.plans.reliability('main', 'user:boss')).toBe(1);

    const [hers, his] = [await customer(700), await customer(700)];
    const before = await sums();
    await verify(0, hers, { actor: 'user:boss' });
    await verify(0, his, { actor: 'user:lazy' });
    const [sure, unsure] = [(await state(hers)).cell, (await state(his)).cell];
    expect(sure?.[0]).toBe(0.99);
    expect(unsure?.[0]).toBeLessThan(0.95);
    expect(unsure?.[0]).toBeGreaterThan(0.2);
    expect((await sums()).observations - before.observations).toBeCloseTo(1 + trust, 3);

    await db.query(sql`delete from w_main.check_item`);
    expect(await refreshReliability(db, 'main', new Date(NOW))).toBe(true);
    engine.plans.invalidate('main');
    await engine.plans.ready('main');
    expect(engine.plans.reliability('main', 'user:lazy')).toBe(1);
  });
});
