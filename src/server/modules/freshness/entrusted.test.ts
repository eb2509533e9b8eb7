import { beforeAll, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Policy } from '../../../domain/freshness/policy.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { savePolicy } from './policy-store.ts';
import { todayList } from './today.ts';

const WANG = '00000000-0000-4000-8000-000000000001';
const LI = '00000000-0000-4000-8000-000000000002';
let db: Db;
let engine: Engine;

async function ctx(account: string, at = new Date()): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor: `user:${account}`, source: 'page', access, at, lang: 'zh' };
}

async function asked(account: string, days = 0): Promise<string[]> {
  const c = await ctx(account, new Date(Date.now() + days * 86_400_000));
  const list = await todayList(engine, c, await engine.catalog.get('main'), account, 20);
  return list.items.flatMap((item) => item.cells.map((cell) => `${item.title} ${cell.field}`)).sort();
}

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const policies: Policy[] = [
    { object: 'customer', field: 'email', priority: 'high', threshold: 0.9, responsible: LI },
    { object: 'customer', field: 'mobile', priority: 'high', threshold: 0.9 },
  ];
  await db.tx((tx) => savePolicy(tx, 'main', 'user:a', { policies, scenario: null }));
  engine.plans.invalidate('main');
  const old = await ctx(WANG, new Date(Date.now() - 400 * 86_400_000));
  for (const [name, owner] of [
    ['甲', WANG],
    ['乙', WANG],
    ['丙', LI],
  ]) {
    const set = {
      name,
      owner,
      mobile: `1380013800${'甲乙丙'.indexOf(name ?? '')}`,
      email: `${owner?.at(-1)}@example.com`,
    };
    const { outcomes } = await engine.write.write(old, [{ op: 'create', object: 'customer', set }]);
    expect(outcomes[0]?.issues).toBeUndefined();
  }
});

it('a field that a policy entrusts to someone is on his list, whoever looks after the customer, and on nobody else’s', async () => {
  // Of whom both have something to ask, one calls today and the other tomorrow.
  const both = async (account: string) =>
    [...new Set([...(await asked(account)), ...(await asked(account, 1))])]
      .filter((cell) => !cell.includes('name'))
      .sort();
  expect(await both(WANG)).toEqual(['乙 mobile', '甲 mobile']);
  expect(await both(LI)).toEqual(['丙 email', '丙 mobile', '乙 email', '甲 email']);
  const customers = async (account: string) => (await asked(account)).map((cell) => cell.split(' ')[0]);
  const [wang, li] = [new Set(await customers(WANG)), new Set(await customers(LI))];
  expect([...wang].filter((name) => li.has(name))).toEqual([]);
  expect([...wang, ...li].sort()).toEqual(['丙', '乙', '甲']);
});
