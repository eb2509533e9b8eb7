import sql from 'sql-template-tag';
import type { Authenticate, Caller } from '../../platform/http/caller.ts';
import type { Keys } from '../../platform/keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { bearerKey, bearerToken, hashApiKey, sessionToken } from './credentials.ts';
import type { RolesOf } from './deps.ts';
import { cookieNamesOf, IDLE_DAYS, sessionSecret } from './engine.ts';
import { needsFactors } from './policy.ts';
import type { RecentCallers } from './recent-callers.ts';

export interface Found {
  credential: string;
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'member';
  /** Limits of the credential itself. */
  scopes?: readonly string[];
  app?: { id: string; name: string };
  perMinute?: number;
  /** Until a second factor is set up. */
  needsFactor?: true;
}

/**
 * Finds out who calls: by API key, else by session cookie. One indexed query per credential and second; a disabled account
 * or an ended session is out at once on the node that ended it, and within a second on others.
 */
export function makeAuthenticate(options: {
  db: Db;
  keys: Keys;
  publicUrl: string | undefined;
  recent: RecentCallers<Found>;
  /** Whom an app calls for, by its access token; absent: there are no apps. */
  appToken?: (token: string) => Promise<Found | undefined>;
  rolesOf: RolesOf;
}): Authenticate {
  const { db, recent } = options;
  const secret = sessionSecret(options.keys);
  const name = cookieNamesOf(options.publicUrl).session;
  return async (request) => {
    const key = bearerKey(request.headers.authorization);
    if (key !== undefined)
      return caller(await recent.find(`key ${hashApiKey(key).toString('hex')}`, () => byKey(db, key)), 'key');
    const held = options.appToken && bearerToken(request.headers.authorization);
    if (held !== undefined)
      return caller(
        await recent.find(`app ${hashApiKey(held).toString('hex')}`, async () => options.appToken?.(held)),
        'app',
      );
    const token = sessionToken(request.headers.cookie, name, secret);
    if (token === undefined) return null;
    return caller(await recent.find(`session ${token}`, () => bySession(db, token, options.rolesOf)), 'session');
  };
}

function caller(found: Found | undefined, via: Caller['via']): Caller | null {
  if (!found) return null;
  const { id, name, email, role, ...rest } = found;
  return { actor: `user:${id}`, account: { id, name, email }, role, via, ...rest };
}

interface SessionRow extends Found {
  /** Ids of the roles that need two factors. */
  required: string[] | null;
  /** Has a second factor, or came by the company's own sign-in, which answers for that itself. */
  strong: boolean;
  stale: boolean;
}

async function bySession(db: Db, token: string, rolesOf: RolesOf): Promise<Found | undefined> {
  const [row] = await db.query<SessionRow & Record<string, unknown>>(
    sql`select s.id as credential, u.id, u.name, u.email, u.role,
        (select value from auth.setting where name = 'two-factor') as required,
        coalesce(u."twoFactorEnabled", false) or s.way = 'sso'
          or exists (select from auth.passkey p where p."userId" = u.id) as strong,
        s.seen_at is null or s.seen_at < now() - interval '5 minutes' as stale
      from auth.session s join auth."user" u on u.id = s."userId"
      where s.token = ${token} and s."expiresAt" > now() and not u.disabled
        and coalesce(s.seen_at, s."createdAt") > now() - make_interval(days => ${IDLE_DAYS})`,
    'identity-session',
  );
  if (!row) return undefined;
  const { required, strong, stale, ...found } = row;
  // A full disk must not keep anybody from reading.
  if (stale)
    await db.query(sql`update auth.session set seen_at = now() where id = ${found.credential}`).catch(() => undefined);
  if (strong || !required?.length) return found;
  return (await needsFactors(required, found, rolesOf)) ? { ...found, needsFactor: true } : found;
}

interface KeyRow extends Omit<Found, 'scopes' | 'perMinute'> {
  scopes: string[] | null;
  per_minute: number | null;
  stale: boolean;
}

async function byKey(db: Db, key: string): Promise<Found | undefined> {
  const [row] = await db.query<KeyRow>(
    sql`select k.id as credential, u.id, u.name, u.email, u.role, k.scopes, k.per_minute,
        k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as stale
      from auth.api_key k join auth."user" u on u.id = k.account
      where k.hash = ${hashApiKey(key)} and not u.disabled and (k.expires_at is null or k.expires_at > now())`,
    'identity-key',
  );
  if (!row) return undefined;
  const { stale, scopes, per_minute, ...found } = row;
  if (stale) await db.query(sql`update auth.api_key set last_used_at = now() where id = ${found.credential}`);
  return { ...found, ...(scopes && { scopes }), ...(per_minute !== null && { perMinute: per_minute }) };
}
