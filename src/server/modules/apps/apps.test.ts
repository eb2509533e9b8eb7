import sql from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { tidyAppsJob } from './index.ts';
import { API, partnerSite, type Registered } from './testing.ts';

// Scopes in the doors, keys, limits, what is stored and what people see of it.

const { site, ids, cookies, asPerson, register, codeGrant, start, approve, post, credentials, call, works, refreshed } =
  await partnerSite();
const customer = site.catalog.objects.find(({ name }) => name === 'customer') as ObjectDef;
const own = await site.make(customer, 'own', null, ids.sales);
const foreign = await site.make(customer, 'other', null, ids.admin);

const grant = async (scope: string): Promise<string> => {
  const app = await register({ scopes: ['read:*', 'write:*', 'delete:*'] });
  return (await codeGrant(app, { scope })).tokens.access_token;
};
const query = async (token: string, body: object) =>
  (await call(token, '/records/query', { object: 'customer', ...body })).json();
const change = async (token: string, set: object, id = own.id) =>
  (
    await call(token, '/records/changes', { changes: [{ op: 'update', object: 'customer', id, set }], dryRun: true })
  ).json();

describe('a token in the doors', () => {
  it('sees the fields of its scopes and no other, in each way of reading', async () => {
    const token = await grant('read:customer.name');
    const page = await query(token, {});
    expect(page.rows.length).toBeGreaterThan(0);
    for (const row of page.rows) expect(Object.keys(row.values)).toEqual(['name']);
    const secrets = Object.entries(own.values).filter(
      ([name, value]) => name !== 'name' && typeof value === 'string' && value.length > 7 && value !== ids.sales,
    );
    expect(secrets.length).toBeGreaterThan(3);
    for (const url of [
      `/records/customer/${own.id}`,
      `/records/customer/${own.id}/history`,
      `/records/customer/${own.id}/timeline`,
      `/records/customer/${own.id}?asOf=${encodeURIComponent(new Date().toISOString())}`,
      `/search?q=${encodeURIComponent(String(own.values.name))}`,
    ]) {
      const reply = await call(token, url);
      expect([url, reply.statusCode]).toEqual([url, 200]);
      for (const [name, value] of secrets)
        expect([url, name, reply.body.includes(String(value))]).toEqual([url, name, false]);
    }
    for (const [name, value] of secrets) {
      const filter = {
        all: [
          { field: '$id', op: 'eq', value: own.id },
          { field: name, op: 'eq', value },
        ],
      };
      const found = await query(token, { filter, count: 'exact' });
      expect([name, found.count?.value ?? 0]).toEqual([name, 0]);
      expect((await query(token, { sort: [{ field: name, dir: 'asc' }] })).rows).toBeUndefined();
    }
    const { objects } = (await call(token, '/catalog')).json() as { objects: ObjectDef[] };
    expect(objects.map(({ name, fields }) => [name, fields.map((field) => field.name)])).toEqual([
      ['customer', ['name']],
    ]);
  });

  it('writes what it may write, and nothing else', async () => {
    const token = await grant('read:customer write:customer.remark');
    const [written, other] = [await change(token, { remark: '新的备注' }), await change(token, { name: '别的名字' })];
    expect(written.outcomes[0].status).toBe('applied');
    expect([other.outcomes[0].status, other.outcomes[0].issues[0].code]).toEqual(['rejected', 'field-forbidden']);
    for (const one of [
      { op: 'create', object: 'customer', set: { name: '新客户' } },
      { op: 'delete', object: 'customer', id: own.id },
      { op: 'update', object: 'customer', id: own.id, verify: { fields: ['remark'], method: 'phone' } },
    ]) {
      const reply = await call(token, '/records/changes', { changes: [one], dryRun: true });
      const status = reply.statusCode === 200 ? reply.json().outcomes[0].status : 'rejected';
      expect([one.op, status]).toEqual([one.op, 'rejected']);
    }
  });

  it('never sees or does more than its person', async () => {
    const token = await grant('read:* write:* delete:*');
    const seen = await query(token, { filter: { field: '$id', op: 'in', value: [own.id, foreign.id] } });
    expect(seen.rows.map(({ id }: { id: string }) => id)).toEqual([own.id]);
    expect((await call(token, `/records/customer/${foreign.id}`)).statusCode).toBeGreaterThanOrEqual(400);
    expect((await change(token, { remark: 'x' }, foreign.id)).outcomes?.[0]?.status ?? 'rejected').toBe('rejected');
    const mine = await asPerson('sales', 'POST', '/records/query', {
      object: 'customer',
      filter: { field: '$id', op: 'eq', value: own.id },
    });
    const row = seen.rows[0];
    expect(row.values).toEqual(mine.json().rows[0].values);
  });

  it('is refused everywhere else, an administrator’s too, and at every endpoint of administration', async () => {
    const app = await register({ scopes: ['read:*', 'write:*', 'delete:*'] });
    const { verifier, url } = await start(app, { scope: 'read:* write:* delete:*' });
    const code = (await approve(url, 'admin')).searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://partner.example/back',
      code_verifier: verifier,
    };
    const token = (await post('/oauth/token', { ...form, ...credentials(app) })).json().access_token;
    expect((await call(token, '/session')).json()).toMatchObject({ account: { id: ids.admin }, acts: [] });
    let refused = 0;
    for (const { method, path, permission, scoped } of site.app.endpoints) {
      if (permission === 'public' || scoped) continue;
      const reply = await site.app.inject({
        method,
        url: API + path.replace(/:\w+/g, '018f0000-0000-7000-8000-00000000dead'),
        headers: { authorization: `Bearer ${token}` },
        ...(method !== 'GET' && method !== 'DELETE' && { payload: {} }),
      });
      expect([method, path, reply.statusCode, reply.json().code]).toEqual([method, path, 403, 'scope-missing']);
      refused++;
    }
    expect(refused).toBeGreaterThan(100);
    const viewing = await site.app.inject({
      url: `${API}/session`,
      headers: { authorization: `Bearer ${token}`, 'x-xianke-view-as': ids.sales },
    });
    expect(viewing.statusCode).toBe(403);
  });

  it('loses at once what an administrator takes from the app, and all when app or person is disabled', async () => {
    const app = await register({ scopes: ['read:customer', 'write:customer'] });
    const { tokens } = await codeGrant(app, { scope: 'read:customer write:customer' });
    const url = `/apps/${app.client.client_id}`;
    expect((await change(tokens.access_token, { remark: 'x' })).outcomes[0].status).toBe('applied');
    await asPerson('admin', 'PATCH', url, { scopes: ['read:customer'] });
    const left = await change(tokens.access_token, { remark: 'x' });
    expect(left.outcomes?.[0]?.status ?? 'rejected').toBe('rejected');
    await asPerson('admin', 'PATCH', url, { disabled: true });
    expect(await works(tokens.access_token)).toBe(false);
    expect((await refreshed(app, tokens.refresh_token ?? '')).json().error).toBe('invalid_client');
    await asPerson('admin', 'PATCH', url, { disabled: false });
    expect(await works(tokens.access_token)).toBe(true);
    await site.db.query(sql`update auth."user" set disabled = true where id = ${ids.sales}`);
    expect((await refreshed(app, tokens.refresh_token ?? '')).json().error).toBe('invalid_grant');
    await site.db.query(sql`update auth."user" set disabled = false where id = ${ids.sales}`);
  });
});

