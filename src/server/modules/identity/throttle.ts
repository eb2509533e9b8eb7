import { createHash } from 'node:crypto';
import sql, { join } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';

const WINDOW_SECONDS = 15 * 60;

/** Attempts allowed per window. The wide ones stop guessing over many accounts, or from many addresses. */
const LIMITS = { both: 10, address: 100, account: 100 } as const;

const scope = (kind: keyof typeof LIMITS, ...parts: string[]) =>
  createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest();

/**
 * Counts an attempt to sign in before the password is checked, in PostgreSQL, so that parallel guesses and several
 * servers share one count. Throws sign-in-blocked over the limit. Returns what a success calls to be forgotten.
 */
export async function countAttempt(db: Db, email: string, address: string): Promise<() => Promise<void>> {
  const scopes = [
    { id: scope('both', email, address), limit: LIMITS.both },
    { id: scope('address', address), limit: LIMITS.address },
    { id: scope('account', email), limit: LIMITS.account },
  ].sort((a, b) => Buffer.compare(a.id, b.id));
  const window = sql`make_interval(secs => ${WINDOW_SECONDS})`;
  const rows = await db.query<{ scope: Buffer; count: number; seconds: number }>(sql`
    insert into auth.attempt as a (scope, count, since)
    values ${join(scopes.map(({ id }) => sql`(${id}, 1, now())`))}
    on conflict (scope) do update set
      count = case when a.since < now() - ${window} then 1 else a.count + 1 end,
      since = case when a.since < now() - ${window} then now() else a.since end
    returning scope, count, ceil(extract(epoch from since + ${window} - now()))::int as seconds`);
  for (const row of rows) {
    const limit = scopes.find(({ id }) => id.equals(row.scope))?.limit ?? 0;
    if (row.count > limit) throw new AppError('sign-in-blocked', { seconds: Math.max(1, row.seconds) });
  }
  return async () => {
    await db.query(sql`delete from auth.attempt where scope = ${scope('both', email, address)}`);
    await db.query(sql`update auth.attempt set count = count - 1
      where scope in (${scope('address', address)}, ${scope('account', email)})`);
    await db.query(sql`delete from auth.attempt where since < now() - ${window}`);
  };
}
