import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyWebhook } from '../../platform/outgoing/webhook.ts';
import { becameA, breaking, rule, type TestAutomation, tell, testAutomation } from './testing.ts';
import { tickRules } from './tick-rules.ts';

// Rules that the clock wakes, what is known before one is switched on, what leaves the house, and versions.

let test: TestAutomation;

beforeAll(async () => {
  test = await testAutomation();
});
afterEach(() => test.clean());

describe('the clock', () => {
  const ends = rule({ on: 'date', object: 'contract', field: 'ends_on', days: -30, hour: 8 }, [
    { do: 'task', title: '续约 {name}', to: { who: 'owner' } },
  ]);

  it('fires once per record and occasion, makes up for a stop, and fires nothing twice when it is put back', async () => {
    test.clock.now = new Date('2026-05-01T01:00:00Z');
    await test.addRule(ends);
    const customer = await test.make('customer', { name: '合同客户' });
    const days = ['2026-06-01', '2026-06-02', '2026-06-05', '2026-06-20'];
    for (const day of days) await test.make('contract', { name: `到期 ${day}`, customer, ends_on: day });
    await test.tick();
    expect(await test.tasks()).toHaveLength(0);
    test.later(1, 1);
    await test.tick();
    await test.tick();
    expect((await test.tasks()).map(({ title }) => title)).toEqual(['续约 到期 2026-06-01']);
    test.later(-2);
    await test.tick();
    expect(await test.tasks()).toHaveLength(1);
    // Nobody ran for days.
    test.later(8);
    await test.tick();
    expect((await test.tasks()).map(({ title }) => title).sort()).toEqual(
      days.slice(0, 3).map((day) => `续约 到期 ${day}`),
    );
  });

  it('goes through more records than one portion, also when cut off in between', async () => {
    test.clock.now = new Date('2026-08-03T00:00:00Z');
    const every = rule({ on: 'every', object: 'product', every: 'week', weekday: 1, hour: 9 }, [
      { do: 'set', field: 'remark', value: '已看' },
    ]);
    await test.addRule(every);
    await test.write(
      Array.from({ length: 1200 }, (_, n) => ({
        op: 'create' as const,
        object: 'product',
        id: uuidv7(),
        set: { name: `货${n}` },
      })),
    );
    test.later(0, 2);
    await expect(
      tickRules({ ...test.deps, db: breaking(test.db, /update .*automation_clock/, 1) }, 'main'),
    ).rejects.toThrow('cut off');
    await test.tick();
    const [row] = await test.db.query<{ n: number }>(
      sql`select count(*)::int as n from w_main.product where remark = '已看'`,
    );
    expect(row?.n).toBe(1200);
    expect(await test.firings()).toHaveLength(1200);
    test.later(0, 5);
    await test.tick();
    expect(await test.firings()).toHaveLength(1200);
  });
});

describe('before a rule is switched on', () => {
  it('tells how often it would have fired and for whom, and writes nothing', async () => {
    test.clock.now = new Date('2026-10-01T02:00:00Z');
    const ids = [
      await test.make('customer', { name: '试一', level: 'b' }),
      await test.make('customer', { name: '试二', level: 'b' }),
    ];
    test.later(2);
    for (const id of ids) await test.change('customer', id, { level: 'a' });
    await test.change('customer', ids[0] ?? '', { level: 'b' });
    await test.change('customer', ids[0] ?? '', { level: 'a' });
    test.later(1);
    const before = (await test.db.query(sql`select count(*)::int as n from w_main.change_set`))[0];
    const tried = {
      ...becameA(tell('{name}')),
      if: {
        all: [
          { field: 'level', op: 'eq', value: 'a' },
          { field: 'name', op: 'startsWith', value: '试' },
        ],
      },
    };
    // Ids of change sets carry the time of the machine, not of this test.
    test.clock.now = new Date();
    const reply = await test.boss({
      method: 'POST',
      url: '/api/v1/rules/try',
      payload: { rule: tried, days: 30 },
    });
    expect(reply.json()).toMatchObject({ count: 3, records: 2, capped: false, object: 'customer' });
    expect(
      reply
        .json()
        .samples.map(({ title }: { title: string }) => title)
        .sort(),
    ).toEqual(['试一', '试二']);
    expect((await test.db.query(sql`select count(*)::int as n from w_main.change_set`))[0]).toEqual(before);
    expect(await test.firings()).toEqual([]);
  });

  it('goes through the past days for rules of the clock', async () => {
    test.clock.now = new Date('2027-02-01T02:00:00Z');
    const customer = await test.make('customer', { name: '时钟客户' });
    for (const day of ['2027-02-20', '2027-02-27', '2027-06-01'])
      await test.make('contract', { name: day, customer, ends_on: day });
    const rule30 = rule({ on: 'date', object: 'contract', field: 'ends_on', days: -30, hour: 8 }, tell('{name}'));
    const reply = await test.boss({ method: 'POST', url: '/api/v1/rules/try', payload: { rule: rule30, days: 30 } });
    expect(reply.json()).toMatchObject({ count: 2, records: 2 });
  });

  it('refuses what can’t run, in words', async () => {
    const wrong = rule({ on: 'changed', object: 'customer', fields: ['nothing'] }, tell('{name}'));
    const reply = await test.boss({ method: 'POST', url: '/api/v1/rules/try', payload: { rule: wrong } });
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'automation-rule-wrong']);
  });
});

