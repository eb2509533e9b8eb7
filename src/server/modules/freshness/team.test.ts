import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { Policy } from '../../../domain/freshness/policy.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { savePolicy } from './policy-store.ts';
import { teamRoutes } from './team-routes.ts';
import { todayList } from './today.ts';

const DAY = 86_400_000;
let db: Db;
let engine: Engine;
let boss: As;
let member: As;
let [wang, li, zhao] = ['', '', ''];

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  teamRoutes(app, { ...engine, ctxOf: async ({ caller }) => ctx(caller.account.id) });
});

async function ctx(account: string, days = 0, at = new Date()): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  const moment = new Date(at.getTime() + days * DAY);
  return { workspace: 'main', actor: `user:${account}`, source: 'page', access, at: moment, lang: 'zh' };
}

const listOf = async (account: string, days = 0, limit = 200) =>
  todayList(engine, await ctx(account, days), await engine.catalog.get('main'), account, limit);

const titles = async (account: string, days = 0): Promise<string[]> =>
  (await listOf(account, days)).items.map((item) => item.title).sort();

async function save(account: string, settings: object): Promise<number> {
  const body = { duties: [], dailyMinutes: null, deputy: null, absences: [], ...settings };
  return (await boss({ method: 'PUT', url: `/api/v1/team/${account}`, payload: body })).statusCode;
}

const iso = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const AWAY = { absences: [{ from: iso(-2), to: iso(2) }] };

beforeAll(async () => {
  boss = await server.account('admin');
  wang = (await server.account('member')).id;
  li = (await server.account('member')).id;
  member = await server.account('member');
  zhao = member.id;
  const policies: Policy[] = [
    { object: 'customer', field: 'email', priority: 'high', threshold: 0.9, responsible: 'role:service' },
    { object: 'customer', field: 'address', priority: 'high', threshold: 0.9, responsible: 'role:finance' },
    { object: 'customer', field: 'mobile', priority: 'high', threshold: 0.9 },
  ];
  await db.tx((tx) => savePolicy(tx, 'main', 'user:a', { policies, scenario: null }));
  engine.plans.invalidate('main');
  const changes = Array.from({ length: 40 }, (_, i) => ({
    op: 'create' as const,
    object: 'customer',
    set: { name: `客户${i}`, owner: wang, mobile: `1380013${8000 + i}`, email: `c${i}@example.com` },
  }));
  const { outcomes } = await engine.write.write(await ctx(wang, -400), changes);
  expect(outcomes.flatMap((one) => one.issues ?? [])).toEqual([]);
  const contacts = outcomes.map(({ id }, i) => ({
    op: 'create' as const,
    object: 'contact',
    set: { name: `联系人${i}`, customer: id, mobile: `1390013${8000 + i}` },
  }));
  await engine.write.write(await ctx(wang, -400), contacts);
});

describe('duties', () => {
  it('nobody has a duty: what a policy entrusts to it is the owner’s', async () => {
    const { items } = await listOf(wang);
    expect(items).toHaveLength(40);
    expect(items[0]?.cells.map((cell) => cell.field)).toContain('email');
    expect(await titles(li)).toEqual([]);
  });

  it('are shared among those who have them, each value on one list, and no customer on two lists of a day', async () => {
    expect(await save(li, { duties: ['service'] })).toBe(200);
    expect(await save(zhao, { duties: ['service', 'finance'] })).toBe(200);
    const seen = new Map<string, string[]>();
    for (let day = 0; day < 2; day++) {
      const lists = await Promise.all([wang, li, zhao].map(async (who) => ({ who, ...(await listOf(who, day)) })));
      const customers = lists.flatMap((list) => list.items.map((item) => item.id));
      expect(new Set(customers).size).toBe(customers.length);
      expect(customers.length).toBe(40);
      for (const { who, items } of lists)
        for (const item of items)
          for (const cell of item.cells) {
            const key = `${cell.id} ${cell.field}`;
            seen.set(key, [...new Set([...(seen.get(key) ?? []), who])]);
          }
    }
    // Over both days every value was asked of one person only.
    expect([...seen.values()].every((people) => people.length === 1)).toBe(true);
    const emails = [...seen].filter(([key]) => key.endsWith('email')).map(([, people]) => people[0]);
    expect(emails).toHaveLength(40);
    expect(new Set(emails)).toEqual(new Set([li, zhao]));
  });

  it('a customer somebody else called today is called by nobody else', async () => {
    const [mine] = (await listOf(li)).items;
    const cell = mine?.cells[0];
    if (!mine || !cell) throw new Error('nothing to do');
    const { id, object, field } = cell;
    const verify = { fields: [field], method: 'phone' as const };
    const { changeSet } = await engine.write.write(await ctx(li), [{ op: 'update', object, id, verify }]);
    expect((await listOf(wang)).items.map((item) => item.id)).not.toContain(mine.id);
    expect((await listOf(wang, 1)).items.map((item) => item.id)).toContain(mine.id);
    await engine.write.undo(await ctx(li), changeSet ?? '');
  });

  it('at the desk take no turns: what is looked up in papers waits for no call', async () => {
    const made = await engine.write.write(await ctx(wang, -400), [
      {
        op: 'create',
        object: 'customer',
        set: { name: '有地址', owner: wang, mobile: '13800138001', address: '上海市浦东新区世纪大道 100 号' },
      },
    ]);
    const id = made.outcomes[0]?.id ?? '';
    for (const day of [0, 1]) {
      const of = async (who: string) =>
        (await listOf(who, day)).items.find((item) => item.id === id)?.cells.map((cell) => cell.field) ?? [];
      expect(await of(zhao)).toEqual(['address']);
      expect(await of(wang)).toContain('mobile');
      expect(await of(wang)).not.toContain('address');
    }
    await engine.write.write(await ctx(wang), [{ op: 'delete', object: 'customer', id }]);
  });
});

