import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import { parseScope } from '../../../domain/access/scope.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { hashApiKey, makeApiKey } from './credentials.ts';

export interface ApiKey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
  /** null: all that the person may. */
  scopes: string[] | null;
  expiresAt: string | null;
  perMinute: number | null;
}

interface KeyRow extends Record<string, unknown> {
  id: string;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  scopes: string[] | null;
  expires_at: Date | null;
  per_minute: number | null;
}

export async function listApiKeys(db: Db, account: string): Promise<ApiKey[]> {
  const rows = await db.query<KeyRow>(
    sql`select id, name, created_at, last_used_at, scopes, expires_at, per_minute
      from auth.api_key where account = ${account} order by id`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    scopes: row.scopes,
    expiresAt: row.expires_at?.toISOString() ?? null,
    perMinute: row.per_minute,
  }));
}

export interface KeyLimits {
  /** Absent: all that the person may. */
  scopes?: string[] | undefined;
  /** Days until it ends; absent: never. */
  days?: number | undefined;
  /** Requests; absent: as many as anybody. */
  perMinute?: number | undefined;
}

/** The key is in the answer and nowhere else; we keep its hash. */
export async function createApiKey(
  db: Db,
  account: string,
  name: string,
  { scopes, days, perMinute }: KeyLimits = {},
): Promise<{ id: string; key: string }> {
  for (const scope of scopes ?? []) if (!parseScope(scope)) throw new AppError('scope-invalid', { scope });
  const id = uuid();
  const key = makeApiKey();
  await db.query(sql`
    insert into auth.api_key (id, account, name, hash, scopes, expires_at, per_minute)
    values (${id}, ${account}, ${name}, ${hashApiKey(key)}, ${scopes ?? null},
      now() + make_interval(days => ${days ?? null}::int), ${perMinute ?? null})`);
  return { id, key };
}

export async function deleteApiKey(db: Db, account: string, id: string): Promise<void> {
  const rows = await db.query(
    sql`delete from auth.api_key where id::text = ${id} and account = ${account} returning id`,
  );
  if (rows.length === 0) throw new AppError('not-found');
}