describe('a key', () => {
  const make = async (more: object): Promise<{ id: string; key: string }> =>
    (await asPerson('sales', 'POST', '/api-keys', { name: '官网表单', ...more })).json();

  it('has scopes, an end and a limit of its own', async () => {
    const { id, key } = await make({ scopes: ['read:customer.name'], days: 1, perMinute: 2 });
    const page = await query(key, {});
    for (const row of page.rows) expect(Object.keys(row.values)).toEqual(['name']);
    const outside = await call(key, '/today');
    expect([outside.json().code, outside.headers['www-authenticate']]).toEqual([
      'scope-missing',
      'Bearer error="insufficient_scope"',
    ]);
    expect((await call('xkat_none', '/session')).headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    const third = await call(key, '/session');
    expect([third.statusCode, third.json().code, Number(third.headers['retry-after']) > 0]).toEqual([
      429,
      'too-many-requests',
      true,
    ]);
    const { keys } = (await asPerson('sales', 'GET', '/api-keys')).json();
    expect(keys.find((one: { id: string }) => one.id === id)).toMatchObject({
      scopes: ['read:customer.name'],
      perMinute: 2,
    });
    const over = await make({ days: 1 });
    expect(await works(over.key)).toBe(true);
    await site.db.query(sql`update auth.api_key set expires_at = now() where id = ${over.id}`);
    await asPerson('sales', 'DELETE', `/api-keys/${id}`);
    expect([await works(over.key), await works(key)]).toEqual([false, false]);
    expect((await asPerson('sales', 'POST', '/api-keys', { name: 'x', scopes: ['everything'] })).json().code).toBe(
      'scope-invalid',
    );
  });

  it('makes no keys, registers no apps and consents to none', async () => {
    const { key } = await make({});
    const { url } = await start(await register());
    for (const [path, body] of [
      ['/api-keys', { name: 'more' }],
      ['/oauth/decision', { asked: url.search.slice(1), allow: true }],
    ] as const)
      expect([path, (await call(key, path, body)).json().code]).toEqual([path, 'session-needed']);
  });
});

describe('an app', () => {
  it.each([
    'http://partner.example/back',
    'https://*.partner.example/back',
    'https://partner.example/back#x',
    'javascript:alert(1)',
    'https://user:pw@partner.example/',
    'http://localhost:8080/',
    'data:text/html,x',
    'myapp:/back',
    '/back',
    'https://partner.example/ x',
  ])('can’t register %j to return to', async (uri) => {
    const reply = await asPerson('admin', 'POST', '/apps', input({ redirectUris: [uri] }));
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'redirect-invalid']);
  });

  const input = (more: object) => ({
    name: '新应用',
    redirectUris: ['https://partner.example/back'],
    scopes: ['read:customer'],
    account: null,
    perMinute: 60,
    confidential: true,
    ...more,
  });

  it('needs a way in, and a secret to act by itself', async () => {
    const code = async (more: object) => (await asPerson('admin', 'POST', '/apps', input(more))).json().code;
    expect(await code({ redirectUris: [] })).toBe('app-no-way');
    expect(await code({ account: ids.sales, confidential: false })).toBe('app-no-secret');
    expect(await code({ scopes: ['read:everything.at.all'] })).toBe('scope-invalid');
    const member = await asPerson('sales', 'POST', '/apps', input({}));
    expect(member.json().code).toBe('forbidden');
  });

  it('on the person’s own machine takes any port', async () => {
    const app = await register({ redirectUris: ['http://127.0.0.1/back'], confidential: false });
    for (const [uri, fits] of [
      ['http://127.0.0.1:49152/back', true],
      ['http://127.0.0.1:49152/other', false],
      ['http://127.0.0.1.evil.example:1/back', false],
    ] as const) {
      const { url } = await start(app, { redirect_uri: uri });
      const reply = await asPerson('sales', 'POST', '/oauth/request', { asked: url.search.slice(1) });
      expect([uri, reply.statusCode === 200]).toEqual([uri, fits]);
    }
  });

  it('gets a new secret, and the old one ends', async () => {
    const app = await register({ account: ids.sales });
    const renewed = (await asPerson('admin', 'POST', `/apps/${app.client.client_id}/secret`)).json().secret;
    const ask = async (secret: string | null) =>
      (
        await post('/oauth/token', {
          grant_type: 'client_credentials',
          client_id: app.client.client_id,
          client_secret: secret ?? '',
        })
      ).statusCode;
    expect([await ask(app.secret), await ask(renewed)]).toEqual([401, 200]);
  });

  it('has one limit for all its people', async () => {
    const app = await register({ perMinute: 3 });
    const { tokens } = await codeGrant(app);
    const replies: number[] = [];
    for (let n = 0; n < 4; n++) replies.push((await call(tokens.access_token, '/session')).statusCode);
    expect(replies).toEqual([200, 200, 200, 429]);
  });

  it('is told with what it was given, and its access can be taken away by the person', async () => {
    const app: Registered = await register({ name: '对账助手' });
    const { tokens } = await codeGrant(app);
    await works(tokens.access_token);
    const listed = async () =>
      ((await asPerson('sales', 'GET', '/connections')).json().connections as { app: string }[]).find(
        (one) => one.app === app.client.client_id,
      );
    expect(await listed()).toMatchObject({
      name: '对账助手',
      scopes: ['read:customer.name', 'write:customer.remark'],
      lastUsedAt: expect.any(String),
    });
    const seen = (await asPerson('admin', 'GET', '/apps'))
      .json()
      .apps.find((one: { id: string }) => one.id === app.client.client_id);
    expect(seen).toMatchObject({ people: 1, confidential: true });
    const others = await asPerson('admin', 'DELETE', `/connections/${app.client.client_id}`);
    expect(others.statusCode).toBe(404);
    expect((await asPerson('sales', 'DELETE', `/connections/${app.client.client_id}`)).statusCode).toBe(200);
    expect([await works(tokens.access_token), await listed()]).toEqual([false, undefined]);
    expect((await refreshed(app, tokens.refresh_token ?? '')).json().error).toBe('invalid_grant');
  });

  it('leaves a log of its calls, with what was refused', async () => {
    const app = await register({ account: ids.sales });
    const form = { grant_type: 'client_credentials', ...credentials(app) };
    const token = (await post('/oauth/token', form)).json().access_token;
    await call(token, `/records/customer/${own.id}`);
    await call(token, '/today');
    const { calls, day } = (await asPerson('admin', 'GET', `/apps/${app.client.client_id}/calls`)).json();
    expect(calls.map((one: { call: string; status: number }) => [one.call, one.status])).toEqual([
      ['GET /today', 403],
      ['GET /records/:object/:id', expect.any(Number)],
      ['POST /oauth/token', 200],
    ]);
    expect(day).toEqual({ calls: 3, refused: 1 });
    expect(JSON.stringify(calls)).not.toContain(own.id);
  });

  it('leaves nothing in the database by which a copy of it could call', async () => {
    const app = await register({ account: ids.sales });
    const { tokens, code } = await codeGrant(app);
    const tables = ['app', 'app_grant', 'app_code', 'app_token', 'client_call', 'api_key'];
    const dump = (
      await Promise.all(
        tables.map((name) =>
          site.db.query<{ row: string }>({ text: `select t::text as row from auth.${name} t`, values: [] } as never),
        ),
      )
    )
      .flat()
      .map(({ row }) => row)
      .join('\n');
    expect(dump.length).toBeGreaterThan(1000);
    for (const secret of [app.secret, tokens.access_token, tokens.refresh_token, code, cookies.sales])
      for (const form of [String(secret), Buffer.from(String(secret)).toString('hex')])
        expect(dump.includes(form)).toBe(false);
  });

  it('is forgotten when nothing can be done with it any more', async () => {
    const app = await register();
    const { tokens } = await codeGrant(app);
    const before = await codeGrant(app);
    await site.db.query(sql`update auth.app_token set expires_at = now() - interval '2 hours' where kind = 'access'`);
    await site.db.query(sql`update auth.app_grant set ended_at = now() - interval '91 days'
      where id = (select id from auth.app_grant where app = ${app.client.client_id} order by id limit 1)`);
    await tidyAppsJob(site.db).handler({ payload: {} } as never);
    const [{ grants } = { grants: 0 }] = await site.db.query<{ grants: number }>(
      sql`select count(*)::int as grants from auth.app_grant where app = ${app.client.client_id}`,
    );
    expect(grants).toBe(1);
    expect((await refreshed(app, tokens.refresh_token ?? '')).statusCode).toBe(400);
    expect((await refreshed(app, before.tokens.refresh_token ?? '')).statusCode).toBe(200);
  });
});
