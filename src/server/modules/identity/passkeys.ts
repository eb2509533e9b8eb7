import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Caller, SignInNote } from '../../platform/http/caller.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { confirmIdentity } from './confirm.ts';
import { type From, headersFor } from './deps.ts';
import { refuseLastFactor } from './factors.ts';
import type { Identity } from './identity.ts';
import type { Json } from './library.ts';
import { finish, type Outcome, refused } from './sign-in.ts';
import { countAttempt } from './throttle.ts';

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
}

export async function listPasskeys(on: Queryable, account: string): Promise<Passkey[]> {
  const rows = await on.query<{ id: string; name: string | null; created: Date | null; used: Date | null }>(sql`
    select id, name, "createdAt" as created, last_used_at as used from auth.passkey
    where "userId" = ${account} order by "createdAt"`);
  return rows.map(({ id, name, created, used }) => ({
    id,
    name: name ?? '',
    createdAt: (created ?? new Date(0)).toISOString(),
    lastUsedAt: used?.toISOString() ?? null,
  }));
}

/** What the browser is asked to make; the challenge is in a cookie and good for five minutes. */
export async function passkeyCreation(
  identity: Identity,
  caller: Caller,
  password: string | undefined,
  from: From,
): Promise<{ options: Json; cookies: string[] }> {
  await confirmIdentity(identity.db, caller, password);
  const engine = await identity.engine();
  const headers = headersFor(from, identity.cookieNames.session);
  const { response, cookies } = await engine.ask((api) =>
    api.generatePasskeyRegistrationOptions({ query: {}, headers, returnHeaders: true }),
  );
  return { options: response, cookies };
}

export async function addPasskey(
  identity: Identity,
  caller: Caller,
  { name, response }: { name: string; response: Json },
  from: From,
): Promise<{ id: string }> {
  if (caller.via !== 'session') throw new AppError('session-needed');
  const { cookieNames } = identity;
  const engine = await identity.engine();
  const headers = headersFor(from, cookieNames.session, cookieNames.passkey);
  const made = await engine
    .ask((api) => api.verifyPasskeyRegistration({ body: { response, name }, headers, returnHeaders: true }))
    .catch(passkeyFailed);
  identity.forget();
  return { id: made.response.id };
}

export async function renamePasskey(on: Queryable, account: string, id: string, name: string): Promise<void> {
  const rows = await on.query(sql`update auth.passkey set name = ${name}
    where id::text = ${id} and "userId" = ${account} returning id`);
  if (rows.length === 0) throw new AppError('not-found');
}

export async function removePasskey(
  identity: Identity,
  caller: Caller,
  id: string,
  password: string | undefined,
): Promise<void> {
  await confirmIdentity(identity.db, caller, password);
  await refuseLastFactor(identity, caller, id);
  const rows = await identity.db.query(sql`delete from auth.passkey
    where id::text = ${id} and "userId" = ${caller.account.id} returning id`);
  if (rows.length === 0) throw new AppError('not-found');
  identity.forget();
}

/** A challenge for whoever signs in: the browser offers the passkeys that it has for this site. */
export async function passkeyRequest(identity: Identity, from: From): Promise<{ options: Json; cookies: string[] }> {
  await countAttempt(identity.db, [{ by: ['passkey', 'address', from.address], most: 300, seconds: 900 }]);
  const engine = await identity.engine();
  const { response, cookies } = await engine.ask((api) =>
    api.generatePasskeyAuthenticationOptions({ headers: headersFor(from), returnHeaders: true }),
  );
  return { options: { ...response, userVerification: 'required' }, cookies };
}

export async function signInByPasskey(
  identity: Identity,
  response: Json,
  from: From,
  note: SignInNote,
): Promise<Outcome> {
  const { db, cookieNames } = identity;
  const id = typeof response.id === 'string' ? response.id : '';
  const [owner] = await db.query<{ account: string }>(
    sql`select "userId" as account from auth.passkey where "credentialID" = ${id}`,
  );
  note.account = owner?.account;
  const engine = await identity.engine();
  const headers = headersFor(from, cookieNames.passkey);
  const { cookies } = await engine
    .ask((api) => api.verifyPasskeyAuthentication({ body: { response }, headers, returnHeaders: true }))
    .catch(refused('passkey-failed'));
  const opened = await finish(identity, cookies, 'passkey', from, note);
  await db.query(sql`update auth.passkey set last_used_at = now() where "credentialID" = ${id}`);
  return opened;
}

/** The library calls an answer that can't be read a failure of its own. */
function passkeyFailed(error: unknown): never {
  if ((error as { name?: string }).name !== 'APIError') throw error;
  throw new AppError('passkey-failed', {}, { cause: error });
}
