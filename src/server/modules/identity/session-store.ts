import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { IDLE_DAYS } from './engine.ts';

export type Way = 'password' | 'totp' | 'recovery' | 'passkey' | 'sso';

/** A browser that is signed in. Its token stays where it is. */
export interface Device {
  id: string;
  createdAt: string;
  seenAt: string;
  address: string | null;
  agent: string | null;
  way: Way | null;
}

export async function listDevices(on: Queryable, account: string): Promise<Device[]> {
  const rows = await on.query<{
    id: string;
    created: Date;
    seen: Date;
    address: string | null;
    agent: string | null;
    way: Way | null;
  }>(sql`
    select id, "createdAt" as created, coalesce(seen_at, "createdAt") as seen, "ipAddress" as address, "userAgent" as agent, way
    from auth.session where "userId" = ${account} and "expiresAt" > now()
      and coalesce(seen_at, "createdAt") > now() - make_interval(days => ${IDLE_DAYS})
    order by coalesce(seen_at, "createdAt") desc`);
  return rows.map(({ created, seen, ...row }) => ({
    ...row,
    createdAt: created.toISOString(),
    seenAt: seen.toISOString(),
  }));
}

export async function endDevice(on: Queryable, account: string, id: string): Promise<void> {
  const rows = await on.query(
    sql`delete from auth.session where id::text = ${id} and "userId" = ${account} returning id`,
  );
  if (rows.length === 0) throw new AppError('not-found');
}

/** @param but the session that stays, or none. @returns how many ended */
export async function endDevices(on: Queryable, account: string, but?: string): Promise<number> {
  const rows = await on.query(sql`delete from auth.session
    where "userId" = ${account} and id::text is distinct from ${but ?? null} returning id`);
  return rows.length;
}
