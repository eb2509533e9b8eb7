import { createHmac } from 'node:crypto';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STATE_FIELD } from './mark-unverified.ts';
import { notify } from './notifications.ts';
import { runDigests, runRules } from './reminder-jobs.ts';
import { testReminders, ZONE } from './testing.ts';

let test: Awaited<ReturnType<typeof testReminders>>;
beforeAll(async () => {
  test = await testReminders();
});
beforeEach(async () => {
  test.clock.now = new Date(test.clock.now.getTime() + 400 * 86_400_000);
  // A Tuesday, 10:00 in Shanghai.
  while (test.clock.now.getUTCDay() !== 2) test.later(1);
  test.clock.now.setUTCHours(2, 0, 0, 0);
  for (const table of ['notification', 'reminder_clock', 'interaction', 'freshness', 'customer', 'reminder_preference'])
    await test.db.query({ ...sql``, text: `delete from w_main.${table}`, values: [] } as never);
  await test.db.query(sql`delete from xianke.outgoing`);
  await test.db.query(sql`delete from xianke.channel`);
  test.mail.received.length = 0;
  test.web.got.length = 0;
});

interface Told {
  account: string;
  kind: string;
  params: Record<string, string | number>;
}
const told = () =>
  test.db.query<Told & Record<string, unknown>>(sql`select account, kind, params from w_main.notification order by id`);
const rules = () => runRules(test.deps, 'main', ZONE);
const digests = () => runDigests(test.deps, 'main', ZONE);
async function api<T>(
  as: typeof test.boss,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
): Promise<T> {
  const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
  if (reply.statusCode !== 200) throw new Error(`${reply.statusCode} ${reply.body}`);
  return reply.json() as T;
}
const settings = async (patch: object) => {
  const now = await api<object>(test.boss, 'GET', '/reminders/settings');
  await api(test.boss, 'PUT', '/reminders/settings', { ...now, ...patch });
};

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

describe('digests', () => {
  const stale = async (n: number) => {
    const now = test.clock.now;
    test.clock.now = new Date(now.getTime() - 900 * 86_400_000);
    for (let i = 0; i < n; i++) await test.customer(`客户${i}`, 0, { mobile: `1380013800${i}`, email: `a${i}@x.cn` });
    test.clock.now = now;
  };
  const mailOn = () =>
    api(test.boss, 'PUT', '/channels/mail', {
      enabled: true,
      host: '127.0.0.1',
      port: test.mail.port,
      security: 'none',
      user: '',
      from: 'crm@xianke.cn',
      fromName: '鲜客',
    });

  it('come once a day after the hour: in the page, by mail, and as one line per person to the group', async () => {
    await stale(3);
    await mailOn();
    await api(test.boss, 'POST', '/channels', {
      kind: 'dingtalk',
      name: '销售群',
      url: `${test.web.url}/robot/send?access_token=t`,
      secret: 'S',
    });
    await api(test.boss, 'POST', '/channels', {
      kind: 'webhook',
      name: 'BI',
      url: `${test.web.url}/hook`,
      secret: 'W',
    });
    test.clock.now.setUTCHours(0, 45);
    expect(await digests()).toBe(0);
    test.clock.now.setUTCHours(1, 7);
    await Promise.all([digests(), digests()]);
    await digests();
    await test.deps.outbox.deliverDue();
    expect(await told()).toMatchObject([{ account: test.seller.id, kind: 'digest', params: { due: 3, overdue: 3 } }]);
    expect(test.mail.received).toHaveLength(1);
    const [mail] = test.mail.received;
    expect(mail?.mail.subject).toBe('今天有 3 位客户的信息待核实，其中 3 位已超过一周');
    expect(mail?.mail.text).toMatch(/客户0: .*手机/);
    expect(mail?.mail.text).toContain('https://crm.example.com/today');
    const robot = test.web.got.filter(({ path }) => path.startsWith('/robot'));
    expect(robot).toHaveLength(1);
    expect(JSON.parse(robot[0]?.body ?? '{}').text.content).toMatch(/今日待核实客户 3 位/);
    // A group sees how much, not whom.
    expect(robot[0]?.body).not.toContain('客户0');
    const [hook] = test.web.got.filter(({ path }) => path === '/hook');
    const wanted = createHmac('sha256', 'W')
      .update(`${hook?.headers['webhook-id']}.${hook?.headers['webhook-timestamp']}.${hook?.body}`)
      .digest('base64');
    expect(hook?.headers['webhook-signature']).toBe(`v1,${wanted}`);
    expect(JSON.parse(hook?.body ?? '{}')).toMatchObject({
      type: 'reminder.digest',
      data: { account: test.seller.id, due: 3 },
    });
    test.later(1);
    await digests();
    expect((await told()).filter(({ kind }) => kind === 'digest')).toHaveLength(2);
  });

  it('weekly, in English, without mail, or not at all, as each person wants', async () => {
    await stale(1);
    await mailOn();
    await api(test.seller, 'PUT', '/reminders/preference', { digest: 'weekly', mail: false, lang: 'en' });
    await digests();
    test.later(1);
    await digests();
    await test.deps.outbox.deliverDue();
    expect((await told()).map(({ kind }) => kind)).toEqual(['digest-week']);
    expect(test.mail.received).toHaveLength(0);
    test.later(7);
    await digests();
    expect(await told()).toHaveLength(2);
    await api(test.seller, 'PUT', '/reminders/preference', { digest: 'off', mail: true, lang: 'en' });
    test.later(7);
    await digests();
    expect(await told()).toHaveLength(2);
  });

  it('carry the news since the last one', async () => {
    await mailOn();
    await test.customer('甲公司', 6.9);
    await rules();
    test.later(1);
    await rules();
    await digests();
    await test.deps.outbox.deliverDue();
    expect(test.mail.received[0]?.mail.text).toContain('1 位客户已 7 天没有跟进：甲公司');
  });

  it('survive a crash between any two steps without loss or repetition', async () => {
    await stale(1);
    await mailOn();
    // The transaction dies before it commits: nothing was told, nothing is in the outbox, the next run does it.
    const put = test.deps.outbox.put;
    test.deps.outbox.put = async () => {
      throw new Error('crash');
    };
    await expect(digests()).rejects.toThrow('crash');
    test.deps.outbox.put = put;
    expect(await told()).toEqual([]);
    await digests();
    await digests();
    await test.deps.outbox.deliverDue();
    expect(test.mail.received).toHaveLength(1);
  });
});

