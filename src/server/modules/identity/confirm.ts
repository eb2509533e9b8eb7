import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { countAttempt } from './throttle.ts';

const FRESH_MINUTES = 15;

export async function passwordHash(on: Queryable, account: string): Promise<string | null> {
  const [row] = await on.query<{ password: string | null }>(sql`select password from auth.account
    where "userId" = ${account} and "providerId" = 'credential'`);
  return row?.password ?? null;
}

/**
 * Before how one signs in is changed, one shows anew who one is (ASVS 5.0 7.5.1): by the password, or, who has none, by having signed in a moment ago.
 * A key of a program never may.
 */
export async function confirmIdentity(db: Db, caller: Caller, password: string | undefined): Promise<void> {
  if (caller.via !== 'session') throw new AppError('session-needed');
  const hash = await passwordHash(db, caller.account.id);
  if (hash === null) {
    const fresh = await db.query(sql`select 1 from auth.session where id::text = ${caller.credential}
      and "createdAt" > now() - make_interval(mins => ${FRESH_MINUTES})`);
    if (fresh.length === 0) throw new AppError('sign-in-again', { minutes: FRESH_MINUTES });
    return;
  }
  const forget = await countAttempt(db, [{ by: ['confirm', 'both', caller.account.id], most: 10, seconds: 900 }]);
  const { verifyPassword } = await import('better-auth/crypto');
  if (!password || !(await verifyPassword({ hash, password }))) throw new AppError('password-wrong');
  await forget();
}
