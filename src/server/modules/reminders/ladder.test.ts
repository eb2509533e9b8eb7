import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STATE_FIELD } from './mark-unverified.ts';
import { freshStart, remindersOf, type TestReminders, testReminders } from './testing.ts';

let test: TestReminders;
const { api, told, rules, settings } = remindersOf(() => test);
beforeAll(async () => {
  test = await testReminders();
});
beforeEach(() => freshStart(test));

describe('the ladder', () => {
  it('tells the owner at 7 and 15 days, at 30 the managers too, once each, one message for many', async () => {
    await test.customer('甲公司', 6.5);
    await test.customer('乙公司', 6.4);
    await rules();
    expect(await told()).toEqual([]);
    test.later(1);
    await Promise.all([rules(), rules()]);
    await rules();
    expect(await told()).toMatchObject([
      { account: test.seller.id, kind: 'quiet', params: { count: 2, days: 7, titles: '甲公司、乙公司' } },
    ]);
    test.later(8);
    await rules();
    expect((await told()).map(({ params }) => params.days)).toEqual([7, 15]);
    test.later(15);
    await rules();
    const all = await told();
    expect(all.slice(2)).toMatchObject([
      { account: test.seller.id, kind: 'quiet', params: { days: 30 } },
      { account: test.boss.id, kind: 'quiet-team', params: { days: 30, count: 2 } },
    ]);
    test.later(20);
    await rules();
    expect(await told()).toHaveLength(all.length);
  });

  it('begins anew with real contact; an attempt that reached nobody is none', async () => {
    const [spoken, missed] = [await test.customer('甲公司', 6.9), await test.customer('乙公司', 6.9)];
    await rules();
    await test.talk(spoken);
    await test.talk(missed, 'no-answer');
    test.later(1);
    await rules();
    expect((await told()).map(({ params }) => params.titles)).toEqual(['乙公司']);
    test.later(7);
    await rules();
    expect((await told()).map(({ params }) => `${params.titles} ${params.days}`)).toEqual(
      expect.arrayContaining(['乙公司 7', '甲公司 7']),
    );
  });

  it('begins anew with a check by phone, also of a contact of his; a correction from a file is none', async () => {
    const [checked, contacted, corrected] = [
      await test.customer('甲公司', 6.9, { mobile: '13800138000' }),
      await test.customer('乙公司', 6.9),
      await test.customer('丙公司', 6.9),
    ];
    const person = uuidv7();
    await test.write({
      op: 'create',
      object: 'contact',
      id: person,
      set: { customer: contacted, name: '李四', mobile: '13900139000' },
    });
    await rules();
    await test.write({
      op: 'update',
      object: 'customer',
      id: checked,
      verify: { fields: ['mobile'], method: 'phone' },
    });
    await test.write({ op: 'update', object: 'contact', id: person, verify: { fields: ['mobile'], method: 'visit' } });
    await test.write({
      op: 'update',
      object: 'customer',
      id: corrected,
      set: { website: 'x.cn' },
      verify: { fields: ['website'], method: 'registry' },
    });
    test.later(1);
    await rules();
    expect((await told()).map(({ params }) => params.titles)).toEqual(['丙公司']);
    test.later(7);
    while ([0, 6].includes(test.clock.now.getUTCDay())) test.later(1);
    await rules();
    expect(
      (await told()).map(({ params }) => `${params.days} ${params.titles}`).filter((text) => text.startsWith('7')),
    ).toEqual(['7 丙公司', expect.stringMatching(/^7 (甲公司、乙公司|乙公司、甲公司)$/)]);
  });

  it('is another for another group of customers, and none for those who are lost', async () => {
    await settings({
      ladders: [
        { name: '流失', filter: { field: 'customer_type', op: 'eq', value: 'lost' }, steps: [] },
        { name: '重点', filter: { field: 'level', op: 'eq', value: 'a' }, steps: [{ days: 3, to: 'manager' }] },
        { name: '', steps: [{ days: 7, to: 'owner' }] },
      ],
    });
    await test.customer('重点客户', 2.9, { level: 'a' });
    await test.customer('普通客户', 2.9);
    await test.customer('流失客户', 2.9, { customer_type: 'lost' });
    await rules();
    test.later(1);
    await rules();
    expect((await told()).map(({ kind, params }) => `${kind} ${params.titles}`)).toEqual([
      'quiet 重点客户',
      'quiet-team 重点客户',
    ]);
    test.later(4);
    while ([0, 6].includes(test.clock.now.getUTCDay())) test.later(1);
    await rules();
    expect((await told()).slice(2).map(({ params }) => params.titles)).toEqual(['普通客户']);
    await expect(
      settings({ ladders: [{ name: '', filter: { field: 'nonsense', op: 'eq', value: 1 }, steps: [] }] }),
    ).rejects.toThrow('422');
    await settings({
      ladders: [
        {
          name: '',
          steps: [
            { days: 7, to: 'owner' },
            { days: 15, to: 'owner' },
            { days: 30, to: 'manager' },
          ],
        },
      ],
    });
  });

  it('tells nothing at night, on weekends and holidays, and makes up for it', async () => {
    await test.customer('甲公司', 6.9);
    await rules();
    test.later(1);
    const noon = test.clock.now;
    test.clock.now = new Date(noon.getTime() + 12 * 3_600_000);
    await rules();
    await settings({ holidays: [noon.toISOString().slice(0, 10)] });
    test.clock.now = noon;
    await rules();
    expect(await told()).toEqual([]);
    test.later(1);
    await rules();
    expect(await told()).toHaveLength(1);
    await settings({ holidays: [] });
  });

  it('is seen beforehand', async () => {
    const id = await test.customer('甲公司', 5);
    await test.customer('乙公司', 1);
    await test.customer('丙公司', 13);
    const { items } = await api<{ items: object[] }>(test.seller, 'GET', '/reminders/upcoming?days=4');
    expect(items).toMatchObject([
      { id, title: '甲公司', days: 7, to: 'owner' },
      { title: '丙公司', days: 15 },
    ]);
    expect((await api<{ items: object[] }>(test.boss, 'GET', '/reminders/upcoming')).items).toEqual([]);
  });
});

describe('待验证', () => {
  const state = async (id: string) => {
    const rows = await test.db.query<Record<string, unknown>>(sql`select * from w_main.customer where id = ${id}`);
    return rows[0]?.[STATE_FIELD] ?? null;
  };

  it('is marked after 180 days without contact, as a rule in the history, and taken away by contact', async () => {
    const [old, young] = [await test.customer('旧公司', 200), await test.customer('新公司', 100)];
    await rules();
    expect([await state(old), await state(young)]).toEqual(['pending', null]);
    expect((await told()).filter(({ kind }) => kind === 'unverified')).toMatchObject([
      { account: test.seller.id, params: { count: 1, days: 180 } },
    ]);
    const [entry] = await test.db.query<{ source: string; kind: string; reason: string }>(
      sql`select c.source, c.kind, c.reason from w_main.change_set c join w_main.delta d on d.change_set = c.id where d.record = ${old}`,
    );
    expect(entry).toMatchObject({ source: 'rule', kind: 'rule' });
    expect(entry?.reason).toContain('180');
    test.later(1);
    await rules();
    expect((await told()).filter(({ kind }) => kind === 'unverified')).toHaveLength(1);
    await test.talk(old, 'no-answer');
    await rules();
    expect(await state(old)).toBe('pending');
    await test.talk(old);
    test.later(1);
    await rules();
    expect(await state(old)).toBeNull();
  });
});
