import sql from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import { testServer } from '../../../../test/support/server.ts';
import { createApiKey } from './api-keys.ts';
import { authOptions, authPool } from './engine.ts';

const server = await testServer();
const { app, db } = server;
const first = { name: '王芳', email: 'Wang@Example.com', password: '海内存知己天涯若比邻' };
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers });
const me = (headers: Record<string, string>) => app.inject({ url: '/api/v1/session', headers });
const cookieOf = (reply: { cookies: { name: string; value: string }[] }) =>
  reply.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');

describe('setup', () => {
  it('makes exactly one first account out of many attempts at once, and signs it in', async () => {
    expect((await app.inject('/api/v1/setup')).json()).toEqual({ needed: true });
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, i) => post('/setup', { ...first, email: i ? `n${i}@example.com` : first.email })),
    );
    expect(replies.map((reply) => reply.statusCode).sort()).toEqual([200, ...Array(7).fill(409)]);
    const winner = replies.find((reply) => reply.statusCode === 200);
    expect(winner?.json().account).toMatchObject({ name: '王芳', role: 'admin' });
    expect((await me({ cookie: cookieOf(winner as never) })).statusCode).toBe(200);
    expect((await app.inject('/api/v1/setup')).json()).toEqual({ needed: false });
    await db.query(sql`update auth."user" set email = 'wang@example.com'`);
  });
});

describe('session', () => {
  const signIn = (password: string, email = 'wang@example.com') => post('/session', { email, password });

  it('sets a cookie that scripts and other sites do not get', async () => {
    const reply = await signIn(first.password, ' WANG@example.com ');
    expect(reply.statusCode).toBe(200);
    const [session, device] = reply.cookies;
    expect(reply.cookies).toHaveLength(2);
    expect(session).toMatchObject({ name: 'xianke.session_token', httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(device).toMatchObject({ name: 'xianke.device', httpOnly: true, sameSite: 'Lax', path: '/' });
  });

  it('ends at sign-out, and a forged signature is nobody', async () => {
    const cookie = cookieOf(await signIn(first.password));
    expect((await me({ cookie })).json().account.name).toBe('王芳');
    const forged = cookie.replace(/(session_token=[^;]*).{8}(; |$)/, '$1AAAAAAA%3D$2');
    expect((await me({ cookie: forged })).statusCode).toBe(401);
    const out = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie } });
    expect(out.statusCode).toBe(200);
    expect((await me({ cookie })).statusCode).toBe(401);
  });

  it('says the same to a wrong password and an unknown address', async () => {
    const [wrong, unknown] = [await signIn('wrong wrong'), await signIn('wrong wrong', 'nobody@example.com')];
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect({ ...wrong.json(), requestId: 0 }).toEqual({ ...unknown.json(), requestId: 0 });
    expect(wrong.json().message).toBe('邮箱或密码不正确。');
  });

  it('counts attempts before it looks at the password: parallel guesses do not get more', async () => {
    const guesses = await Promise.all(Array.from({ length: 14 }, () => signIn('guess guess', 'victim@example.com')));
    expect(guesses.filter((reply) => reply.statusCode === 429)).toHaveLength(4);
    const blocked = await signIn('guess guess', 'victim@example.com');
    expect(blocked.json().code).toBe('sign-in-blocked');
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(800);
  });

  it('refuses writes that another site makes the browser send', async () => {
    const cookie = cookieOf(await signIn(first.password));
    const reply = await post('/api-keys', { name: 'x' }, { cookie, origin: 'https://evil.example' });
    expect([reply.statusCode, reply.json().code]).toEqual([403, 'wrong-origin']);
    const own = await post('/api-keys', { name: 'x' }, { cookie, origin: 'http://localhost:80' });
    expect(own.json().code).not.toBe('wrong-origin');
  });
});

describe('accounts', () => {
  it('are made by administrators only', async () => {
    const [admin, member] = [await server.account('admin'), await server.account('member')];
    const payload = { name: '李四', email: 'li@example.com', password: 'long enough words', role: 'member' };
    const request = { method: 'POST', url: '/api/v1/accounts', payload } as const;
    expect((await member(request)).json().code).toBe('forbidden');
    expect((await app.inject(request)).json().code).toBe('not-signed-in');
    expect((await admin(request)).statusCode).toBe(200);
    expect((await admin(request)).json().code).toBe('account-exists');
    expect((await admin({ ...request, payload: { ...payload, password: 'woaini1314' } })).json().code).toBe(
      'password-common',
    );
  });

  it('are out at once when disabled, and can not sign in', async () => {
    const [admin, member] = [await server.account('admin'), await server.account('member')];
    expect((await member({ url: '/api/v1/session' })).statusCode).toBe(200);
    const url = `/api/v1/accounts/${member.id}`;
    await admin({ method: 'PATCH', url, payload: { disabled: true, password: 'another good one' } });
    expect((await member({ url: '/api/v1/session' })).statusCode).toBe(401);
    const [{ email } = { email: '' }] = await db.query<{ email: string }>(
      sql`select email from auth."user" where id = ${member.id}`,
    );
    expect((await post('/session', { email, password: 'another good one' })).json().code).toBe('account-disabled');
    expect(await db.query(sql`select 1 from auth.session where "userId" = ${member.id}`)).toEqual([]);
  });

  it('keep one administrator, even when two demote each other at the same moment', async () => {
    await db.query(sql`update auth."user" set disabled = true`);
    const [a, b] = [await server.account('admin'), await server.account('admin')];
    const demote = (as: typeof a, id: string) =>
      as({ method: 'PATCH', url: `/api/v1/accounts/${id}`, payload: { role: 'member' } });
    const replies = await Promise.all([demote(a, b.id), demote(b, a.id)]);
    expect(replies.filter((reply) => reply.statusCode === 200)).toHaveLength(1);
  });
});

describe('API keys', () => {
  it('work until revoked, are stored as a hash and belong to their account', async () => {
    const [one, other] = [await server.account('member'), await server.account('member')];
    const made = await createApiKey(db, one.id, '脚本');
    expect(made.key).toMatch(/^xianke_[\w-]{43}$/);
    const bearer = { authorization: `Bearer ${made.key}` };
    expect((await me(bearer)).json().account.id).toBe(one.id);
    expect(JSON.stringify(await db.query(sql`select * from auth.api_key`))).not.toContain(made.key);
    const revoke = { method: 'DELETE', url: `/api/v1/api-keys/${made.id}` } as const;
    expect((await other(revoke)).statusCode).toBe(404);
    expect((await one(revoke)).statusCode).toBe(200);
    expect((await me(bearer)).statusCode).toBe(401);
  });
});

it('has the tables that the installed better-auth wants', async () => {
  const { getMigrations } = await import('better-auth/db/migration');
  const pool = authPool(server.config);
  const plan = await getMigrations(
    (await authOptions({ keys: server.keys, connection: server.config, publicUrl: undefined }, pool)) as never,
  );
  await pool.end();
  expect(plan.toBeCreated).toEqual([]);
  expect(plan.toBeAdded).toEqual([]);
});
