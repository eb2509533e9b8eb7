import sql from 'sql-template-tag';
import type { Authenticate, Caller } from '../../platform/http/caller.ts';
import type { Keys } from '../../platform/keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { bearerKey, hashApiKey, sessionToken } from './credentials.ts';
import { cookieName, sessionSecret } from './engine.ts';
import type { RecentCallers } from './recent-callers.ts';

export interface Found {
  credential: string;
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'member';
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
}): Authenticate {
  const { db, recent } = options;
  const secret = sessionSecret(options.keys);
  const name = cookieName(options.publicUrl);
  return async (request) => {
    const key = bearerKey(request.headers.authorization);
    if (key !== undefined) return caller(await recent.find(`key ${hashApiKey(key)}`, () => byKey(db, key)), 'key');
    const token = sessionToken(request.headers.cookie, name, secret);
    if (token === undefined) return null;
    return caller(await recent.find(`session ${token}`, () => bySession(db, token)), 'session');
  };
}

function caller(found: Found | undefined, via: Caller['via']): Caller | null {
  if (!found) return null;
  const { id, name, email, role, credential } = found;
  return { actor: `user:${id}`, account: { id, name, email }, role, via, credential };
}

async function bySession(db: Db, token: string): Promise<Found | undefined> {
  const [found] = await db.query<Found>(
    sql`select s.id as credential, u.id, u.name, u.email, u.role
      from auth.session s join auth."user" u on u.id = s."userId"
      where s.token = ${token} and s."expiresAt" > now() and not u.disabled`,
    'identity-session',
  );
  return found;
}

async function byKey(db: Db, key: string): Promise<Found | undefined> {
  const [found] = await db.query<Found & { stale: boolean }>(
    sql`select k.id as credential, u.id, u.name, u.email, u.role,
        k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as stale
      from auth.api_key k join auth."user" u on u.id = k.account
      where k.hash = ${hashApiKey(key)} and not u.disabled`,
    'identity-key',
  );
  if (found?.stale) await db.query(sql`update auth.api_key set last_used_at = now() where id = ${found.credential}`);
  return found;
}
