import * as oauth from 'oauth4webapi';
import sql from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import { BACK, insecure, partnerSite } from './testing.ts';

// The authorisation server against a client library of somebody else (oauth4webapi), and what RFC 9700 says must be refused.

const {
  site,
  origin,
  as,
  ids,
  asPerson,
  register,
  start,
  decide,
  approve,
  codeGrant,
  post,
  credentials,
  call,
  works,
  refreshed,
} = await partnerSite();

describe('an independent client completes', () => {
  it('discovery: what is offered is what is allowed', () => {
    expect(as).toMatchObject({
      issuer: origin,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      authorization_response_iss_parameter_supported: true,
    });
  });

  it.each([true, false])(
    'code with PKCE, refresh, introspection, revocation (with a secret: %s)',
    async (confidential) => {
      const app = await register({ confidential });
      const { tokens } = await codeGrant(app);
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read:customer.name write:customer.remark' });
      expect(await works(tokens.access_token)).toBe(true);

      const again = await oauth.refreshTokenGrantRequest(
        as,
        app.client,
        app.auth,
        tokens.refresh_token ?? '',
        insecure,
      );
      const renewed = await oauth.processRefreshTokenResponse(as, app.client, again);
      expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
      expect(await works(renewed.access_token)).toBe(true);

      if (confidential) {
        const seen = await oauth.introspectionRequest(as, app.client, app.auth, renewed.access_token, insecure);
        expect(await oauth.processIntrospectionResponse(as, app.client, seen)).toMatchObject({
          active: true,
          client_id: app.client.client_id,
          sub: ids.sales,
          iss: origin,
        });
      } else
        expect(
          (await post('/oauth/introspect', { token: renewed.access_token, ...credentials(app) })).json().error,
        ).toBe('invalid_client');
      const gone = await oauth.revocationRequest(as, app.client, app.auth, renewed.refresh_token ?? '', insecure);
      await oauth.processRevocationResponse(gone);
      expect(await works(renewed.access_token)).toBe(false);
      expect((await refreshed(app, renewed.refresh_token ?? '')).json().error).toBe('invalid_grant');
    },
  );

  it('client credentials, as the person an administrator chose and within the scopes', async () => {
    const app = await register({ redirectUris: [], account: ids.sales, scopes: ['read:customer'] });
    const reply = await oauth.clientCredentialsGrantRequest(
      as,
      app.client,
      app.auth,
      { scope: 'read:customer' },
      insecure,
    );
    const tokens = await oauth.processClientCredentialsResponse(as, app.client, reply);
    expect(tokens.refresh_token).toBeUndefined();
    expect((await call(tokens.access_token, '/session')).json().account.id).toBe(ids.sales);
    // The administrator chooses somebody else: what was issued for the first is over.
    await asPerson('admin', 'PATCH', `/apps/${app.client.client_id}`, { account: ids.admin });
    expect(await works(tokens.access_token)).toBe(false);
  });

  it('a person’s no', async () => {
    const app = await register();
    const { url } = await start(app);
    const answer = new URL((await decide(url, false)).json().redirect);
    expect(() => oauth.validateAuthResponse(as, app.client, answer, 'st-1')).toThrow(
      expect.objectContaining({ error: 'access_denied' }),
    );
  });
});

