import * as oauth from 'oauth4webapi';
import { openProduct } from '../../../../test/support/authorisation.ts';

/** The product listening on this machine, an administrator and a salesperson signed in, and an app as its developers would write it. */

export const API = '/api/v1';
export const BACK = 'https://partner.example/back';
export const insecure = { [oauth.allowInsecureRequests]: true };

export interface Registered {
  client: oauth.Client;
  auth: oauth.ClientAuth;
  secret: string | null;
}

interface Start {
  verifier: string;
  url: URL;
}

type Who = 'admin' | 'sales';

export async function partnerSite() {
  const site = await openProduct();
  await site.app.listen({ port: 0, host: '127.0.0.1' });
  const address = site.app.server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const cookies: Record<Who, string> = { admin: '', sales: '' };
  const ids: Record<Who, string> = { admin: '', sales: '' };
  const boss = await site.person('boss', ['admin']);
  for (const [who, role] of [
    ['admin', 'admin'],
    ['sales', 'member'],
  ] as const) {
    const account = { name: who, email: `${who}@firm.example`, password: '海内存知己天涯若比邻', role };
    ids[who] = (await boss.call({ method: 'POST', url: `${API}/accounts`, payload: account })).json().id;
    const { email, password } = account;
    const signed = await site.app.inject({ method: 'POST', url: `${API}/session`, payload: { email, password } });
    cookies[who] = signed.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
  }
  await boss.call({ method: 'PUT', url: `${API}/people/${ids.sales}/roles`, payload: { roles: ['sales'] } });
  const issuer = new URL(origin);
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
  const as = await oauth.processDiscoveryResponse(issuer, found);

  const asPerson = (who: Who, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
    site.app.inject({
      method,
      url: API + url,
      headers: { cookie: cookies[who], host: new URL(origin).host },
      ...(payload && { payload }),
    });

  async function register(more: Record<string, unknown> = {}): Promise<Registered> {
    const reply = await asPerson('admin', 'POST', '/apps', {
      name: '报表工具',
      redirectUris: [BACK],
      scopes: ['read:customer.name', 'write:customer.remark', 'read:contact'],
      account: null,
      perMinute: 1000,
      confidential: true,
      ...more,
    });
    if (reply.statusCode !== 200) throw new Error(reply.body);
    const { id, secret } = reply.json() as { id: string; secret: string | null };
    return {
      client: { client_id: id },
      auth: secret === null ? oauth.None() : oauth.ClientSecretBasic(secret),
      secret,
    };
  }

  async function start({ client }: Registered, more: Record<string, string | null> = {}): Promise<Start> {
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(as.authorization_endpoint ?? '');
    const parameters: Record<string, string | null> = {
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri: BACK,
      scope: 'read:customer.name write:customer.remark',
      state: 'st-1',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    };
    for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
    return { verifier, url };
  }

  const decide = (url: URL, allow = true, who: Who = 'sales') =>
    asPerson(who, 'POST', '/oauth/decision', { asked: url.search.slice(1), allow });

  async function approve(url: URL, who: Who = 'sales'): Promise<URL> {
    const reply = await decide(url, true, who);
    if (reply.statusCode !== 200) throw new Error(reply.body);
    return new URL(reply.json().redirect);
  }

  async function codeGrant(app: Registered, more: Record<string, string | null> = {}) {
    const { verifier, url } = await start(app, more);
    const parameters = oauth.validateAuthResponse(as, app.client, await approve(url), 'st-1');
    const reply = await oauth.authorizationCodeGrantRequest(
      as,
      app.client,
      app.auth,
      parameters,
      BACK,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, app.client, reply);
    return { tokens, code: parameters.get('code') ?? '', verifier, parameters };
  }

  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    site.app.inject({
      method: 'POST',
      url: path,
      payload: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: new URL(origin).host, ...headers },
    });
  const credentials = ({ client, secret }: Registered): Record<string, string> => ({
    client_id: client.client_id,
    ...(secret !== null && { client_secret: secret }),
  });
  const call = (
    token: string,
    url: string,
    payload?: object,
    method: 'GET' | 'POST' | 'DELETE' = payload ? 'POST' : 'GET',
  ) =>
    site.app.inject({
      method,
      url: API + url,
      headers: { authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });
  const works = async (token: string): Promise<boolean> => (await call(token, '/session')).statusCode === 200;
  const refreshed = (app: Registered, token: string, more: Record<string, string> = {}) =>
    post('/oauth/token', { grant_type: 'refresh_token', refresh_token: token, ...credentials(app), ...more });

  return {
    site,
    origin,
    as,
    ids,
    cookies,
    boss,
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
  };
}