describe('a contact whom two customers share', () => {
  it('is called by one of the two who look after them, however the lists are asked for at the same moment', async () => {
    const day = 40;
    const set = (name: string, owner: string) => ({ op: 'create' as const, object: 'customer', set: { name, owner } });
    const made = await engine.write.write(await ctx(wang, -400), [set('共用甲', wang), set('共用乙', li)]);
    const ids = made.outcomes.map((one) => one.id);
    await engine.write.write(
      await ctx(wang, -400),
      ids.map((customer) => ({
        op: 'create' as const,
        object: 'contact',
        set: { name: '同一个人', customer, mobile: '13700137000' },
      })),
    );
    const shared = async (who: string, of = day) => (await titles(who, of)).filter((title) => title.startsWith('共用'));
    const lists = await Promise.all([wang, li, wang, li, wang, li].map((who) => shared(who)));
    expect(new Set(lists.flat()).size).toBe(1);
    const [mine, his] = [await shared(wang), await shared(li)];
    expect(mine.length + his.length).toBe(1);
    expect(lists.flat()).toHaveLength(3);
    await engine.write.write(
      await ctx(wang),
      ids.map((id) => ({ op: 'delete' as const, object: 'customer', id })),
    );
  });
});

describe('capacity', () => {
  it('is the team’s until a person has his own', async () => {
    expect((await listOf(wang)).minutes.capacity).toBe(30);
    await db.query(sql`insert into w_main.freshness_setting values ('capacity', '{"hoursPerWeek": 5}')`);
    expect((await listOf(wang)).minutes.capacity).toBe(60);
    await save(wang, { dailyMinutes: 12 });
    expect((await listOf(wang)).minutes.capacity).toBe(12);
  });

  it('who is away has nothing to do; his deputy has it, without one his colleagues by share', async () => {
    await save(li, {});
    await save(zhao, {});
    expect(await titles(li)).toEqual([]);
    await save(wang, { ...AWAY, deputy: li });
    expect(await listOf(wang)).toMatchObject({ items: [], away: true, minutes: { capacity: 0 } });
    expect((await titles(li)).length).toBe(40);
    expect(await titles(zhao)).toEqual([]);

    await save(wang, { ...AWAY, duties: ['sales'] });
    await save(li, { duties: ['sales'] });
    await save(zhao, { duties: ['sales'], dailyMinutes: 60 });
    const [his, hers] = [await titles(li), await titles(zhao)];
    expect([...his, ...hers]).toHaveLength(40);
    expect(new Set([...his, ...hers]).size).toBe(40);
    expect(Math.min(his.length, hers.length)).toBeGreaterThan(5);
    // Back again, all is his.
    expect((await titles(wang, 4)).length).toBe(40);
    expect(await titles(li, 4)).toEqual([]);
    await save(wang, {});
  });

  it('a closed account is away for good', async () => {
    await db.query(sql`update auth."user" set disabled = true where id::text = ${wang}`);
    await save(wang, { deputy: zhao });
    expect((await titles(zhao)).length).toBe(40);
    await db.query(sql`update auth."user" set disabled = false where id::text = ${wang}`);
  });
});

describe('the team', () => {
  it('is shown with days to come, and refuses strangers and turned dates', async () => {
    await save(li, {
      duties: ['service'],
      dailyMinutes: 20,
      absences: [
        { from: iso(-9), to: iso(-8) },
        { from: iso(3), to: iso(4) },
      ],
    });
    const reply = (await boss({ method: 'GET', url: '/api/v1/team' })).json<{ people: { account: string }[] }>();
    expect(reply.people.find((one) => one.account === li)).toMatchObject({
      duties: ['service'],
      dailyMinutes: 20,
      absences: [{ from: iso(3), to: iso(4) }],
      away: false,
    });
    const own = await member({
      method: 'PUT',
      url: '/api/v1/team-away',
      payload: { deputy: li, absences: [{ from: iso(1), to: iso(2) }] },
    });
    expect(own.json<{ people: { account: string }[] }>().people.find((one) => one.account === member.id)).toMatchObject(
      {
        deputy: li,
        absences: [{ from: iso(1), to: iso(2) }],
      },
    );
    // Others' days are the administrator's.
    const other = await member({
      method: 'PUT',
      url: `/api/v1/team/${li}`,
      payload: { duties: [], dailyMinutes: null, deputy: null, absences: [] },
    });
    expect(other.statusCode).toBe(403);
    expect(await save('nobody', {})).toBe(404);
    expect(await save(li, { deputy: 'nobody' })).toBe(404);
    expect(await save(li, { absences: [{ from: iso(3), to: iso(1) }] })).toBe(422);
  });
});
