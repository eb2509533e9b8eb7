import { createHash } from 'node:crypto';
import sql, { join } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';

/** One thing attempts are counted by: so many in so many seconds. */
export interface Limit {
  /** Kind first, then what it is about. Only its hash is kept. */
  by: readonly string[];
  most: number;
  seconds: number;
}

export interface Attempt {
  kind: 'password' | 'code';
  /** Mail address as it is compared, of an account or not. */
  email: string;
  address: string;
  /** From device-cookie.ts; undefined: a browser in which the account never signed in. */
  device: string | undefined;
}

const QUARTER = 15 * 60;
const DAY = 24 * 3600;

/**
 * What an attempt to sign in is counted by. A known browser has a count of its own, which nobody else can use up. All others share those of the account,
 * so that guessing from a thousand addresses gets no more tries than from a few (NIST SP 800-63B-4 §3.2.2 allows 100 in a row).
 */
export function limitsOf({ kind, email, address, device }: Attempt): Limit[] {
  if (device !== undefined)
    return [
      { by: [kind, 'device', device, email], most: 10, seconds: QUARTER },
      { by: [kind, 'device-day', device, email], most: 60, seconds: DAY },
    ];
  const code = kind === 'code';
  return [
    { by: [kind, 'both', email, address], most: 10, seconds: QUARTER },
    { by: [kind, 'address', address], most: 100, seconds: QUARTER },
    { by: [kind, 'account', email], most: code ? 20 : 50, seconds: QUARTER },
    { by: [kind, 'account-day', email], most: code ? 60 : 200, seconds: DAY },
  ];
}

const scopeOf = ({ by }: Limit): Buffer => createHash('sha256').update(JSON.stringify(by)).digest();

/**
 * Counts an attempt before what was given is looked at, in PostgreSQL, so that parallel guesses and several servers share one count. Throws
 * sign-in-blocked over a limit. Returns what a success calls: it takes back what this attempt added and no other's.
 */
export async function countAttempt(db: Db, limits: readonly Limit[]): Promise<() => Promise<void>> {
  // In order, so that two attempts never wait for each other.
  const scopes = limits.map((limit) => ({ id: scopeOf(limit), ...limit })).sort((a, b) => Buffer.compare(a.id, b.id));
  const window = sql`make_interval(secs => a.seconds)`;
  const rows = await db.query<{ scope: Buffer; count: number; seconds: number }>(sql`
    insert into auth.attempt as a (scope, count, since, seconds)
    values ${join(scopes.map(({ id, seconds }) => sql`(${id}, 1, now(), ${seconds})`))}
    on conflict (scope) do update set
      count = case when a.since < now() - ${window} then 1 else a.count + 1 end,
      since = case when a.since < now() - ${window} then now() else a.since end
    returning scope, count, ceil(extract(epoch from since + make_interval(secs => seconds) - now()))::int as seconds`);
  const over = rows.filter((row) => row.count > (scopes.find(({ id }) => id.equals(row.scope))?.most ?? 0));
  if (over.length > 0)
    throw new AppError('sign-in-blocked', { seconds: Math.max(1, ...over.map(({ seconds }) => seconds)) });
  return async () => {
    const own = scopes.filter(({ by }) => by[1] === 'both' || by[1] === 'device').map(({ id }) => id);
    const shared = scopes.filter(({ by }) => by[1] !== 'both' && by[1] !== 'device').map(({ id }) => id);
    await db.query(sql`delete from auth.attempt where scope = any(${own}::bytea[])
      or since < now() - make_interval(secs => seconds)`);
    await db.query(sql`update auth.attempt set count = count - 1 where scope = any(${shared}::bytea[])`);
  };
}
