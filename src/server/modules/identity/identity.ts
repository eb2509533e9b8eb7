import type pg from 'pg';
import type { Act } from '../../../domain/access/types.ts';
import type { Authenticate, Caller } from '../../platform/http/caller.ts';
import type { Keys } from '../../platform/keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type Account, listAccounts, updateAccount } from './accounts.ts';
import { type Found, makeAuthenticate } from './authenticate.ts';
import { type Engine, loadEngine } from './engine.ts';
import { type RecentCallers, recentCallers } from './recent-callers.ts';

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
  publicUrl: string | undefined;
  workspaceOf: (caller: Caller) => Promise<WorkspaceSummary>;
  /** What of the administrator's work a caller may do. */
  actsOf: (caller: Caller) => Promise<readonly Act[]>;
  /** Whom an app calls for, by its access token. */
  appToken?: (token: string) => Promise<Found | undefined>;
  /** After the first account exists: makes its workspace. */
  afterSetup: (first: { account: Account; company: string | undefined; lang: 'zh' | 'en' }) => Promise<void>;
}

export interface Identity extends Pick<IdentityOptions, 'db' | 'workspaceOf' | 'actsOf' | 'afterSetup'> {
  authenticate: Authenticate;
  /** After a change of accounts, sessions or keys: the next request is looked up anew. */
  forget: RecentCallers<Found>['forget'];
  /** The caller that an administrator views the product as. */
  viewed(account: string): Promise<Caller | null>;
  /** Makes somebody an administrator, or not any more; the last one stays. */
  setAdmin(account: string, admin: boolean): Promise<void>;
  /** Loads better-auth when first asked. */
  engine(): Promise<Engine>;
  close(): Promise<void>;
}

export function createIdentity(options: IdentityOptions): Identity {
  let engine: Promise<Engine> | undefined;
  const recent = recentCallers<Found>();
  return {
    db: options.db,
    workspaceOf: options.workspaceOf,
    actsOf: options.actsOf,
    afterSetup: options.afterSetup,
    authenticate: makeAuthenticate({ ...options, recent }),
    forget: recent.forget,
    async viewed(id) {
      const found = (await listAccounts(options.db)).find((account) => account.id === id && !account.disabled);
      if (!found) return null;
      const { name, email, role } = found;
      return { actor: `user:${id}`, account: { id, name, email }, role, via: 'session', credential: `view ${id}` };
    },
    async setAdmin(account, admin) {
      await updateAccount(options.db, account, { role: admin ? 'admin' : 'member' });
      recent.forget();
    },
    engine: () => {
      engine ??= loadEngine(options);
      return engine;
    },
    close: async () => (await engine)?.close(),
  };
}
