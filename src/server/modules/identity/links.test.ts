import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { testServer } from '../../../../test/support/server.ts';
import { totp } from '../../../../test/support/totp.ts';
import { visitor } from '../../../../test/support/visitor.ts';
import { createAccount } from './accounts.ts';

const publicUrl = 'https://crm.example.com';
const server = await testServer(undefined, { publicUrl });
const { app, db, letters, mail } = server;
const admin = await server.account('admin');
const [first, second] = ['大江东去浪淘尽', '千古风流人物'];
const password = `${first}${second}`;
const newPassword = `${second}${first}`;
let email: string;
let id: string;
let serial = 0;

beforeEach(async () => {
  email = `link${++serial}@example.com`;
  ({ id } = await db.tx((tx) => createAccount(tx, { name: '赵六', email, password, role: 'member' })));
  await db.query(sql`delete from auth.attempt`);
  letters.length = 0;
  mail.on = true;
});
const tokenOf = (text: string | undefined): string => /#([\w-]{43})/.exec(text ?? '')?.[1] ?? '';
/** What is done after the reply has been done. */
const mailed = async (many: number) => {
  for (let tries = 0; tries < 100 && letters.length < many; tries++) await new Promise((r) => setTimeout(r, 20));
  return letters;
};
const linkOf = async () => {
  const { token } = (await admin({ method: 'POST', url: `/api/v1/accounts/${id}/link` })).json();
  return token as string;
};

describe('a new password by mail', () => {
  it('comes by a link that works once, ends all sessions and voids the other links', async () => {
    const old = visitor(app);
    await old('POST', '/session', { email, password });
    const browser = visitor(app);
    for (let i = 0; i < 2; i++) await browser('POST', '/password-resets', { email: email.toUpperCase() });
    const sent = await mailed(2);
    expect(sent.map(({ to }) => to)).toEqual([email, email]);
    expect(sent[0]?.text).toContain(`${publicUrl}/reset#`);
    const [token, other] = sent.map(({ text }) => tokenOf(text));
    expect((await browser('POST', '/links/open', { token })).json()).toEqual({ kind: 'reset', name: '赵六', email });
    const uses = await Promise.all(
      Array.from({ length: 5 }, () => visitor(app)('POST', '/links/use', { token, password: newPassword })),
    );
    expect(uses.map((reply) => reply.statusCode).sort()).toEqual([200, 410, 410, 410, 410]);
    expect((await old('GET', '/session')).statusCode).toBe(401);
    expect((await browser('POST', '/links/use', { token: other, password })).json().code).toBe('link-invalid');
    expect((await browser('POST', '/session', { email, password })).json().code).toBe('sign-in-failed');
    expect((await browser('POST', '/session', { email, password: newPassword })).statusCode).toBe(200);
    expect(letters.at(-1)?.text).toContain('刚刚被更改');
  });

  it('does not come for strangers and the disabled, nor more than five times an hour', async () => {
    const browser = visitor(app);
    expect((await browser('POST', '/password-resets', { email: 'nobody@example.com' })).statusCode).toBe(200);
    for (let i = 0; i < 8; i++) await browser('POST', '/password-resets', { email });
    await mailed(5);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(letters.map(({ to }) => to)).toEqual(Array(5).fill(email));
    await db.query(sql`update auth."user" set disabled = true where id = ${id}`);
    expect((await browser('POST', '/links/open', { token: tokenOf(letters[0]?.text) })).json().code).toBe(
      'link-invalid',
    );
  });

  it('is no way past the second factor', async () => {
    const own = visitor(app);
    await own('POST', '/session', { email, password });
    const { uri } = (await own('POST', '/me/totp', { password })).json();
    await own('POST', '/me/totp/confirm', { code: totp(uri) });
    const browser = visitor(app);
    const used = await browser('POST', '/links/use', { token: await linkOf(), password: newPassword });
    expect(used.json()).toEqual({ second: ['totp', 'recovery'] });
    expect((await browser('GET', '/session')).statusCode).toBe(401);
    const reply = await browser('POST', '/session/second', { kind: 'totp', code: totp(uri, 1) });
    expect(reply.json().account.email).toBe(email);
  });

  it('is not offered where there is no mail, and an administrator’s link does instead', async () => {
    mail.on = false;
    expect((await visitor(app)('GET', '/sign-in')).json()).toMatchObject({ mail: false });
    const reply = await admin({ method: 'POST', url: `/api/v1/accounts/${id}/link` });
    expect(reply.json()).toMatchObject({ kind: 'reset', mailed: false });
    const member = await server.account('member');
    expect((await member({ method: 'POST', url: `/api/v1/accounts/${id}/link` })).json().code).toBe('forbidden');
  });
});

it('tells by mail when the second factors of an account were changed', async () => {
  const own = visitor(app);
  await own('POST', '/session', { email, password });
  const { uri } = (await own('POST', '/me/totp', { password })).json();
  expect(letters).toEqual([]);
  await own('POST', '/me/totp/confirm', { code: totp(uri) });
  expect((await mailed(1))[0]).toMatchObject({ to: email, subject: '您的鲜客登录方式已更改' });
  await admin({ method: 'POST', url: `/api/v1/accounts/${id}/factors/remove` });
  expect(await mailed(2)).toHaveLength(2);
});

