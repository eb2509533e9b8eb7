import { connect } from 'node:net';
import { Writable } from 'node:stream';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../src/server/platform/log.ts';
import { openProduct, type Person, type Site } from './support/authorisation.ts';
import { totp } from './support/totp.ts';
import { visitor } from './support/visitor.ts';

// The whole product, https before it, its log read along: headers on every kind of answer, writes from other sites, cookies, and secrets that
// must not be in a log. F9 of the features.

const API = '/api/v1';
const PUBLIC_URL = 'https://crm.example.com';
const password = '海内存知己天涯若比邻';
const email = 'first@firm.example';

let site: Site;
let boss: Person;
const lines: string[] = [];
const log = createLog(
  'trace',
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  }),
);

beforeAll(async () => {
  site = await openProduct({ log, publicUrl: PUBLIC_URL });
  boss = await site.person('boss', ['admin']);
  await boss.call({
    method: 'POST',
    url: `${API}/accounts`,
    payload: { name: '王芳', email, password, role: 'admin' },
  });
});

describe('headers that protect', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const kinds: [string, number, () => Parameters<Person['call']>[0]][] = [
    ['JSON', 200, () => ({ url: `${API}/setup` })],
    ['JSON behind a sign-in', 200, () => ({ url: `${API}/catalog` })],
    ['an answer to HEAD', 200, () => ({ method: 'HEAD', url: `${API}/setup` })],
    ['no sign-in', 401, () => ({ url: `${API}/catalog`, headers: { authorization: 'Bearer xianke_none' } })],
    [
      'another site',
      403,
      () => ({ method: 'POST', url: `${API}/session`, headers: { origin: 'https://evil.example' }, payload: {} }),
    ],
    ['nothing there', 404, () => ({ url: `${API}/nothing` })],
    ['a method that is none', 404, () => ({ method: 'OPTIONS', url: `${API}/session` })],
    [
      'too large',
      413,
      () => ({ method: 'POST', url: `${API}/session`, payload: { email: 'x'.repeat(3_000_000), password: '' } }),
    ],
    [
      'a type that is not read',
      415,
      () => ({ method: 'POST', url: `${API}/session`, headers: { 'content-type': 'text/xml' }, payload: '<x/>' }),
    ],
    [
      'broken JSON',
      400,
      () => ({ method: 'POST', url: `${API}/session`, headers: { 'content-type': 'application/json' }, payload: '{' }),
    ],
    ['wrong input', 422, () => ({ method: 'POST', url: `${API}/session`, payload: { email: 1 } })],
    [
      'a file',
      200,
      () => ({
        method: 'POST',
        url: `${API}/records/export`,
        payload: { query: { object: 'customer' }, format: 'csv' },
      }),
    ],
    ['OpenAPI', 200, () => ({ url: '/api/openapi.json' })],
    ['where the authorisation server is', 200, () => ({ url: '/.well-known/oauth-authorization-server' })],
    [
      'a token refused',
      401,
      () => ({ method: 'POST', url: '/oauth/token', headers: form, payload: 'grant_type=refresh_token' }),
    ],
    ['a customer’s page', 404, () => ({ url: '/c/nothing' })],
    ['a page to stop greetings', 404, () => ({ url: '/g/nobody/nothing' })],
    ['a sign-in elsewhere that is not set up', 0, () => ({ url: `${API}/sso/start` })],
    ['a folder', 404, () => ({ url: '/assets/' })],
    ['an asset that is gone', 404, () => ({ url: '/assets/gone-1a.js' })],
    ['a path out of the site', 0, () => ({ url: '/assets/..%2f..%2fpackage.json' })],
    ['a broken path', 400, () => ({ url: '/%' })],
  ];

  it.each(kinds)('stand on %s (%i)', async (_kind, status, ask) => {
    const reply = await boss.call(ask());
    if (status > 0) expect(reply.statusCode).toBe(status);
    const policy = String(reply.headers['content-security-policy']);
    expect(policy).toMatch(/default-src '(self|none)'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data: 'self'/);
    expect(reply.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(reply.headers).not.toHaveProperty('x-powered-by');
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    if (String(reply.raw.req.url).startsWith('/api/v1') || String(reply.raw.req.url).startsWith('/oauth/'))
      expect(reply.headers['cache-control']).toContain('no-store');
  });

  it('stand on an answer to what is no HTTP, and it says nothing back', async () => {
    await site.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = site.app.server.address() as { port: number };
    const say = (text: string) =>
      new Promise<string>((done) => {
        let heard = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (chunk) => {
          heard += chunk;
        });
        socket.once('close', () => done(heard));
      });
    const answer = await say('HELLO <script>alert(1)</script>\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('x-content-type-options: nosniff');
    expect(answer).not.toContain('script');
    expect(await say(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('what is deep', () => {
  it('is refused, not run into', async () => {
    const nested = (depth: number): string =>
      `${'{"not":'.repeat(depth)}{"field":"name","op":"empty"}${'}'.repeat(depth)}`;
    for (const depth of [100, 5_000, 100_000]) {
      const reply = await boss.call({
        method: 'POST',
        url: `${API}/records/query`,
        headers: { 'content-type': 'application/json' },
        payload: `{"object":"customer","filter":${nested(depth)}}`,
      });
      expect([depth, reply.statusCode >= 400 && reply.statusCode < 500]).toEqual([depth, true]);
    }
  });
});

describe('files that are sent', () => {
  it('are attachments, with a name that stays inside its header', async () => {
    const reply = await boss.call({
      method: 'POST',
      url: `${API}/records/export`,
      payload: { query: { object: 'customer' }, format: 'csv' },
    });
    expect(reply.headers['content-disposition']).toMatch(
      /^attachment; filename\*=UTF-8''[\w.%-]+$|^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/,
    );
  });
});

describe('cookies', () => {
  it('belong to this host, come over TLS only, and neither scripts nor other sites get them', async () => {
    const reply = await site.app.inject({ method: 'POST', url: `${API}/session`, payload: { email, password } });
    const set = [reply.headers['set-cookie']].flat().map(String);
    expect(set.length).toBeGreaterThan(0);
    for (const one of set) {
      expect(one).toMatch(/^__Host-xianke\.\w+=/);
      for (const part of ['HttpOnly', 'Secure', 'Path=/', 'SameSite=Lax'])
        expect(one.split('; ').map((text) => text.toLowerCase())).toContain(part.toLowerCase());
      expect(one.toLowerCase()).not.toContain('domain=');
    }
  });
});

describe('writes that another site makes a browser send', () => {
  it('are refused at every endpoint, signed in or not', async () => {
    const person = visitor(site.app);
    expect((await person('POST', '/session', { email, password })).statusCode).toBe(200);
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
    let tried = 0;
    for (const { method, path } of site.app.endpoints.filter((one) => one.method !== 'GET'))
      for (const from of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'https://crm.example.com.evil.example' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const url = API + path.replace(/:\w+/g, '018f0000-0000-7000-8000-00000000dead');
        const reply = await site.app.inject({
          method,
          url,
          headers: { cookie, ...from } as unknown as Record<string, string>,
          payload: {},
        });
        expect([method, path, from, reply.statusCode, reply.json().code]).toEqual([
          method,
          path,
          from,
          403,
          'wrong-origin',
        ]);
        tried++;
      }
    expect(tried).toBeGreaterThan(300);
    const own = await site.app.inject({
      method: 'POST',
      url: `${API}/password-resets`,
      headers: { cookie, origin: PUBLIC_URL },
      payload: { email: 'x' },
    });
    expect(own.json().code).not.toBe('wrong-origin');
  });
});

describe('secrets', () => {
  it('are in no log, through sign-in, second factor, reset, keys, apps and what fails inside', async () => {
    const secrets = new Map<string, string>();
    const person = visitor(site.app);
    await person('POST', '/session', { email, password: 'wrong but secret' });
    secrets.set('a wrong password', 'wrong but secret').set('the password', password);
    await person('POST', '/session', { email, password });
    for (const [name, value] of person.cookies) secrets.set(`cookie ${name}`, value);
    const { uri, codes } = (await person('POST', '/me/totp', { password })).json();
    secrets
      .set('seed of the second factor', new URL(uri).searchParams.get('secret') ?? '')
      .set('recovery code', codes[0]);
    expect((await person('POST', '/me/totp/confirm', { code: totp(uri) })).statusCode).toBe(200);
    const again = visitor(site.app);
    await again('POST', '/session', { email, password });
    expect((await again('POST', '/session/second', { kind: 'recovery', code: codes[0] })).statusCode).toBe(200);
    for (const [name, value] of again.cookies) secrets.set(`cookie ${name} of the second`, value);

    const { accounts } = (await boss.call({ url: `${API}/accounts` })).json();
    const first = accounts.find((one: { email: string }) => one.email === email).id;
    const link = (await boss.call({ method: 'POST', url: `${API}/accounts/${first}/link`, payload: {} })).json();
    const token = /[\w-]{43}/.exec(JSON.stringify(link))?.[0] ?? '';
    secrets.set('reset link', token);
    await person('POST', '/password-resets', { email });
    await person('POST', '/links/open', { token });

    const key = (await again('POST', '/api-keys', { name: 'k' })).json();
    secrets.set('API key', key.key);
    await site.app.inject({ url: `${API}/session`, headers: { authorization: `Bearer ${key.key}` } });
    const app = (
      await again('POST', '/apps', {
        name: 'a',
        redirectUris: ['https://p.example/b'],
        scopes: ['read:customer'],
        account: first,
        perMinute: 60,
        confidential: true,
      })
    ).json();
    secrets.set('client secret', app.secret);
    const ask = (fields: Record<string, string>) =>
      site.app.inject({
        method: 'POST',
        url: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ client_id: app.id, client_secret: app.secret, ...fields }).toString(),
      });
    const access = (await ask({ grant_type: 'client_credentials' })).json().access_token;
    secrets.set('access token', access);
    await site.app.inject({ url: `${API}/today`, headers: { authorization: `Bearer ${access}` } });

    // Things that fail inside are logged whole: what was sent must not be among it.
    await site.db.query(sql`alter table auth.app_code rename to app_code_away`);
    secrets.set('authorisation code', 'xkac_code-that-was-sent');
    const failed = await ask({
      grant_type: 'authorization_code',
      code: 'xkac_code-that-was-sent',
      redirect_uri: 'https://p.example/b',
      code_verifier: 'secret-verifier'.repeat(4),
    });
    await site.db.query(sql`alter table auth.app_code_away rename to app_code`);
    secrets.set('verifier', 'secret-verifier');
    expect([failed.statusCode, failed.json().error]).toEqual([500, 'server_error']);
    await site.db.query(sql`alter table auth.link rename to link_away`);
    expect((await person('POST', '/links/open', { token })).statusCode).toBe(500);
    await site.db.query(sql`alter table auth.link_away rename to link`);
    const used = await person('POST', '/links/use', { token, password: '落霞与孤鹜齐飞秋水共长天' });
    secrets.set('new password', '落霞与孤鹜齐飞秋水共长天');
    expect(used.statusCode).toBe(200);

    log.info(
      {
        password: 'one',
        headers: { authorization: 'two', cookie: 'three' },
        request: { headers: { authorization: 'four' } },
      },
      'redacted',
    );
    const written = lines.join('');
    expect(written).toContain('unexpected error');
    expect(written).toContain('redacted');
    expect(written).not.toMatch(/"(one|two|three|four)"/);
    for (const [what, secret] of secrets) {
      expect([what, secret.length > 5]).toEqual([what, true]);
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        expect([what, written.includes(form)]).toEqual([what, false]);
    }
  });
});