describe('refused (RFC 9700)', () => {
  it.each([
    'https://partner.example/back/',
    'https://partner.example/back?x=1',
    'https://partner.example/BACK',
    'https://partner.example:443/back',
    'https://partner.example.evil.example/back',
    'http://partner.example/back',
    'https://partner.example/back/../other',
    'https://partner.example@evil.example/back',
    '',
  ])('a redirect to %j: nobody is sent there', async (uri) => {
    const { url } = await start(await register(), { redirect_uri: uri });
    for (const reply of [
      await decide(url),
      await asPerson('sales', 'POST', '/oauth/request', { asked: url.search.slice(1) }),
    ])
      expect([reply.statusCode, reply.json().code, reply.body.includes('evil')]).toEqual([
        422,
        'redirect-unknown',
        false,
      ]);
  });

  it('two redirect addresses, or two of any parameter', async () => {
    const { url } = await start(await register());
    const twice = new URL(`${url.href}&redirect_uri=${encodeURIComponent('https://evil.example')}`);
    expect((await decide(twice)).json().code).toBe('redirect-unknown');
    const answer = await approve(new URL(`${url.href}&scope=read:contact`));
    expect([answer.searchParams.get('error'), answer.searchParams.get('code')]).toEqual(['invalid_request', null]);
  });

  it('an address in the token request that is not that of the code', async () => {
    const app = await register({ redirectUris: [BACK, 'https://partner.example/other'] });
    const { verifier, url } = await start(app);
    const code = (await approve(url)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, ...credentials(app) };
    const wrong = await post('/oauth/token', { ...form, redirect_uri: 'https://partner.example/other' });
    expect([wrong.statusCode, wrong.json().error]).toEqual([400, 'invalid_grant']);
    expect((await post('/oauth/token', form)).json().error).toBe('invalid_request');
    expect((await post('/oauth/token', { ...form, redirect_uri: BACK })).statusCode).toBe(200);
  });

  it.each([
    ['no challenge', { code_challenge: null }],
    ['no method, which would mean plain', { code_challenge_method: null }],
    ['plain', { code_challenge_method: 'plain' }],
    ['a challenge that is no SHA-256', { code_challenge: 'short' }],
    ['an implicit token', { response_type: 'token' }],
    ['a hybrid', { response_type: 'code token' }],
    ['the answer in a fragment', { response_mode: 'fragment' }],
    ['a scope beyond the registration', { scope: 'read:customer' }],
    ['an unknown scope', { scope: 'read:customer.name admin' }],
    ['an empty scope', { scope: ' ' }],
  ])('%s: the app hears of it, without a code', async (_what, more) => {
    const { url } = await start(await register(), more);
    const answer = await approve(url);
    expect([answer.origin + answer.pathname, answer.searchParams.get('code')]).toEqual([BACK, null]);
    expect(answer.searchParams.get('error')).toMatch(/^(invalid_request|unsupported_response_type|invalid_scope)$/);
    expect([answer.searchParams.get('iss'), answer.searchParams.get('state')]).toEqual([origin, 'st-1']);
  });

  it('a code without its verifier, with another, or with the challenge itself', async () => {
    const app = await register();
    const { verifier, url } = await start(app);
    const code = (await approve(url)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: BACK, ...credentials(app) };
    expect((await post('/oauth/token', form)).json().error).toBe('invalid_request');
    for (const wrong of [
      oauth.generateRandomCodeVerifier(),
      await oauth.calculatePKCECodeChallenge(verifier),
      `${verifier}=`,
    ])
      expect((await post('/oauth/token', { ...form, code_verifier: wrong })).json().error).toBe('invalid_grant');
  });

  it('a code twice: and what the first brought ends', async () => {
    const app = await register();
    const { tokens, code, verifier } = await codeGrant(app);
    const form = { grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: verifier };
    const replay = await post('/oauth/token', { ...form, ...credentials(app) });
    expect([replay.statusCode, replay.json().error]).toEqual([400, 'invalid_grant']);
    expect(await works(tokens.access_token)).toBe(false);
    expect((await refreshed(app, tokens.refresh_token ?? '')).json().error).toBe('invalid_grant');
  });

  it('a code twenty times at once: one gets tokens at most, and they end', async () => {
    const app = await register();
    const { verifier, url } = await start(app);
    const code = (await approve(url)).searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: BACK,
      code_verifier: verifier,
      ...credentials(app),
    };
    const replies = await Promise.all(Array.from({ length: 20 }, () => post('/oauth/token', form)));
    const won = replies.filter((reply) => reply.statusCode === 200);
    expect(won).toHaveLength(1);
    expect(await works(won[0]?.json().access_token)).toBe(false);
  });

  it('a code of another app, which keeps working for its own', async () => {
    const [app, thief] = [await register(), await register()];
    const { verifier, url } = await start(app);
    const code = (await approve(url)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: verifier };
    expect((await post('/oauth/token', { ...form, ...credentials(thief) })).json().error).toBe('invalid_grant');
    expect((await post('/oauth/token', { ...form, ...credentials(app) })).statusCode).toBe(200);
  });

  it('a code after its minute', async () => {
    const app = await register();
    const { verifier, url } = await start(app);
    const code = (await approve(url)).searchParams.get('code') ?? '';
    await site.db.query(sql`update auth.app_code set expires_at = now() where used_at is null`);
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: BACK,
      code_verifier: verifier,
      ...credentials(app),
    };
    expect((await post('/oauth/token', form)).json().error).toBe('invalid_grant');
  });

  it('an answer of another server: the library sees the issuer (RFC 9207)', async () => {
    const app = await register();
    const { url } = await start(app);
    const answer = await approve(url);
    expect(answer.searchParams.get('iss')).toBe(origin);
    const honest = { ...as, issuer: 'https://honest.example' };
    expect(() => oauth.validateAuthResponse(honest, app.client, answer, 'st-1')).toThrow(/issuer/i);
    answer.searchParams.delete('iss');
    expect(() => oauth.validateAuthResponse(as, app.client, answer, 'st-1')).toThrow(/iss/i);
  });

  it('a refresh token twice: the whole family ends', async () => {
    const app = await register();
    const { tokens } = await codeGrant(app);
    const first = tokens.refresh_token ?? '';
    const second = (await refreshed(app, first)).json();
    expect((await refreshed(app, first)).json().error).toBe('invalid_grant');
    expect(await works(second.access_token)).toBe(false);
    expect((await refreshed(app, second.refresh_token)).json().error).toBe('invalid_grant');
    const [grant] = await site.db.query<{ ended_by: string }>(
      sql`select ended_by from auth.app_grant order by ended_at desc nulls last limit 1`,
    );
    expect(grant?.ended_by).toBe('reused-token');
    const { entries } = (await asPerson('admin', 'GET', '/audit/entries?kind=refused')).json();
    expect(JSON.stringify(entries)).toContain('reused-token');
  });

  it('a refresh token twenty times at once', async () => {
    const app = await register();
    const { tokens } = await codeGrant(app);
    const replies = await Promise.all(Array.from({ length: 20 }, () => refreshed(app, tokens.refresh_token ?? '')));
    const won = replies.filter((reply) => reply.statusCode === 200);
    expect(won).toHaveLength(1);
    expect((await refreshed(app, won[0]?.json().refresh_token)).json().error).toBe('invalid_grant');
  });

  it('tokens of another app: to refresh, to look at, to revoke', async () => {
    const [app, thief] = [await register(), await register()];
    const { tokens } = await codeGrant(app);
    const token = tokens.refresh_token ?? '';
    expect((await refreshed(thief, token)).json().error).toBe('invalid_grant');
    for (const one of [token, tokens.access_token]) {
      expect((await post('/oauth/introspect', { token: one, ...credentials(thief) })).json()).toEqual({
        active: false,
      });
      expect((await post('/oauth/revoke', { token: one, ...credentials(thief) })).json().error).toBe('invalid_grant');
    }
    expect(await works(tokens.access_token)).toBe(true);
    expect((await refreshed(app, token)).statusCode).toBe(200);
  });

  it('more scope at refresh than was granted', async () => {
    const app = await register();
    const { tokens } = await codeGrant(app);
    const more = await refreshed(app, tokens.refresh_token ?? '', { scope: 'read:contact' });
    expect(more.json().error).toBe('invalid_scope');
    const less = (await refreshed(app, tokens.refresh_token ?? '', { scope: 'read:customer.name' })).json();
    expect(less.scope).toBe('read:customer.name');
  });

  it('wrong, missing, doubled or superfluous client credentials', async () => {
    const [app, other, open] = [await register(), await register(), await register({ confidential: false })];
    const form = { grant_type: 'client_credentials' };
    const basic = (id: string, secret: string) => ({
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    });
    const id = app.client.client_id;
    for (const reply of [
      await post('/oauth/token', form),
      await post('/oauth/token', { ...form, client_id: id }),
      await post('/oauth/token', { ...form, client_id: id, client_secret: other.secret ?? '' }),
      await post('/oauth/token', { ...form, client_id: open.client.client_id, client_secret: 'x' }),
      await post('/oauth/token', form, basic(id, 'wrong')),
      await post('/oauth/token', form, { authorization: 'Bearer x' }),
      await post('/oauth/token', { ...form, client_id: other.client.client_id }, basic(id, app.secret ?? '')),
    ])
      expect([reply.statusCode, reply.json().error, reply.headers['www-authenticate']]).toEqual([
        401,
        'invalid_client',
        'Basic realm="xianke"',
      ]);
    const both = await post('/oauth/token', { ...form, client_secret: app.secret ?? '' }, basic(id, app.secret ?? ''));
    expect(both.json().error).toBe('invalid_request');
    // Known, but nobody chose whom it acts as.
    expect((await post('/oauth/token', { ...form, ...credentials(app) })).json().error).toBe('unauthorized_client');
    expect((await post('/oauth/token', { ...form, grant_type: 'password', ...credentials(app) })).json().error).toBe(
      'unsupported_grant_type',
    );
  });

  it('forms that are none, and answers kept by nobody', async () => {
    const app = await register();
    const json = await site.app.inject({ method: 'POST', url: '/oauth/token', payload: { grant_type: 'x' } });
    expect(json.json().error).toBe('invalid_request');
    const twice = await site.app.inject({
      method: 'POST',
      url: '/oauth/token',
      payload: 'grant_type=refresh_token&grant_type=password',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([twice.statusCode, twice.json().error, twice.headers['cache-control']]).toEqual([
      400,
      'invalid_request',
      'no-store',
    ]);
    const cross = await post('/oauth/token', credentials(app), { origin: 'https://evil.example' });
    expect(cross.statusCode).toBe(403);
  });
});