describe('notifications', () => {
  it('are told once per cause, counted, read one by one or all', async () => {
    const tell = (cause: string) =>
      test.db.tx((tx) =>
        notify(
          tx,
          'main',
          {
            account: `user:${test.seller.id}`,
            cause,
            kind: 'ask-answered',
            params: { name: '李四', right: 2, changed: 1, gone: 0 },
          },
          test.clock.now,
        ),
      );
    expect([await tell('a'), await tell('a'), await tell('b')]).toEqual([true, false, true]);
    const mine = () =>
      api<{ unread: number; notices: { id: string; message: string; read: boolean }[] }>(
        test.seller,
        'GET',
        '/notifications?lang=zh',
      );
    const list = await mine();
    expect(list.unread).toBe(2);
    expect(list.notices[0]?.message).toBe('李四 已确认资料：2 项正确，1 项更正，0 项不再使用');
    await api(test.seller, 'POST', '/notifications/read', { ids: [list.notices[0]?.id] });
    expect((await mine()).unread).toBe(1);
    await api(test.boss, 'POST', '/notifications/read', {});
    expect((await mine()).unread).toBe(1);
    await api(test.seller, 'POST', '/notifications/read', {});
    expect((await mine()).unread).toBe(0);
  });
});

describe('channels', () => {
  it('are the administrator’s, and show no secret', async () => {
    const refused = await test.seller({ method: 'GET', url: '/api/v1/channels' });
    expect(refused.statusCode).toBe(403);
    const mail = {
      enabled: true,
      host: '127.0.0.1',
      port: test.mail.port,
      security: 'none',
      user: 'u',
      from: 'a@x.cn',
      fromName: 'x',
      password: 'geheim-1',
    };
    await api(test.boss, 'PUT', '/channels/mail', mail);
    const { id } = await api<{ id: string }>(test.boss, 'POST', '/channels', {
      kind: 'feishu',
      name: '群',
      url: `${test.web.url}/hook/geheim-2`,
      secret: 'geheim-3',
    });
    const answers = JSON.stringify([
      await api(test.boss, 'GET', '/channels'),
      await api(test.boss, 'PATCH', `/channels/${id}`, { name: '新群' }),
      await api(test.boss, 'GET', '/outgoing'),
      await test.db.query(sql`select c::text from xianke.channel c`),
    ]);
    expect(answers).toContain('新群');
    expect(answers).not.toMatch(/geheim/);
    const { password: _, ...same } = mail;
    expect(await api(test.boss, 'PUT', '/channels/mail', same)).toMatchObject({ hasSecret: true });
    // To another server the password does not go along.
    expect(await api(test.boss, 'PUT', '/channels/mail', { ...same, host: 'evil.example' })).toMatchObject({
      hasSecret: false,
    });
    await api(test.boss, 'DELETE', `/channels/${id}`);
    expect((await api<{ channels: object[] }>(test.boss, 'GET', '/channels')).channels).toHaveLength(1);
  });

  it('are tried at once, with what went wrong in words', async () => {
    await api(test.boss, 'PUT', '/channels/mail', {
      enabled: true,
      host: '127.0.0.1',
      port: test.mail.port,
      security: 'none',
      user: '',
      from: 'a@x.cn',
      fromName: 'x',
    });
    await api(test.boss, 'POST', '/channels/mail/test');
    expect(test.mail.received).toHaveLength(1);
    const { id } = await api<{ id: string }>(test.boss, 'POST', '/channels', {
      kind: 'wecom',
      name: '群',
      url: `${test.web.url}/send`,
    });
    await api(test.boss, 'POST', `/channels/${id}/test`);
    expect(test.web.got).toHaveLength(1);
    await api(test.boss, 'PATCH', `/channels/${id}`, { url: 'http://127.0.0.1:1/' });
    await expect(api(test.boss, 'POST', `/channels/${id}/test`)).rejects.toThrow('ECONNREFUSED');
  });
});
