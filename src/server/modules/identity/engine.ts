import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { Keys } from '../../platform/keys.ts';
import { freeOfContexts } from './contexts.ts';
import type { Answer, LibraryApi } from './library.ts';

export interface EngineOptions {
  keys: Keys;
  connection: pg.ClientConfig & { ssl?: boolean | ConnectionOptions };
  publicUrl: string | undefined;
}

/** Hours at a desk for a month; then everyone signs in again, however busy (ASVS 5.0 7.3.2). */
export const SESSION_SECONDS = 30 * 24 * 3600;
/** A browser that nobody used for so long is signed out (ASVS 5.0 7.3.1): two weeks outlast the longest holidays. */
export const IDLE_DAYS = 14;
/** Between the password and the second factor. */
const CHALLENGE_SECONDS = 10 * 60;
const PREFIX = 'xianke';

/** better-auth, loaded at the first sign-in: it is 26 MB of memory that reading and writing records don't need. */
export interface Engine {
  /** Asks better-auth; what it refuses throws its APIError. */
  ask<T>(work: (api: LibraryApi) => Promise<Answer<T>>): Promise<{ response: T; cookies: string[] }>;
  /** For what answers with a redirect. */
  redirect(work: (api: LibraryApi) => Promise<Response>): Promise<Response>;
  /** Whose second factor a challenge waits for. */
  challenged(challenge: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export const isSecure = (publicUrl: string | undefined) => publicUrl?.startsWith('https:') ?? false;
const prefixOf = (publicUrl: string | undefined) => `${isSecure(publicUrl) ? '__Host-' : ''}${PREFIX}`;
/** Names of the cookies of a site; `__Host-` ones come back over TLS only, and only to the very host that set them (RFC 6265bis §4.1.3.2). */
export const cookieNamesOf = (publicUrl: string | undefined) => ({
  session: `${prefixOf(publicUrl)}.session_token`,
  /** Between the password and the second factor. */
  challenge: `${prefixOf(publicUrl)}.two_factor`,
  passkey: `${prefixOf(publicUrl)}.passkey`,
  /** On the way to the company's own sign-in and back. */
  state: `${prefixOf(publicUrl)}.state`,
  device: `${prefixOf(publicUrl)}.device`,
});
export type CookieNames = ReturnType<typeof cookieNamesOf>;
export const sessionSecret = (keys: Keys) => keys.derive('session').toString('base64');
/** Where passkeys are at home. Without an address of the site that is this machine: browsers have none for plain addresses. */
export const passkeyHost = (publicUrl: string | undefined) => (publicUrl ? new URL(publicUrl).hostname : 'localhost');

/** Options of better-auth; exported for the test that compares our tables with what it wants. */
export async function authOptions(options: EngineOptions, pool: pg.Pool, more: readonly unknown[] = []) {
  const [{ twoFactor }, { passkey }, { APIError }] = await Promise.all([
    import('better-auth/plugins/two-factor'),
    import('@better-auth/passkey'),
    import('better-auth/api'),
  ]);
  /** A passkey counts as two factors, so whoever holds the device has to show that he is its owner (WebAuthn §6.1, UV). */
  const refuseUnverified = (verified: boolean | undefined): void => {
    if (verified !== true) throw new APIError('UNAUTHORIZED', { message: 'user verification required' });
  };
  return {
    appName: 'Xianke',
    database: pool,
    secret: sessionSecret(options.keys),
    baseURL: options.publicUrl ?? 'http://127.0.0.1',
    telemetry: { enabled: false },
    // Attempts are limited in PostgreSQL before better-auth is asked (throttle.ts).
    rateLimit: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 1, maxPasswordLength: 200 },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, freshAge: 0 },
    verification: { storeIdentifier: 'hashed' },
    account: {
      encryptOAuthTokens: true,
      // People are invited by an administrator, who answers for the address; a provider has to vouch for it as well.
      accountLinking: { enabled: true, requireLocalEmailVerified: false },
    },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, input: false, defaultValue: 'member' },
        disabled: { type: 'boolean', required: true, input: false, defaultValue: false },
      },
    },
    plugins: [
      twoFactor({
        issuer: '鲜客 Xianke',
        allowPasswordless: true,
        twoFactorCookieMaxAge: CHALLENGE_SECONDS,
        // Who knows a password must not be able to lock its owner out: throttle.ts counts by device.
        accountLockout: { enabled: false },
      }),
      passkey({
        rpName: '鲜客 Xianke',
        rpID: passkeyHost(options.publicUrl),
        ...(options.publicUrl && { origin: new URL(options.publicUrl).origin }),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          afterVerification: ({ verification }) => refuseUnverified(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) => refuseUnverified(verification.authenticationInfo.userVerified),
        },
        advanced: { webAuthnChallengeCookie: 'passkey' },
      }),
      ...more,
    ],
    advanced: {
      cookiePrefix: prefixOf(options.publicUrl),
      // Its own prefix would be `__Secure-`, which siblings of the host may overwrite.
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(options.publicUrl) },
      database: { generateId: 'uuid' },
    },
  } as const;
}

/** A pool of its own, for better-auth finds its tables by search_path; it closes its connections when idle. */
export function authPool(connection: pg.ClientConfig): pg.Pool {
  const pool = new pg.Pool({ ...connection, options: '-c search_path=auth', max: 3, idleTimeoutMillis: 5_000 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

interface Loaded {
  api: LibraryApi;
  $context: Promise<{
    internalAdapter: { findVerificationValue(id: string): Promise<{ value: string; expiresAt: Date } | null> };
  }>;
}

/** @param more further plugins of better-auth */
export async function loadEngine(options: EngineOptions, more: readonly unknown[] = []): Promise<Engine> {
  const { betterAuth } = await import('better-auth');
  const pool = authPool(options.connection);
  const auth = betterAuth((await authOptions(options, pool, more)) as never) as unknown as Loaded;
  return {
    ask: (work) =>
      freeOfContexts(async () => {
        const { response, headers } = await work(auth.api);
        return { response, cookies: headers.getSetCookie() };
      }),
    redirect: (work) => freeOfContexts(() => work(auth.api)),
    challenged: (challenge) =>
      freeOfContexts(async () => {
        const { internalAdapter } = await auth.$context;
        const found = await internalAdapter.findVerificationValue(challenge);
        return found && found.expiresAt > new Date() ? found.value : undefined;
      }),
    close: () => pool.end(),
  };
}
