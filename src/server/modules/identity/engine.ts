import type { ConnectionOptions } from 'node:tls';
import type { Auth } from 'better-auth';
import pg from 'pg';
import type { Keys } from '../../platform/keys.ts';

export interface EngineOptions {
  keys: Keys;
  connection: pg.ClientConfig & { ssl?: boolean | ConnectionOptions };
  publicUrl: string | undefined;
}

/** Hours at a desk for a month; then everyone signs in again, however busy (ASVS 5.0 7.3.2). */
export const SESSION_SECONDS = 30 * 24 * 3600;
const PREFIX = 'xianke';

/** better-auth, loaded at the first sign-in: it is 26 MB of memory that reading and writing records don't need. */
export interface Engine {
  /** Throws APIError when the password is wrong. */
  signIn(email: string, password: string, headers: Headers): Promise<{ userId: string; cookies: string[] }>;
  /** Ends the session of the cookie in `headers`; returns the cookies that forget it. */
  signOut(headers: Headers): Promise<string[]>;
  close(): Promise<void>;
}

export const isSecure = (publicUrl: string | undefined) => publicUrl?.startsWith('https:') ?? false;
export const cookieName = (publicUrl: string | undefined) =>
  `${isSecure(publicUrl) ? '__Secure-' : ''}${PREFIX}.session_token`;
export const sessionSecret = (keys: Keys) => keys.derive('session').toString('base64');

/** Options of better-auth; exported for the test that compares our tables with what it wants. */
export function authOptions(options: EngineOptions, pool: pg.Pool) {
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
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        disabled: { type: 'boolean', required: true, input: false },
      },
    },
    advanced: {
      cookiePrefix: PREFIX,
      useSecureCookies: isSecure(options.publicUrl),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
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

export async function loadEngine(options: EngineOptions): Promise<Engine> {
  const { betterAuth } = await import('better-auth');
  const pool = authPool(options.connection);
  const auth = betterAuth(authOptions(options, pool)) as unknown as Auth;
  const contexts = await forgetfulContexts();
  return {
    signIn: (email, password, headers) =>
      contexts.around(async () => {
        const { response, headers: answer } = await auth.api.signInEmail({
          body: { email, password, rememberMe: true },
          headers,
          returnHeaders: true,
        });
        return { userId: response.user.id, cookies: answer.getSetCookie() };
      }),
    signOut: (headers) =>
      contexts.around(async () => {
        const { headers: answer } = await auth.api.signOut({ headers, returnHeaders: true });
        return answer.getSetCookie();
      }),
    close: () => pool.end(),
  };
}

/**
 * better-auth keeps its context in AsyncLocalStorage. Once one was entered, Node before 24 follows every promise of the
 * process, which makes each `await` of each later request 2.8 × as dear; so they are switched off whenever nobody is
 * signing in or out. The next `run` switches them on again.
 */
async function forgetfulContexts() {
  const context = await import('@better-auth/core/context');
  const storages = await Promise.all([
    context.getCurrentAuthContextAsyncLocalStorage(),
    context.getRequestStateAsyncLocalStorage(),
    context.getCurrentDBAdapterAsyncLocalStorage(),
  ]);
  let running = 0;
  return {
    async around<T>(work: () => Promise<T>): Promise<T> {
      running++;
      try {
        return await work();
      } finally {
        if (--running === 0) for (const storage of storages) storage.disable();
      }
    },
  };
}
