import sql from 'sql-template-tag';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openIdentityProvider } from '../../../../test/support/oidc-provider.ts';
import { testServer } from '../../../../test/support/server.ts';
import { visitor } from '../../../../test/support/visitor.ts';
import { createAccount } from './accounts.ts';
import { ownPath } from './sso.ts';

const publicUrl = 'http://crm.example.com';
const server = await testServer(undefined, { publicUrl });
const { app, db } = server;
const provider = await openIdentityProvider(`${publicUrl}/api/v1/sso/callback`);
afterAll(() => provider.close());

const settings = { enabled: true, name: '公司账号', issuer: provider.issuer, join: false, trustEmail: false };
const save = async (change: object = {}) => {
  const admin = await server.account('admin');
  const payload = { ...settings, ...provider.client, ...change };
  return admin({ method: 'PUT', url: '/api/v1/sign-in/sso', payload });
};
/** From the button to where the provider sends the browser back. */
const start = async (browser: ReturnType<typeof visitor>, login: string, to = '/customers?q=华信') => {
  const begun = await browser('GET', `/sso/start?to=${encodeURIComponent(to)}`);
  expect(begun.statusCode).toBe(302);
  const back = new URL(await provider.follow(String(begun.headers.location), login));
  expect(back.origin + back.pathname).toBe(`${publicUrl}/api/v1/sso/callback`);
  return back;
};
const arrive = (browser: ReturnType<typeof visitor>, back: URL) => browser('GET', `/sso/callback${back.search}`);

beforeEach(async () => {
  await db.query(sql`delete from auth."user" where email like '%@corp.example'`);
  provider.subjects.clear();
  provider.subjects.set('wang', { email: 'wang@corp.example', email_verified: true, name: '王芳' });
  expect((await save()).statusCode).toBe(200);
});
const invited = () =>
  db.tx((tx) => createAccount(tx, { name: '王小芳', email: 'wang@corp.example', password: null, role: 'member' }));

describe('the company’s own sign-in', () => {
  it('brings in who was invited, and leads to where he wanted to go', async () => {
    const account = await invited();
    const browser = visitor(app);
    const reply = await arrive(browser, await start(browser, 'wang'));
    expect(reply.headers.location).toBe(`/customers?q=${encodeURIComponent('华信')}`);
    expect((await browser('GET', '/session')).json().account).toMatchObject({ id: account.id, name: '王小芳' });
    expect((await browser('GET', '/me/security')).json().devices).toMatchObject([{ way: 'sso', current: true }]);
    // The second time he is known by the provider's subject, whatever his address there is now.
    provider.subjects.set('wang', { email: 'fang@corp.example', email_verified: true });
    const again = visitor(app);
    await arrive(again, await start(again, 'wang'));
    expect((await again('GET', '/session')).json().account.id).toBe(account.id);
    const kept = await db.query(sql`select 1 from auth.account where "providerId" = 'sso'
      and ("accessToken" is not null or "refreshToken" is not null or "idToken" is not null)`);
    expect(kept).toEqual([]);
  });

  it('turns away strangers, unless they may join', async () => {
    const browser = visitor(app);
    expect((await arrive(browser, await start(browser, 'wang'))).headers.location).toBe('/sign-in?sso=unknown');
    expect((await browser('GET', '/session')).statusCode).toBe(401);
    await save({ join: true });
    await arrive(browser, await start(browser, 'wang'));
    expect((await browser('GET', '/session')).json().account).toMatchObject({ name: '王芳', role: 'member' });
  });

  it('does not believe an address that the provider has not checked', async () => {
    await invited();
    provider.subjects.set('wang', { email: 'wang@corp.example', email_verified: false });
    const browser = visitor(app);
    expect((await arrive(browser, await start(browser, 'wang'))).headers.location).toBe('/sign-in?sso=unverified');
    await save({ trustEmail: true });
    await arrive(browser, await start(browser, 'wang'));
    expect((await browser('GET', '/session')).statusCode).toBe(200);
  });

  it('keeps out who is disabled', async () => {
    const { id } = await invited();
    await db.query(sql`update auth."user" set disabled = true where id = ${id}`);
    const browser = visitor(app);
    expect((await arrive(browser, await start(browser, 'wang'))).headers.location).toBe('/sign-in?sso=disabled');
    expect((await browser('GET', '/session')).statusCode).toBe(401);
  });

  it('takes an answer once, in the browser that asked, and no forged one', async () => {
    await invited();
    const browser = visitor(app);
    const back = await start(browser, 'wang');
    // Somebody is made to follow the attacker's link (login CSRF, RFC 9700 §4.7).
    const victim = visitor(app);
    expect((await arrive(victim, back)).headers.location).toMatch(/^\/sign-in\?sso=/);
    expect((await victim('GET', '/session')).statusCode).toBe(401);
    const forged = new URL(back);
    forged.searchParams.set('code', 'made up');
    expect((await arrive(browser, forged)).headers.location).toMatch(/^\/sign-in\?sso=/);

    const second = visitor(app);
    const fresh = await start(second, 'wang');
    await arrive(second, fresh);
    const replay = visitor(app);
    for (const [name, value] of second.cookies) replay.cookies.set(name, value);
    replay.cookies.delete('xianke.session_token');
    expect((await arrive(replay, fresh)).headers.location).toMatch(/^\/sign-in\?sso=/);
  });

  it('says that it is not available when the provider is not there, and is there again with it', async () => {
    await save({ issuer: 'http://127.0.0.1:9' });
    expect((await visitor(app)('GET', '/sso/start')).headers.location).toBe('/sign-in?sso=unavailable');
    expect((await visitor(app)('GET', '/sign-in')).json().sso).toBe('公司账号');
    await save({ enabled: false });
    expect((await visitor(app)('GET', '/sign-in')).json().sso).toBeNull();
    expect((await visitor(app)('GET', '/sso/start')).headers.location).toBe('/sign-in?sso=unavailable');
  });

  it('shows its settings without the secret, to administrators', async () => {
    const admin = await server.account('admin');
    const reply = await admin({ url: '/api/v1/sign-in/policy' });
    expect(reply.json()).toMatchObject({ sso: { secret: true }, callback: `${publicUrl}/api/v1/sso/callback` });
    expect(reply.body).not.toContain(provider.client.clientSecret);
    const stored = JSON.stringify(await db.query(sql`select value, encode(secret, 'escape') from auth.setting`));
    expect(stored).not.toContain(provider.client.clientSecret);
    const member = await server.account('member');
    expect((await member({ url: '/api/v1/sign-in/policy' })).json().code).toBe('forbidden');
  });
});

it('leads to paths of this site only', () => {
  expect(ownPath('/customers?q=a#b')).toBe('/customers?q=a#b');
  for (const elsewhere of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    undefined,
  ])
    expect(ownPath(elsewhere)).toBe('/today');
});
