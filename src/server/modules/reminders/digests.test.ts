import { createHmac } from 'node:crypto';
import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshStart, remindersOf, type TestReminders, testReminders } from './testing.ts';

let test: TestReminders;
const { api, told, rules, digests } = remindersOf(() => test);
beforeAll(async () => {
  test = await testReminders();
});
beforeEach(() => freshStart(test));

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

  it('do not come to who is away', async () => {
    await stale(1);
    test.clock.now.setUTCHours(1, 7);
    const day = test.clock.now.toISOString().slice(0, 10);
    await test.db.query(sql`insert into w_main.absence values (${test.seller.id}, ${day}, ${day})`);
    await digests();
    expect(await told()).toEqual([]);
    await test.db.query(sql`delete from w_main.absence`);
    await digests();
    expect(await told()).toMatchObject([{ account: test.seller.id, kind: 'digest' }]);
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