describe('a webhook', () => {
  it('carries before and after, signed; it is tried again, ends as a dead letter, and is sent again by hand', async () => {
    test.clock.now = new Date('2027-05-01T02:00:00Z');
    await test.outgoing.channels.save(
      'main',
      {
        id: 'webhook-1',
        kind: 'webhook',
        name: 'ERP',
        enabled: true,
        settings: {},
        secret: { url: test.web.url, secret: 'geheim' },
      },
      'user:t',
    );
    await test.addRule(
      rule({ on: 'changed', object: 'customer', fields: ['level'] }, [{ do: 'webhook' }], { name: '推送' }),
    );
    const id = await test.make('customer', { name: '推送客户', level: 'b' });
    await test.settle();
    test.web.answer.status = 500;
    await test.change('customer', id, { level: 'a' });
    await test.settle();
    await test.outgoing.outbox.deliverDue();
    const read = async () => (await test.boss({ method: 'GET', url: '/api/v1/rules/deliveries' })).json().deliveries[0];
    expect(await read()).toMatchObject({ channelName: 'ERP', state: 'waiting', attempts: 1, answer: 'answer 500' });
    for (let n = 0; n < 40; n++) {
      test.later(0, 4);
      await test.outgoing.outbox.deliverDue();
    }
    const dead = await read();
    expect(dead).toMatchObject({ state: 'failed', answer: 'answer 500', replayable: true });
    test.web.answer.status = 200;
    test.web.got.length = 0;
    expect((await test.boss({ method: 'POST', url: `/api/v1/rules/deliveries/${dead.id}/replay` })).statusCode).toBe(
      200,
    );
    await test.outgoing.outbox.deliverDue();
    expect(await read()).toMatchObject({ id: dead.id, state: 'sent' });
    const [got] = test.web.got;
    const { data, type } = JSON.parse(got?.body ?? '{}');
    expect(type).toBe('rule.fired');
    expect(data).toMatchObject({
      object: 'customer',
      record: id,
      before: { level: 'b' },
      after: { level: 'a', name: '推送客户' },
    });
    const header = (name: string) => String(got?.headers[name]);
    expect(header('webhook-id')).toBe(dead.id);
    expect(
      verifyWebhook(
        'geheim',
        dead.id,
        Number(header('webhook-timestamp')),
        got?.body ?? '',
        header('webhook-signature'),
      ),
    ).toBe(true);
    test.web.close();
  });
});

describe('rules', () => {
  it('are kept by version, with author and reason; who saves from an old one is told', async () => {
    const id = await test.addRule(becameA(tell('{name}')));
    const { version } = (await test.boss({ method: 'GET', url: '/api/v1/rules' })).json();
    const put = (from: number, reason?: string) =>
      test.boss({
        method: 'PUT',
        url: `/api/v1/rules/${id}`,
        payload: { rule: { ...becameA(tell('{name}')), off: true }, version: from, ...(reason && { reason }) },
      });
    expect((await put(version, '先停')).statusCode).toBe(200);
    expect((await put(version)).json().code).toBe('automation-rules-changed');
    const [newest] = (await test.boss({ method: 'GET', url: '/api/v1/rules/versions' })).json().versions;
    expect(newest).toMatchObject({ reason: '先停', rules: [{ id, off: true }] });
    const customer = await test.make('customer', { name: '停用', level: 'b' });
    await test.change('customer', customer, { level: 'a' });
    await test.settle();
    expect(await test.firings()).toEqual([]);
  });

  it('share records out in turn and by load, and propose values to people', async () => {
    const team = uuidv7();
    const people = [test.seller.id, (await test.account('member')).id].sort();
    await test.db.query(sql`insert into w_main.team (id, name) values (${team}, '华东')`);
    for (const one of people)
      await test.db.query(sql`insert into w_main.team_person (team, account) values (${team}, ${one})`);
    await test.addRule(
      rule({ on: 'created', object: 'opportunity' }, [
        { do: 'assign', to: { who: 'team', team, by: 'even' } },
        { do: 'propose', field: 'probability', value: 30 },
      ]),
    );
    const customer = await test.make('customer', { name: '分配' });
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) {
      ids.push(await test.make('opportunity', { name: `商机${n}`, customer }));
      if (n % 2 === 1) await test.settle();
    }
    await test.settle();
    const rows = await test.db.query<{ owner: string; n: number }>(
      sql`select owner::text as owner, count(*)::int as n from w_main.opportunity where id = any(${ids}::uuid[]) group by 1`,
    );
    expect(rows.map(({ n }) => n)).toEqual([3, 3]);
    const held = await test.db.query<{ wanted: object; actor: string }>(
      sql`select wanted, actor from w_main.proposal where record = any(${ids}::uuid[])`,
    );
    expect(held).toHaveLength(6);
    expect(held[0]?.wanted).toEqual({ probability: 30 });
  });
});
