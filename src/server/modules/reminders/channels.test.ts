import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notify } from './notifications.ts';
import { freshStart, remindersOf, type TestReminders, testReminders } from './testing.ts';

let test: TestReminders;
const { api } = remindersOf(() => test);
beforeAll(async () => {
  test = await testReminders();
});
beforeEach(() => freshStart(test));

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
