import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { SignInNote } from '../../platform/http/caller.ts';
import type { Seal } from '../../platform/outgoing/seal.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { type From, headersFor } from './deps.ts';
import type { Engine } from './engine.ts';
import type { Identity } from './identity.ts';
import { isRefusal } from './library.ts';
import { finish } from './sign-in.ts';

/** The company's own sign-in, by OpenID Connect. */
export interface SsoSettings {
  enabled: boolean;
  /** On the button. */
  name: string;
  /** `https://id.example.com/realms/main`; its discovery document is below it. */
  issuer: string;
  clientId: string;
  /** People whom nobody invited get an account when they first come. */
  join: boolean;
  /** The provider does not say whether it checked an address, and its administrators vouch for all. */
  trustEmail: boolean;
}

export interface StoredSso extends SsoSettings {
  clientSecret: string;
  /** Changes with every save. */
  version: string;
}

export const PROVIDER = 'sso';
const ABOUT = 'sso';
/** Below the address of the site; what is registered with the provider. */
export const CALLBACK = '/api/v1/sso/callback';

export async function readSso(on: Queryable, seal: Seal): Promise<StoredSso | null> {
  const [row] = await on.query<{ value: SsoSettings; secret: Buffer | null; updated: Date }>(
    sql`select value, secret, updated_at as updated from auth.setting where name = 'sso'`,
  );
  if (!row) return null;
  const clientSecret = row.secret ? String(seal.open(row.secret, ABOUT)) : '';
  return { ...row.value, clientSecret, version: row.updated.toISOString() };
}

/** @param secret undefined: the one before stays */
export async function saveSso(
  on: Queryable,
  seal: Seal,
  settings: SsoSettings,
  secret: string | undefined,
  by: string,
): Promise<void> {
  const sealed = secret === undefined ? null : seal.close(secret, ABOUT);
  await on.query(sql`insert into auth.setting as s (name, value, secret, updated_by)
    values ('sso', ${JSON.stringify(settings)}::jsonb, ${sealed}, ${by})
    on conflict (name) do update set value = excluded.value, secret = coalesce(excluded.secret, s.secret),
      updated_at = now(), updated_by = excluded.updated_by`);
}

/** The plugin of better-auth that knows the provider: discovery, PKCE, state, nonce and the signature of the ID token are its work. */
export async function ssoPlugin(settings: StoredSso, publicUrl: string): Promise<unknown> {
  const { genericOAuth } = await import('better-auth/plugins/generic-oauth');
  return genericOAuth({
    config: [
      {
        providerId: PROVIDER,
        discoveryUrl: `${settings.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
        requireIdTokenVerification: true,
        clientId: settings.clientId,
        ...(settings.clientSecret && { clientSecret: settings.clientSecret }),
        scopes: ['openid', 'email', 'profile'],
        redirectURI: `${publicUrl}${CALLBACK}`,
        pkce: true,
        disableSignUp: !settings.join,
        mapProfileToUser: (profile) => ({
          name: nameOf(profile),
          ...(settings.trustEmail && { emailVerified: true }),
        }),
      },
    ],
  });
}

function nameOf(profile: Record<string, unknown>): string {
  const [name] = [profile.name, profile.preferred_username, profile.email].filter(
    (one): one is string => typeof one === 'string' && one.trim() !== '',
  );
  return (name ?? '').slice(0, 80);
}

/** Where the browser is sent to sign in. `to`: where it comes back to in the end. */
export async function startSso(
  identity: Identity,
  to: string,
  from: From,
): Promise<{ url: string; cookies: string[] }> {
  try {
    const engine = await identity.ssoEngine();
    const { response, cookies } = await engine.ask((api) =>
      api.signInSocial({
        body: { provider: PROVIDER, callbackURL: to, errorCallbackURL: '/sign-in', disableRedirect: true },
        headers: headersFor(from),
        returnHeaders: true,
      }),
    );
    return { url: response.url, cookies };
  } catch (error) {
    if (!(error instanceof AppError) && !isRefusal(error)) throw error;
    // The provider was not there when its settings were read: the next one tries anew.
    identity.forgetSso();
    return { url: problemPage('unavailable'), cookies: [] };
  }
}

/** Why somebody was sent back to the sign-in page: parts of the library's answers, told apart as far as it helps him. */
const REASONS: Record<string, SsoProblem> = {
  account_not_linked: 'unverified',
  signup_disabled: 'unknown',
  access_denied: 'cancelled',
  state_mismatch: 'expired',
  please_restart_the_process: 'expired',
  state_not_found: 'expired',
};
export type SsoProblem = 'unverified' | 'unknown' | 'cancelled' | 'expired' | 'disabled' | 'unavailable' | 'failed';

/** The provider sends the browser back: opens the session, or says why not. @returns where to go */
export async function finishSso(
  identity: Identity,
  query: Record<string, string>,
  from: From,
  note: SignInNote,
): Promise<{ to: string; cookies: string[] }> {
  const engine = await identity.ssoEngine();
  const reply = await answer(engine, query, from, identity.cookieNames.state);
  const cookies = reply.headers.getSetCookie();
  const location = reply.headers.get('location') ?? '';
  if (identity.newToken(cookies) === undefined) {
    const error = new URL(location, 'http://here').searchParams.get('error') ?? '';
    note.failed = true;
    return { to: problemPage(REASONS[error] ?? 'failed'), cookies };
  }
  try {
    const opened = await finish(identity, cookies, 'sso', from, note);
    // What the provider gave us to act for him we don't need.
    await identity.db.query(sql`update auth.account set "accessToken" = null, "refreshToken" = null, "idToken" = null
      where "userId" = ${opened.account.id} and "providerId" = ${PROVIDER}`);
    return { to: ownPath(location), cookies: opened.cookies };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    note.failed = true;
    return { to: problemPage(error.code === 'account-disabled' ? 'disabled' : 'failed'), cookies: [] };
  }
}

function answer(engine: Engine, query: Record<string, string>, from: From, state: string): Promise<Response> {
  return engine.redirect((api) =>
    api.callbackOAuth({
      method: 'GET',
      params: { id: PROVIDER },
      query,
      headers: headersFor(from, state),
      asResponse: true,
    }),
  );
}

const problemPage = (problem: SsoProblem): string => `/sign-in?sso=${problem}`;

/** Only paths of this site: `/customers?q=a`, not `//elsewhere` or another address. */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/today';
  const url = new URL(to, 'http://here');
  return url.host === 'here' ? url.pathname + url.search + url.hash : '/today';
}
