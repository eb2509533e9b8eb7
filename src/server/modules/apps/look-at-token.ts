import sql from 'sql-template-tag';
import { covers } from '../../../domain/access/scope.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import type { Found } from '../identity/index.ts';
import { endGrant } from './grant-store.ts';
import { OAuthError } from './oauth-error.ts';
import { hashOf } from './secrets.ts';

interface TokenRow extends Record<string, unknown> {
  credential: string;
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'member';
  app: string;
  app_name: string;
  scopes: string[];
  most: string[];
  per_minute: number;
  stale: boolean;
}

/** Scopes that were granted and that the app may still have: an administrator may have taken some from it since. */
const still = (scopes: readonly string[], most: readonly string[]): string[] =>
  scopes.filter((scope) => covers(most, scope));

/** Whom an access token speaks for. Nobody when token, grant, app or person ended. */
export async function findByToken(db: Db, token: string): Promise<Found | undefined> {
  const [row] = await db.query<TokenRow>(
    sql`select g.id as credential, u.id, u.name, u.email, u.role, a.id as app, a.name as app_name, t.scopes, a.scopes as most, a.per_minute,
        g.last_used_at is null or g.last_used_at < now() - interval '1 minute' as stale
      from auth.app_token t join auth.app_grant g on g.id = t.app_grant join auth.app a on a.id = g.app
        join auth."user" u on u.id = g.account
      where t.hash = ${hashOf(token)} and t.kind = 'access' and t.expires_at > now() and g.ended_at is null and g.ends_at > now()
        and not a.disabled and not u.disabled and (g.kind = 'consent' or a.account = g.account)`,
    'apps-token',
  );
  if (!row) return undefined;
  if (row.stale) await db.query(sql`update auth.app_grant set last_used_at = now() where id = ${row.credential}`);
  const { credential, id, name, email, role } = row;
  const app = { id: row.app, name: row.app_name };
  return { credential, id, name, email, role, app, scopes: still(row.scopes, row.most), perMinute: row.per_minute };
}

export interface Introspection extends Record<string, unknown> {
  active: boolean;
}

interface SeenRow extends Record<string, unknown> {
  app: string;
  account: string;
  kind: 'access' | 'refresh';
  scopes: string[];
  most: string[];
  created_at: Date;
  expires_at: Date;
}

/** RFC 7662. Of a token of another app, or one that ended, nothing is told but that it is not active. */
export async function introspect(on: Queryable, client: string, token: string, issuer: string): Promise<Introspection> {
  const [row] = await on.query<SeenRow>(sql`
    select g.app, g.account, t.kind, t.scopes, a.scopes as most, t.created_at, least(t.expires_at, g.ends_at) as expires_at
    from auth.app_token t join auth.app_grant g on g.id = t.app_grant join auth.app a on a.id = g.app
      join auth."user" u on u.id = g.account
    where t.hash = ${hashOf(token)} and t.expires_at > now() and t.used_at is null and g.ended_at is null and g.ends_at > now()
      and not a.disabled and not u.disabled and (g.kind = 'consent' or a.account = g.account)`);
  if (!row || row.app !== client) return { active: false };
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
  return {
    active: true,
    scope: still(row.scopes, row.most).join(' '),
    client_id: row.app,
    sub: row.account,
    iss: issuer,
    iat: seconds(row.created_at),
    exp: seconds(row.expires_at),
    ...(row.kind === 'access' && { token_type: 'Bearer' }),
  };
}

/** RFC 7009: a refresh token takes its grant along, an access token goes alone. Unknown ones are no error (§2.2). */
export async function revoke(db: Db, client: string, token: string): Promise<void> {
  const [row] = await db.query<{ app_grant: string; app: string; kind: string }>(sql`
    select t.app_grant, g.app, t.kind from auth.app_token t join auth.app_grant g on g.id = t.app_grant
    where t.hash = ${hashOf(token)}`);
  if (!row) return;
  if (row.app !== client) throw new OAuthError('invalid_grant', 'the token was issued to another client');
  if (row.kind === 'refresh') await endGrant(db, row.app_grant, 'app');
  else await db.query(sql`delete from auth.app_token where hash = ${hashOf(token)}`);
}
