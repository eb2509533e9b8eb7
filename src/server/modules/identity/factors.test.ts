import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { testServer } from '../../../../test/support/server.ts';
import { totp } from '../../../../test/support/totp.ts';
import { visitor } from '../../../../test/support/visitor.ts';
import { createAccount } from './accounts.ts';

const server = await testServer();
const { app, db } = server;
const password = '春江潮水连海平';
let email: string;
let serial = 0;

const newcomer = async () => {
  const own = visitor(app);
  expect((await own('POST', '/session', { email, password })).json().account.email).toBe(email);
  return own;
};
const setUpApp = async () => {
  const own = await newcomer();
  const begun = (await own('POST', '/me/totp', { password })).json() as { uri: string; codes: string[] };
  expect((await own('POST', '/me/totp/confirm', { code: totp(begun.uri) })).statusCode).toBe(200);
  return { own, ...begun };
};
const halfway = async () => {
  const browser = visitor(app);
  const reply = await browser('POST', '/session', { email, password });
  expect(reply.json()).toEqual({ second: ['totp', 'recovery'] });
  return browser;
};
const second = (browser: ReturnType<typeof visitor>, code: string, kind = 'totp') =>
  browser('POST', '/session/second', { kind, code });

beforeEach(async () => {
  email = `factor${++serial}@example.com`;
  await db.tx((tx) => createAccount(tx, { name: '李四', email, password, role: 'member' }));
  await db.query(sql`delete from auth.attempt`);
});

