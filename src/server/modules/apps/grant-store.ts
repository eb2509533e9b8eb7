import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import type { Asked } from './authorize.ts';
import { hashOf, makeAccessToken, makeCode, makeRefreshToken } from './secrets.ts';

/** RFC 6749 §4.1.2 recommends ten minutes at most; a redirect takes a second. */
const CODE_SECONDS = 60;
export const ACCESS_SECONDS = 3600;
/** A connection that is not used for so long ends by itself … */
const REFRESH_DAYS = 30;
/** … and every one after so long: then the person is asked again. */
const GRANT_DAYS = 365;

type Ending = 'person' | 'administrator' | 'app' | 'replayed-code' | 'reused-token';

/** Writes down that a person said yes. Returns the code for the app. */
export async function consent(
  db: Db,
  account: string,
  { client, scopes, redirectUri, challenge }: Asked,
): Promise<string> {
  const code = makeCode();
  await db.tx(async (tx) => {
    const grant = await openGrant(tx, { app: client.id, account, kind: 'consent', scopes });
    await tx.query(sql`
      insert into auth.app_code (hash, app_grant, redirect_uri, challenge, expires_at)
      values (${hashOf(code)}, ${grant}, ${redirectUri}, ${challenge}, now() + make_interval(secs => ${CODE_SECONDS}))`);
  });
  return code;
}

export async function openGrant(
  tx: Tx,
  grant: { app: string; account: string; kind: 'consent' | 'own'; scopes: string[] },
): Promise<string> {
  const id = uuid();
  await tx.query(sql`
    insert into auth.app_grant (id, app, account, kind, scopes, ends_at)
    values (${id}, ${grant.app}, ${grant.account}, ${grant.kind}, ${grant.scopes}, now() + make_interval(days => ${GRANT_DAYS}))`);
  return id;
}

/** All codes and tokens of a grant end with it. */
export async function endGrant(on: Queryable, id: string, by: Ending): Promise<void> {
  await on.query(
    sql`update auth.app_grant set ended_at = now(), ended_by = ${by} where id = ${id} and ended_at is null`,
  );
}

export interface Issued {
  accessToken: string;
  refreshToken: string | null;
  scopes: string[];
}

/** `scopes` are those of the access token; a refresh token keeps those of the grant. */
export async function issueTokens(
  tx: Tx,
  grant: string,
  scopes: string[],
  refreshable: { scopes: string[] } | null,
): Promise<Issued> {
  const accessToken = makeAccessToken();
  await tx.query(sql`
    insert into auth.app_token (hash, app_grant, kind, scopes, expires_at)
    values (${hashOf(accessToken)}, ${grant}, 'access', ${scopes}, now() + make_interval(secs => ${ACCESS_SECONDS}))`);
  if (!refreshable) return { accessToken, refreshToken: null, scopes };
  const refreshToken = makeRefreshToken();
  await tx.query(sql`
    insert into auth.app_token (hash, app_grant, kind, scopes, expires_at)
    values (${hashOf(refreshToken)}, ${grant}, 'refresh', ${refreshable.scopes}, now() + make_interval(days => ${REFRESH_DAYS}))`);
  return { accessToken, refreshToken, scopes };
}

export interface Connection {
  app: string;
  name: string;
  about: string;
  homeUrl: string | null;
  scopes: string[];
  since: string;
  lastUsedAt: string | null;
}

interface ConnectionRow extends Record<string, unknown> {
  app: string;
  name: string;
  about: string;
  home_url: string | null;
  scopes: string[];
  since: Date;
  last_used_at: Date | null;
}

/** Apps that can act for a person now: with a token that works or can be refreshed. */
export async function connections(on: Queryable, account: string): Promise<Connection[]> {
  const rows = await on.query<ConnectionRow>(sql`
    select a.id as app, a.name, a.about, a.home_url, min(g.created_at) as since, max(g.last_used_at) as last_used_at,
      (select array_agg(distinct scope order by scope) from auth.app_grant o, unnest(o.scopes) scope
        where o.id = any(array_agg(g.id))) as scopes
    from auth.app_grant g join auth.app a on a.id = g.app
    where g.account = ${account} and g.kind = 'consent' and g.ended_at is null and g.ends_at > now() and not a.disabled
      and exists (select from auth.app_token t where t.app_grant = g.id and t.used_at is null and t.expires_at > now())
    group by a.id order by a.name`);
  return rows.map((row) => ({
    app: row.app,
    name: row.name,
    about: row.about,
    homeUrl: row.home_url,
    scopes: row.scopes,
    since: row.since.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}

export async function disconnect(on: Queryable, account: string, app: string): Promise<void> {
  const rows = await on.query(sql`
    update auth.app_grant set ended_at = now(), ended_by = 'person'
    where account = ${account} and app = ${app} and kind = 'consent' and ended_at is null returning id`);
  if (rows.length === 0) throw new AppError('not-found');
}
