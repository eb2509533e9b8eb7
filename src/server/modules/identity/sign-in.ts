import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { SecondFactor } from '../../../contract/session.ts';
import type { SignInNote } from '../../platform/http/caller.ts';
import { type Account, findAccount, standardEmail } from './accounts.ts';
import { type From, headersFor } from './deps.ts';
import type { Engine } from './engine.ts';
import type { Identity } from './identity.ts';
import { isRefusal } from './library.ts';
import { factorRoles, needsFactors } from './policy.ts';
import type { Way } from './session-store.ts';
import { countAttempt, limitsOf } from './throttle.ts';
import { claimCode } from './used-codes.ts';

/** Signed in, or the password was right and one of `second` is awaited. */
export interface Outcome {
  account?: Account;
  second?: SecondFactor[];
  /** Set-Cookie headers. */
  cookies: string[];
}

/** Checks a password and opens a session. The answer does not tell an unknown address from a wrong password. */
export async function signInByPassword(
  identity: Identity,
  credentials: { email: string; password: string },
  from: From,
  note: SignInNote,
): Promise<Outcome> {
  const email = standardEmail(credentials.email);
  const device = identity.devices.known(from.cookies, email, new Date());
  const forget = await countAttempt(identity.db, limitsOf({ kind: 'password', email, address: from.address, device }));
  const outcome = await openByPassword(identity, { email, password: credentials.password }, from, note);
  await forget();
  return outcome;
}

/** As above, of somebody who has just shown by other means who he is: nothing is counted. */
export async function openByPassword(
  identity: Identity,
  { email, password }: { email: string; password: string },
  from: From,
  note: SignInNote,
): Promise<Outcome> {
  const { db } = identity;
  const engine = await identity.engine();
  const { response, cookies } = await engine
    .ask((api) =>
      api.signInEmail({ body: { email, password, rememberMe: true }, headers: headersFor(from), returnHeaders: true }),
    )
    .catch(refused('sign-in-failed'));
  await db.query(sql`delete from auth.session where "expiresAt" < now()`);
  const [person] = await db.query<{ id: string; passkeys: boolean; totp: boolean }>(sql`
    select id, coalesce("twoFactorEnabled", false) as totp,
      exists (select from auth.passkey p where p."userId" = u.id) as passkeys
    from auth."user" u where email = ${email}`);
  note.account = person?.id;
  if (response.twoFactorRedirect) {
    note.waiting = true;
    return { second: ['totp', 'recovery', ...(person?.passkeys ? (['passkey'] as const) : [])], cookies };
  }
  const opened = await finish(identity, cookies, 'password', from, note);
  if (person?.passkeys && opened.account) {
    const required = await needsFactors(await factorRoles(db), opened.account, identity.rolesOf);
    if (required) {
      // A passkey is both factors at once, so there is nothing to keep of the password.
      await endSession(identity, cookies);
      note.waiting = true;
      return { second: ['passkey'], cookies: [] };
    }
  }
  return opened;
}

/** The second step: a code of the authenticator app, or one of the recovery codes. Each opens once. */
export async function signInByCode(
  identity: Identity,
  { code, kind }: { code: string; kind: 'totp' | 'recovery' },
  from: From,
  note: SignInNote,
): Promise<Outcome> {
  const { db, cookieNames, devices } = identity;
  const engine = await identity.engine();
  const challenge = identity.signedValue(from.cookies, cookieNames.challenge);
  const account = challenge && (await engine.challenged(challenge));
  if (!account) throw new AppError('code-expired');
  note.account = account;
  const { email } = await findAccount(db, account);
  const device = devices.known(from.cookies, email, new Date());
  const forget = await countAttempt(db, limitsOf({ kind: 'code', email, address: from.address, device }));
  if (kind === 'totp' && !(await claimCode(db, account, code))) throw new AppError('code-wrong');
  // Not the cookie of a session that is still open: the library would take it for somebody changing his own factors.
  const headers = headersFor(from, cookieNames.challenge);
  const { cookies } = await engine
    .ask((api) => {
      const input = { body: { code }, headers, returnHeaders: true } as const;
      return kind === 'totp' ? api.verifyTOTP(input) : api.verifyBackupCode(input);
    })
    .catch(refusedCode);
  await forget();
  return finish(identity, cookies, kind, from, note);
}

/** What the library refuses in the second step: a wrong code, or a challenge that is used up. */
function refusedCode(error: unknown): never {
  if (!isRefusal(error)) throw error;
  const { code } = (error as { body?: { code?: string } }).body ?? {};
  const over = code === 'INVALID_TWO_FACTOR_COOKIE' || code === 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE';
  throw new AppError(over ? 'code-expired' : 'code-wrong', {}, { cause: error });
}

/** Turns what the library refuses into one of our errors. */
export const refused =
  (code: 'sign-in-failed' | 'passkey-failed' | 'code-wrong' | 'password-wrong') =>
  (error: unknown): never => {
    if (isRefusal(error)) throw new AppError(code, {}, { cause: error });
    throw error;
  };

/** A session was opened: notes how, refuses who is disabled, and makes the browser a known one. */
export async function finish(
  identity: Identity,
  cookies: string[],
  way: Way,
  from: From,
  note: SignInNote,
): Promise<Outcome & { account: Account }> {
  const { db, devices } = identity;
  const token = identity.newToken(cookies);
  const [row] = await db.query<{ account: string }>(sql`update auth.session set way = ${way}, seen_at = now()
    where token = ${token ?? ''} returning "userId" as account`);
  if (!row) throw new AppError('sign-in-failed');
  note.account = row.account;
  const account = await findAccount(db, row.account);
  if (account.disabled) {
    await db.query(sql`delete from auth.session where "userId" = ${account.id}`);
    throw new AppError('account-disabled');
  }
  // A browser has one session: the one before ends (ASVS 5.0 7.2.4).
  const former = identity.signedValue(from.cookies, identity.cookieNames.session);
  if (former !== undefined && former !== token) {
    await db.query(sql`delete from auth.session where token = ${former}`);
    identity.forget();
  }
  return { account, cookies: [...cookies, devices.remember(from.cookies, account.email, new Date())] };
}

async function endSession(identity: Identity, cookies: string[]): Promise<void> {
  await identity.db.query(sql`delete from auth.session where token = ${identity.newToken(cookies) ?? ''}`);
}

/** Ends the session of this browser; gives the cookies that forget it. */
export async function signOut(identity: Identity, engine: Engine, from: From): Promise<string[]> {
  const headers = headersFor(from, identity.cookieNames.session);
  return (await engine.ask((api) => api.signOut({ headers, returnHeaders: true }))).cookies;
}