describe('an authenticator app', () => {
  it('counts once its first code was given, and then a password alone opens nothing', async () => {
    const own = await newcomer();
    const { uri } = (await own('POST', '/me/totp', { password })).json();
    expect(uri).toMatch(/^otpauth:\/\/totp\//);
    expect((await visitor(app)('POST', '/session', { email, password })).json()).toHaveProperty('account');
    expect((await own('POST', '/me/totp/confirm', { code: '000000' })).json().code).toBe('code-wrong');
    expect((await own('POST', '/me/totp/confirm', { code: totp(uri) })).statusCode).toBe(200);
    expect((await own('GET', '/me/security')).json()).toMatchObject({ totp: true, recovery: 10, password: true });

    const browser = await halfway();
    expect((await browser('GET', '/session')).statusCode).toBe(401);
    expect((await second(browser, totp(uri, 1))).json().account.email).toBe(email);
    expect((await browser('GET', '/session')).json().account.email).toBe(email);
  });

  it('opens once per code: of many at the same moment one, and none afterwards', async () => {
    const { uri } = await setUpApp();
    const browsers = await Promise.all(Array.from({ length: 10 }, halfway));
    const replies = await Promise.all(browsers.map((browser) => second(browser, totp(uri, 1))));
    expect(replies.filter((reply) => reply.statusCode === 200)).toHaveLength(1);
    expect((await second(await halfway(), totp(uri, 1))).json().code).toBe('code-wrong');
  });

  it('needs the password step, and takes five wrong codes before it', async () => {
    const { uri } = await setUpApp();
    expect((await second(visitor(app), totp(uri, 1))).json().code).toBe('code-expired');
    const browser = await halfway();
    for (let i = 0; i < 5; i++) expect((await second(browser, `00000${i}`)).json().code).toBe('code-wrong');
    expect((await second(browser, totp(uri, 1))).json().code).toBe('code-expired');
  });

  it('is not asked past by a session of somebody else that is still open', async () => {
    const { uri } = await setUpApp();
    const browser = await newOther();
    await browser('POST', '/session', { email, password });
    expect((await second(browser, '123123')).json().code).toBe('code-wrong');
    expect((await second(browser, totp(uri, 1))).json().account.email).toBe(email);
  });

  it('can’t be locked for its owner by who knows the password', async () => {
    const { own, uri } = await setUpApp();
    await own('DELETE', '/session');
    for (let i = 0; i < 30; i++) {
      const thief = visitor(app, { address: `198.51.100.${i}` });
      await thief('POST', '/session', { email, password });
      await second(thief, String(100_000 + i));
    }
    const thief = visitor(app, { address: '198.51.100.99' });
    await thief('POST', '/session', { email, password });
    expect((await second(thief, totp(uri, 1))).json().code).toBe('sign-in-blocked');
    await own('POST', '/session', { email, password });
    expect((await second(own, totp(uri, 1))).json().account.email).toBe(email);
  });

  it('goes with the password only', async () => {
    const { own } = await setUpApp();
    expect((await own('POST', '/me/totp/remove', { password: 'wrong wrong' })).json().code).toBe('password-wrong');
    expect((await own('POST', '/me/totp/remove', {})).json().code).toBe('password-wrong');
    expect((await own('POST', '/me/totp/remove', { password })).statusCode).toBe(200);
    expect((await own('GET', '/me/security')).json()).toMatchObject({ totp: false, recovery: 0 });
    expect((await visitor(app)('POST', '/session', { email, password })).json()).toHaveProperty('account');
  });

  it('can’t be set up by a program’s key', async () => {
    const as = await server.account('member');
    const reply = await as({ method: 'POST', url: '/api/v1/me/totp', payload: {} });
    expect(reply.json().code).toBe('session-needed');
  });
});

const newOther = async () => {
  const other = `other${++serial}@example.com`;
  await db.tx((tx) => createAccount(tx, { name: '王五', email: other, password, role: 'member' }));
  const browser = visitor(app);
  await browser('POST', '/session', { email: other, password });
  return browser;
};

describe('recovery codes', () => {
  it('open once each, and new ones make the old ones void', async () => {
    const { own, codes } = await setUpApp();
    expect(codes).toHaveLength(10);
    expect((await second(await halfway(), codes[0] ?? '', 'recovery')).statusCode).toBe(200);
    expect((await second(await halfway(), codes[0] ?? '', 'recovery')).json().code).toBe('code-wrong');
    expect((await own('GET', '/me/security')).json().recovery).toBe(9);
    const fresh = (await own('POST', '/me/recovery-codes', { password })).json().codes as string[];
    expect((await second(await halfway(), codes[1] ?? '', 'recovery')).json().code).toBe('code-wrong');
    expect((await second(await halfway(), fresh[1] ?? '', 'recovery')).statusCode).toBe(200);
  });
});

it('keeps no secret readable', async () => {
  const { uri, codes } = await setUpApp();
  await halfway();
  const stored = JSON.stringify(
    await db.query(sql`select (select jsonb_agg(t) from auth."twoFactor" t) as factors,
      (select jsonb_agg(v) from auth.verification v) as challenges`),
  );
  expect(stored).not.toContain(new URL(uri).searchParams.get('secret'));
  for (const code of codes) expect(stored).not.toContain(code);
  expect(stored).not.toMatch(/"2fa-/);
});

describe('roles that need two factors', () => {
  it('let in who has one only as far as to set up another', async () => {
    const admin = await server.account('admin');
    const put = (roles: string[]) => admin({ method: 'PUT', url: '/api/v1/sign-in/factor-roles', payload: { roles } });
    const own = await newcomer();
    expect((await put(['sales'])).statusCode).toBe(200);
    expect((await own('GET', '/session')).json().needsFactor).toBe(true);
    expect((await own('GET', '/accounts')).json().code).toBe('factor-needed');
    const { uri } = (await own('POST', '/me/totp', { password })).json();
    await own('POST', '/me/totp/confirm', { code: totp(uri) });
    expect((await own('GET', '/accounts')).statusCode).toBe(200);
    expect((await own('POST', '/me/totp/remove', { password })).json().code).toBe('factor-last');
    await put([]);
    expect((await own('POST', '/me/totp/remove', { password })).statusCode).toBe(200);
  });

  it('ask who has a passkey for it after the password, and keep him from removing the last', async () => {
    const admin = await server.account('admin');
    const put = (roles: string[]) => admin({ method: 'PUT', url: '/api/v1/sign-in/factor-roles', payload: { roles } });
    const own = await newcomer();
    const [passkey] = await db.query<{ id: string }>(sql`
      insert into auth.passkey ("publicKey", "userId", "credentialID", counter, "deviceType", "backedUp", "createdAt")
      select 'key', id, 'credential ' || id, 0, 'singleDevice', false, now() from auth."user" where email = ${email}
      returning id`);
    await put(['sales']);
    const browser = visitor(app);
    expect((await browser('POST', '/session', { email, password })).json()).toEqual({ second: ['passkey'] });
    expect((await browser('GET', '/session')).statusCode).toBe(401);
    const remove = () => own('POST', `/me/passkeys/${passkey?.id}/remove`, { password });
    expect((await remove()).json().code).toBe('factor-last');
    await put([]);
    expect((await visitor(app)('POST', '/session', { email, password })).json()).toHaveProperty('account');
    expect((await remove()).statusCode).toBe(200);
  });

  it('an administrator takes away the factors of somebody who lost his phone', async () => {
    const { own } = await setUpApp();
    const [row] = await db.query<{ id: string }>(sql`select id from auth."user" where email = ${email}`);
    const url = `/api/v1/accounts/${row?.id}/factors/remove`;
    const member = await server.account('member');
    expect((await member({ method: 'POST', url })).json().code).toBe('forbidden');
    const admin = await server.account('admin');
    expect((await admin({ method: 'POST', url })).statusCode).toBe(200);
    expect((await own('GET', '/session')).statusCode).toBe(401);
    expect((await visitor(app)('POST', '/session', { email, password })).json()).toHaveProperty('account');
  });
});