describe('links', () => {
  it('end by themselves, are not guessed, and their tokens are not stored', async () => {
    const token = await linkOf();
    expect(JSON.stringify(await db.query(sql`select * from auth.link`))).not.toContain(token);
    await db.query(sql`update auth.link set expires_at = now()`);
    const use = (given: string) => visitor(app)('POST', '/links/use', { token: given, password: newPassword });
    expect((await use(token)).json().code).toBe('link-invalid');
    expect((await use('x'.repeat(43))).json().code).toBe('link-invalid');
  });

  it('take no password that everybody tries first', async () => {
    const token = await linkOf();
    const reply = await visitor(app)('POST', '/links/use', { token, password: 'woaini1314' });
    expect(reply.json().code).toBe('password-common');
    // Nothing happened: the link still works.
    expect((await visitor(app)('POST', '/links/use', { token, password: newPassword })).statusCode).toBe(200);
  });
});

describe('an invitation', () => {
  it('makes an account nobody can enter but by its link', async () => {
    const who = { name: '孙七', email: `invited${serial}@example.com`, role: 'member' };
    const made = await admin({ method: 'POST', url: '/api/v1/accounts/invitations', payload: who });
    const { account, link } = made.json();
    expect(link).toMatchObject({ kind: 'invite', mailed: true });
    expect(letters[0]).toMatchObject({ to: who.email, toName: '孙七' });
    expect(tokenOf(letters[0]?.html)).toBe(link.token);
    const listed = (await admin({ url: '/api/v1/accounts' })).json().accounts as { id: string; invited?: boolean }[];
    expect(listed.find((one) => one.id === account.id)?.invited).toBe(true);
    const browser = visitor(app);
    expect((await browser('POST', '/session', { email: who.email, password })).json().code).toBe('sign-in-failed');
    const used = await browser('POST', '/links/use', { token: link.token, password, name: '孙小七' });
    expect(used.json().account).toMatchObject({ id: account.id, name: '孙小七' });
    expect((await admin({ method: 'POST', url: `/api/v1/accounts/${account.id}/link` })).json().kind).toBe('reset');
  });
});

describe('my devices', () => {
  it('are listed without their tokens, and ended one by one or all but this', async () => {
    const [here, phone, cafe] = await Promise.all(
      ['Desk', 'Phone', 'Café'].map(async (agent, i) => {
        const browser = visitor(app, { agent, address: `192.0.2.${i + 1}` });
        await browser('POST', '/session', { email, password });
        return browser;
      }),
    );
    if (!here || !phone || !cafe) throw new Error('three');
    const reply = await here('GET', '/me/security');
    const { devices } = reply.json() as { devices: { id: string; agent: string; current: boolean; address: string }[] };
    expect(devices.map(({ agent, current }) => [agent, current]).sort()).toEqual([
      ['Café', false],
      ['Desk', true],
      ['Phone', false],
    ]);
    expect(devices.find(({ agent }) => agent === 'Phone')?.address).toBe('192.0.2.2');
    const [token] = (here.cookies.get('__Host-xianke.session_token') ?? '').split('.');
    expect(token).toMatch(/^\w{32}$/);
    expect(reply.body).not.toContain(token);

    const other = visitor(app);
    const mine = `/me/devices/${devices.find(({ agent }) => agent === 'Café')?.id}`;
    await db.tx((tx) => createAccount(tx, { name: '周八', email: `n${email}`, password, role: 'member' }));
    await other('POST', '/session', { email: `n${email}`, password });
    expect((await other('DELETE', mine)).statusCode).toBe(404);
    expect((await here('DELETE', mine)).statusCode).toBe(200);
    expect((await cafe('GET', '/session')).statusCode).toBe(401);
    expect((await phone('GET', '/session')).statusCode).toBe(200);
    expect((await here('POST', '/me/devices/end-others')).json()).toEqual({ ended: 1 });
    expect((await phone('GET', '/session')).statusCode).toBe(401);
    expect((await here('GET', '/session')).statusCode).toBe(200);
  });

  it('are signed out when nobody used them for two weeks', async () => {
    const browser = visitor(app);
    await browser('POST', '/session', { email, password });
    const unused = (days: number) =>
      db.query(sql`update auth.session set seen_at = now() - make_interval(days => ${days}) where "userId" = ${id}`);
    await unused(13);
    expect((await browser('GET', '/session')).statusCode).toBe(200);
    await unused(15);
    const other = visitor(app);
    for (const [name, value] of browser.cookies) other.cookies.set(name, value);
    // Who was found is remembered for a second.
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await other('GET', '/session')).statusCode).toBe(401);
  });

  it('are ended by a new password, but this one', async () => {
    const [here, there] = [visitor(app), visitor(app)];
    for (const browser of [here, there]) await browser('POST', '/session', { email, password });
    expect((await here('PUT', '/me/password', { password: 'wrong', newPassword })).json().code).toBe('password-wrong');
    expect((await here('PUT', '/me/password', { password, newPassword })).statusCode).toBe(200);
    expect((await there('GET', '/session')).statusCode).toBe(401);
    expect((await here('GET', '/session')).statusCode).toBe(200);
  });
});
