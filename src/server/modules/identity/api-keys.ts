import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { hashApiKey, makeApiKey } from './credentials.ts';

export interface ApiKey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
}

export async function listApiKeys(db: Db, account: string): Promise<ApiKey[]> {
  const rows = await db.query<{ id: string; name: string; created_at: Date; last_used_at: Date | null }>(
    sql`select id, name, created_at, last_used_at from auth.api_key where account = ${account} order by id`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}

/** The key is in the answer and nowhere else; we keep its hash. */
export async function createApiKey(db: Db, account: string, name: string): Promise<{ id: string; key: string }> {
  const id = uuid();
  const key = makeApiKey();
  await db.query(
    sql`insert into auth.api_key (id, account, name, hash) values (${id}, ${account}, ${name}, ${hashApiKey(key)})`,
  );
  return { id, key };
}

export async function deleteApiKey(db: Db, account: string, id: string): Promise<void> {
  const rows = await db.query(
    sql`delete from auth.api_key where id::text = ${id} and account = ${account} returning id`,
  );
  if (rows.length === 0) throw new AppError('not-found');
}
