import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { confirmIdentity } from './confirm.ts';
import { type From, headersFor } from './deps.ts';
import type { Identity } from './identity.ts';
import { type Answer, isRefusal, type LibraryApi } from './library.ts';
import { factorRoles, needsFactors } from './policy.ts';
import type { Way } from './session-store.ts';
import { refused } from './sign-in.ts';
import { claimCode } from './used-codes.ts';

export interface Changed<T> {
  answer: T;
  /** The library opens a new session for whom changes his factors, and ends the one before. */
  cookies: string[];
}

/** Begins with an authenticator app: the secret as address of a QR code, and the recovery codes. It counts once a code was given. */
export async function beginTotp(
  identity: Identity,
  caller: Caller,
  password: string | undefined,
  from: From,
): Promise<Changed<{ uri: string; codes: string[] }>> {
  await confirmIdentity(identity.db, caller, password);
  const body = { method: 'totp' as const, ...(password !== undefined && { password }) };
  const { response, cookies } = await asked(identity, from, (api, asking) =>
    api.enableTwoFactor({ body, ...asking }),
  ).catch((error: unknown) => {
    if (isRefusal(error)) throw new AppError('factor-exists', {}, { cause: error });
    throw error;
  });
  return { answer: { uri: response.totpURI, codes: response.backupCodes }, cookies };
}

/** The first code shows that the app has the secret. From now on a password alone opens nothing. */
export async function confirmTotp(identity: Identity, caller: Caller, code: string, from: From): Promise<string[]> {
  if (caller.via !== 'session') throw new AppError('session-needed');
  if (!(await claimCode(identity.db, caller.account.id, code))) throw new AppError('code-wrong');
  const way = await wayOf(identity.db, caller);
  const { cookies } = await asked(identity, from, (api, asking) => api.verifyTOTP({ body: { code }, ...asking })).catch(
    refused('code-wrong'),
  );
  await keepWay(identity, cookies, way);
  return cookies;
}

export async function removeTotp(
  identity: Identity,
  caller: Caller,
  password: string | undefined,
  from: From,
): Promise<string[]> {
  await confirmIdentity(identity.db, caller, password);
  await refuseLastFactor(identity, caller, 'totp');
  const way = await wayOf(identity.db, caller);
  const { cookies } = await asked(identity, from, (api, asking) =>
    api.disableTwoFactor({ body: password === undefined ? {} : { password }, ...asking }),
  ).catch(refused('password-wrong'));
  await keepWay(identity, cookies, way);
  return cookies;
}

/** Ten new ones; those before open nothing any more. */
export async function newRecoveryCodes(
  identity: Identity,
  caller: Caller,
  password: string | undefined,
  from: From,
): Promise<string[]> {
  await confirmIdentity(identity.db, caller, password);
  const { response } = await asked(identity, from, (api, asking) =>
    api.generateBackupCodes({ body: password === undefined ? {} : { password }, ...asking }),
  ).catch(refused('password-wrong'));
  return response.backupCodes;
}

export async function recoveryCodesLeft(identity: Identity, account: string): Promise<number> {
  const engine = await identity.engine();
  const { response } = await engine.ask(async (api) => ({
    response: await api.viewBackupCodes({ body: { userId: account } }),
    headers: new Headers(),
  }));
  return response.backupCodes.length;
}

/** Where a role asks for two factors, the last one is exchanged and not removed. */
export async function refuseLastFactor(identity: Identity, caller: Caller, removed: string): Promise<void> {
  const { db } = identity;
  const [left] = await db.query<{ found: boolean }>(sql`
    select exists (select from auth.passkey where "userId" = ${caller.account.id} and id::text <> ${removed})
      or (${removed} <> 'totp' and coalesce((select "twoFactorEnabled" from auth."user" where id = ${caller.account.id}), false))
      as found`);
  if (left?.found) return;
  if (await needsFactors(await factorRoles(db), { ...caller.account, role: caller.role }, identity.rolesOf))
    throw new AppError('factor-last');
}

/** For somebody who lost his phone: everything but the password goes, and so do the sessions. */
export async function removeFactors(tx: Tx, account: string): Promise<void> {
  await tx.query(sql`delete from auth."twoFactor" where "userId" = ${account}`);
  await tx.query(sql`delete from auth.passkey where "userId" = ${account}`);
  await tx.query(sql`update auth."user" set "twoFactorEnabled" = false, "updatedAt" = now() where id = ${account}`);
  await tx.query(sql`delete from auth.session where "userId" = ${account}`);
}

async function asked<T>(
  identity: Identity,
  from: From,
  work: (api: LibraryApi, asking: { headers: Headers; returnHeaders: true }) => Promise<Answer<T>>,
) {
  const engine = await identity.engine();
  const headers = headersFor(from, identity.cookieNames.session);
  const done = await engine.ask((api) => work(api, { headers, returnHeaders: true }));
  identity.forget();
  return done;
}

async function wayOf(db: Db, caller: Caller): Promise<Way | null> {
  const [row] = await db.query<{ way: Way | null }>(
    sql`select way from auth.session where id::text = ${caller.credential}`,
  );
  return row?.way ?? null;
}

async function keepWay(identity: Identity, cookies: string[], way: Way | null): Promise<void> {
  const token = identity.newToken(cookies);
  if (token === undefined) return;
  await identity.db.query(sql`update auth.session set way = ${way}, seen_at = now() where token = ${token}`);
}

export async function hasTotp(on: Queryable, account: string): Promise<boolean> {
  const [row] = await on.query<{ totp: boolean }>(
    sql`select coalesce("twoFactorEnabled", false) as totp from auth."user" where id = ${account}`,
  );
  return row?.totp ?? false;
}
