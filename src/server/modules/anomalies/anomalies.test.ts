import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { learnAmounts } from './index.ts';

let db: Db;
let engine: Engine;

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试公司', settings: {} });
  await installTemplate(engine, 'main');
});

async function ctx(more: Partial<Ctx> = {}): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return {
    workspace: 'main',
    actor: 'user:wang',
    source: 'page',
    access,
    at: new Date(),
    lang: 'zh',
    reason: '续约',
    ...more,
  };
}

async function create(object: string, set: Record<string, unknown>, more?: Partial<Ctx>): Promise<string> {
  const { outcomes } = await engine.write.write(await ctx(more), [{ op: 'create', object, set }]);
  expect(outcomes[0]).toMatchObject({ status: 'applied' });
  return outcomes[0]?.id ?? '';
}

async function change(id: string, amount: string, more?: Partial<Ctx>) {
  const { outcomes } = await engine.write.write(await ctx(more), [
    { op: 'update', object: 'customer', id, set: { amount } },
  ]);
  return outcomes[0];
}

const stored = async (id: string) =>
  (await db.query<{ amount: string }>(sql`select amount::text from w_main.customer where id = ${id}`))[0]?.amount;
const held = async (id: string) =>
  db.query<{ id: string; wanted: Record<string, string>; suspicions: Record<string, { code: string; meant: number }> }>(
    sql`select id, wanted, suspicions from w_main.proposal where record = ${id} and state = 'held'`,
  );

describe('an amount out of pattern', () => {
  it('waits for a person; the value before stays, the rest of the change is written', async () => {
    const id = await create('customer', { name: '稳定客户', amount: '120000' });
    for (const amount of ['121000', '118000', '125000'])
      expect(await change(id, amount)).toMatchObject({ status: 'applied' });
    const { outcomes, changeSet } = await engine.write.write(await ctx(), [
      { op: 'update', object: 'customer', id, set: { amount: '125000万', remark: '续约三年' } },
    ]);
    expect(outcomes[0]).toMatchObject({
      status: 'applied',
      issues: [{ code: 'held-unit', field: 'amount', level: 'warning' }],
    });
    expect(changeSet).not.toBeNull();
    expect(await stored(id)).toBe('125000');
    const [proposal] = await held(id);
    expect(proposal).toMatchObject({
      wanted: { amount: '1250000000' },
      suspicions: { amount: { code: 'unit', meant: 125000 } },
    });
  });

  it('alone makes the change held, with nothing written', async () => {
    const id = await create('customer', { name: '只改金额', amount: '80000' });
    await change(id, '82000');
    const before = await db.query(sql`select version from w_main.customer where id = ${id}`);
    expect(await change(id, '820000000')).toMatchObject({ status: 'held' });
    expect(await db.query(sql`select version from w_main.customer where id = ${id}`)).toEqual(before);
    expect(await held(id)).toHaveLength(1);
  });

  it('is ordinary where the record’s own amounts go up and down like that', async () => {
    const id = await create('customer', { name: '大小单都有', amount: '1000' });
    for (const amount of ['300000', '2000', '900000', '1500']) await change(id, amount, { source: 'import' });
    expect(await change(id, '500000')).toMatchObject({ status: 'applied' });
  });

  it('is written as it comes from imports, and by whoever reviewed it', async () => {
    const id = await create('customer', { name: '导入', amount: '50000' });
    expect(await change(id, '500000000', { source: 'import' })).toMatchObject({ status: 'applied' });
    const other = await create('customer', { name: '审过', amount: '50000' });
    const { outcomes } = await engine.write.write(
      await ctx(),
      [{ op: 'update', object: 'customer', id: other, set: { amount: '500000000' } }],
      { reviewed: true },
    );
    expect(outcomes[0]).toMatchObject({ status: 'applied' });
  });

  it('can be taken back by undo like any other', async () => {
    const id = await create('customer', { name: '撤销', amount: '60000' });
    const first = await engine.write.write(await ctx({ source: 'import' }), [
      { op: 'update', object: 'customer', id, set: { amount: '900000000' } },
    ]);
    await engine.write.undo(await ctx(), first.changeSet ?? '');
    expect(await stored(id)).toBe('60000');
  });
});

describe('what is learned', () => {
  it('judges a new contract by the other contracts of its customer, and a first one by its like', async () => {
    const batch = Array.from({ length: 120 }, (_, i) => i);
    for (const i of batch) {
      const customer = await create('customer', { name: `签约客户${i}` }, { source: 'import' });
      const contracts = Array.from({ length: 3 }, (_, n) => ({
        op: 'create' as const,
        object: 'contract',
        set: { name: `合同${i}-${n}`, customer, amount: String(40000 + 1000 * ((i * 7 + n * 3) % 20)) },
      }));
      const { outcomes } = await engine.write.write(await ctx({ source: 'import' }), contracts);
      for (const outcome of outcomes) expect(outcome.issues ?? []).toEqual([]);
    }
    expect(await learnAmounts({ ...engine, now: () => new Date() }, 'main')).toBeGreaterThan(0);
    const customer = await create('customer', { name: '新签' });
    const { outcomes } = await engine.write.write(await ctx(), [
      { op: 'create', object: 'contract', set: { name: '首单', customer, amount: '48000' } },
      { op: 'create', object: 'contract', set: { name: '写成万元', customer, amount: '470000000' } },
    ]);
    expect(outcomes.map(({ status, issues }) => [status, issues?.[0]?.code])).toEqual([
      ['applied', undefined],
      ['applied', 'held-unit'],
    ]);
    const [row] = await db.query<{ amount: string | null }>(
      sql`select amount from w_main.contract where id = ${outcomes[1]?.id}`,
    );
    expect(row?.amount).toBeNull();
  });
});
