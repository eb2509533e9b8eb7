import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { appSchema } from '../../../contract/apps.ts';
import { AppError } from '../../../contract/errors.ts';
import { parseScope } from '../../../domain/access/scope.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { isRedirectUri } from './redirect-uri.ts';
import { hashOf, makeSecret } from './secrets.ts';

export type RegisteredApp = z.output<typeof appSchema>;

/** What the protocol needs of an app. */
export interface Client extends Record<string, unknown> {
  id: string;
  name: string;
  about: string;
  home_url: string | null;
  redirect_uris: string[];
  secret: Buffer | null;
  scopes: string[];
  account: string | null;
}

export interface AppInput {
  name: string;
  about?: string | undefined;
  homeUrl?: string | null | undefined;
  redirectUris: string[];
  scopes: string[];
  account: string | null;
  perMinute: number;
}

interface AppRow extends Record<string, unknown> {
  id: string;
  name: string;
  about: string;
  home_url: string | null;
  redirect_uris: string[];
  scopes: string[];
  account: string | null;
  per_minute: number;
  confidential: boolean;
  secret_made_at: Date | null;
  disabled: boolean;
  created_at: Date;
  people: number;
  last_used_at: Date | null;
}

export async function listApps(on: Queryable): Promise<RegisteredApp[]> {
  const rows = await on.query<AppRow>(sql`
    select a.id, a.name, a.about, a.home_url, a.redirect_uris, a.scopes, a.account, a.per_minute, a.disabled, a.created_at,
      a.secret is not null as confidential, a.secret_made_at,
      (select count(distinct g.account)::int from auth.app_grant g where g.app = a.id and g.kind = 'consent'
        and g.ended_at is null and g.ends_at > now()) as people,
      (select max(g.last_used_at) from auth.app_grant g where g.app = a.id) as last_used_at
    from auth.app a order by a.id`);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    about: row.about,
    homeUrl: row.home_url,
    redirectUris: row.redirect_uris,
    scopes: row.scopes,
    account: row.account,
    perMinute: row.per_minute,
    confidential: row.confidential,
    secretMadeAt: row.secret_made_at?.toISOString() ?? null,
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
    people: row.people,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}

/** An app that may be used now. */
export async function findClient(on: Queryable, id: string): Promise<Client | undefined> {
  const [found] = await on.query<Client>(sql`
    select id, name, about, home_url, redirect_uris, secret, scopes, account from auth.app
    where id::text = ${id} and not disabled`);
  return found;
}

/** The secret is in the answer and nowhere else. */
export async function registerApp(
  db: Db,
  by: string,
  input: AppInput & { confidential: boolean },
): Promise<{ id: string; secret: string | null }> {
  check(input);
  const id = uuid();
  const secret = input.confidential ? makeSecret() : null;
  await db.query(sql`
    insert into auth.app (id, name, about, home_url, redirect_uris, secret, secret_made_at, scopes, account, per_minute, created_by)
    values (${id}, ${input.name}, ${input.about ?? ''}, ${input.homeUrl ?? null}, ${input.redirectUris},
      ${secret && hashOf(secret)}, ${secret === null ? null : new Date()}, ${input.scopes}, ${input.account}, ${input.perMinute}, ${by})`);
  return { id, secret };
}

export type AppChange = { [K in keyof AppInput]?: AppInput[K] | undefined } & { disabled?: boolean | undefined };

export function updateApp(db: Db, id: string, change: AppChange): Promise<void> {
  return db.tx(async (tx) => {
    const [before] = await tx.query<AppRow>(sql`
      select *, secret is not null as confidential from auth.app where id = ${id} for update`);
    if (!before) throw new AppError('not-found');
    const given = <T>(value: T | undefined, kept: T): T => (value === undefined ? kept : value);
    const after = {
      name: given(change.name, before.name),
      about: given(change.about, before.about),
      homeUrl: given(change.homeUrl, before.home_url),
      redirectUris: given(change.redirectUris, before.redirect_uris),
      scopes: given(change.scopes, before.scopes),
      account: given(change.account, before.account),
      perMinute: given(change.perMinute, before.per_minute),
      confidential: before.confidential,
    };
    check(after);
    await tx.query(sql`
      update auth.app set name = ${after.name}, about = ${after.about}, home_url = ${after.homeUrl},
        redirect_uris = ${after.redirectUris}, scopes = ${after.scopes}, account = ${after.account},
        per_minute = ${after.perMinute}, disabled = ${given(change.disabled, before.disabled)} where id = ${id}`);
  });
}

/** The old secret ends at once. */
export async function renewSecret(db: Db, id: string): Promise<string> {
  const secret = makeSecret();
  const rows = await db.query(sql`
    update auth.app set secret = ${hashOf(secret)}, secret_made_at = now() where id = ${id} and secret is not null returning id`);
  if (rows.length === 0) throw new AppError('not-found');
  return secret;
}

export async function removeApp(db: Db, id: string): Promise<void> {
  const rows = await db.query(sql`delete from auth.app where id = ${id} returning id`);
  if (rows.length === 0) throw new AppError('not-found');
}

function check({ redirectUris, scopes, account, confidential }: AppInput & { confidential: boolean }): void {
  for (const uri of redirectUris) if (!isRedirectUri(uri)) throw new AppError('redirect-invalid', { uri });
  for (const scope of scopes) if (!parseScope(scope)) throw new AppError('scope-invalid', { scope });
  if (redirectUris.length === 0 && account === null) throw new AppError('app-no-way');
  // Whoever acts without a person must be able to prove who it is.
  if (account !== null && !confidential) throw new AppError('app-no-secret');
}
