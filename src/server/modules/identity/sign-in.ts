import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type Account, findAccount, standardEmail } from './accounts.ts';
import type { Engine } from './engine.ts';
import { countAttempt } from './throttle.ts';

export interface SignedIn {
  account: Account;
  /** Set-Cookie headers. */
  cookies: string[];
}

/** Checks a password and opens a session. The answer does not tell an unknown address from a wrong password. */
export async function signIn(
  db: Db,
  engine: Engine,
  credentials: { email: string; password: string },
  from: { address: string; userAgent: string },
): Promise<SignedIn> {
  const email = standardEmail(credentials.email);
  const forget = await countAttempt(db, email, from.address);
  const headers = new Headers({ 'user-agent': from.userAgent, 'x-forwarded-for': from.address });
  const { userId, cookies } = await engine.signIn(email, credentials.password, headers).catch((error: unknown) => {
    if (isRefusal(error)) throw new AppError('sign-in-failed', {}, { cause: error });
    throw error;
  });
  await forget();
  await db.query(sql`delete from auth.session where "expiresAt" < now()`);
  const account = await findAccount(db, userId);
  if (account.disabled) {
    await db.query(sql`delete from auth.session where "userId" = ${userId}`);
    throw new AppError('account-disabled');
  }
  return { account, cookies };
}

/** better-auth's APIError with a status below 500: the password is wrong, or the address is not one. */
function isRefusal(error: unknown): boolean {
  const { name, statusCode } = error as { name?: string; statusCode?: number };
  return name === 'APIError' && statusCode !== undefined && statusCode < 500;
}
