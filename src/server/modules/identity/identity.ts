import type pg from 'pg';
import { AppError } from '../../../contract/errors.ts';
import type { Act } from '../../../domain/access/types.ts';
import type { Authenticate, Caller } from '../../platform/http/caller.ts';
import type { Keys } from '../../platform/keys.ts';
import type { Log } from '../../platform/log.ts';
import { createSeal, type Seal } from '../../platform/outgoing/seal.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type Account, listAccounts, updateAccount } from './accounts.ts';
import { type Found, makeAuthenticate } from './authenticate.ts';
import { sessionToken } from './credentials.ts';
import type { Post, RolesOf } from './deps.ts';
import { type DeviceCookies, deviceCookies } from './device-cookie.ts';
import { type CookieNames, cookieNamesOf, type Engine, loadEngine, sessionSecret } from './engine.ts';
import { type RecentCallers, recentCallers } from './recent-callers.ts';
import { readSso, ssoPlugin } from './sso.ts';

/** The workspace as a page needs it at start. */
export interface WorkspaceSummary {
  id: string;
  name: string;
  scenario: string | null;
  timeZone: string;
}

export interface IdentityOptions {
  db: Db;
  keys: Keys;
  connection: pg.ClientConfig;
  log: Log;
  publicUrl: string | undefined;
  /** Providers of single sign-on may be called without TLS, for those inside the house. */
  allowPlainSso: boolean;
  workspaceOf: (caller: Caller) => Promise<WorkspaceSummary>;
  /** What of the administrator's work a caller may do. */
  actsOf: (caller: Caller) => Promise<readonly Act[]>;
  /** Whom an app calls for, by its access token. */
  appToken?: (token: string) => Promise<Found | undefined>;
  /** Ids of the roles a person has. */
  rolesOf: RolesOf;
  post: Post;
  /** The company's name, for mail. */
  firm: () => Promise<string>;
  /** After the first account exists: makes its workspace. */
  afterSetup: (first: { account: Account; company: string | undefined; lang: 'zh' | 'en' }) => Promise<void>;
}

type Given =
  | 'db'
  | 'publicUrl'
  | 'allowPlainSso'
  | 'workspaceOf'
  | 'actsOf'
  | 'rolesOf'
  | 'post'
  | 'firm'
  | 'afterSetup';

export interface Identity extends Pick<IdentityOptions, Given> {
  authenticate: Authenticate;
  /** After a change of accounts, sessions or keys: the next request is looked up anew. */
  forget: RecentCallers<Found>['forget'];
  /** The caller that an administrator views the product as. */
  viewed(account: string): Promise<Caller | null>;
  /** Makes somebody an administrator, or not any more; the last one stays. */
  setAdmin(account: string, admin: boolean): Promise<void>;
  devices: DeviceCookies;
  cookieNames: CookieNames;
  seal: Seal;
  /** Value of a cookie that we signed. */
  signedValue(cookies: string | undefined, name: string): string | undefined;
  /** Token of the session that these Set-Cookie headers open. */
  newToken(cookies: string[]): string | undefined;
  /** Does something after the reply; a failure is a line in the log. */
  later(work: () => Promise<void>): void;
  /** Loads better-auth when first asked. */
  engine(): Promise<Engine>;
  /** better-auth with the company's own sign-in, as it is set up now. Throws sso-unavailable. */
  ssoEngine(): Promise<Engine>;
  forgetSso(): void;
  close(): Promise<void>;
}

export function createIdentity(options: IdentityOptions): Identity {
  const { db, keys, publicUrl, log, allowPlainSso, workspaceOf, actsOf, rolesOf, post, firm, afterSetup } = options;
  let engine: Promise<Engine> | undefined;
  let sso: { version: string; engine: Promise<Engine> } | undefined;
  const running = new Set<Promise<void>>();
  const recent = recentCallers<Found>();
  const secret = sessionSecret(keys);
  const cookieNames = cookieNamesOf(publicUrl);
  const seal = createSeal(keys, 'identity');
  const signedValue = (cookies: string | undefined, name: string) => sessionToken(cookies, name, secret);
  return {
    ...{ db, publicUrl, allowPlainSso, workspaceOf, actsOf, rolesOf, post, firm, afterSetup },
    ...{ cookieNames, seal, signedValue },
    devices: deviceCookies(keys, publicUrl),
    authenticate: makeAuthenticate({ ...options, recent }),
    forget: recent.forget,
    async viewed(id) {
      const found = (await listAccounts(db)).find((account) => account.id === id && !account.disabled);
      if (!found) return null;
      const { name, email, role } = found;
      return { actor: `user:${id}`, account: { id, name, email }, role, via: 'session', credential: `view ${id}` };
    },
    async setAdmin(account, admin) {
      await updateAccount(db, account, { role: admin ? 'admin' : 'member' });
      recent.forget();
    },
    newToken: (cookies) =>
      cookies
        .map((cookie) => signedValue(cookie.split(';')[0], cookieNames.session))
        .findLast((token) => token !== undefined),
    later(work) {
      const one = work()
        .catch((error: unknown) => log.warn({ err: error }, 'sign-in'))
        .finally(() => running.delete(one));
      running.add(one);
    },
    engine: () => {
      engine ??= loadEngine(options);
      return engine;
    },
    forgetSso() {
      void sso?.engine.then((before) => before.close()).catch(() => undefined);
      sso = undefined;
    },
    async ssoEngine() {
      const settings = await readSso(db, seal);
      if (!settings?.enabled || publicUrl === undefined) throw new AppError('sso-unavailable');
      if (sso?.version !== settings.version) {
        void sso?.engine.then((before) => before.close()).catch(() => undefined);
        sso = { version: settings.version, engine: loadEngine(options, [await ssoPlugin(settings, publicUrl)]) };
      }
      return sso.engine;
    },
    async close() {
      await Promise.all(running);
      await (await engine)?.close();
      await (await sso?.engine.catch(() => undefined))?.close();
    },
  };
}
