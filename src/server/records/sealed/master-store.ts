import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { MasterKeys } from '../../platform/master-keys.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';

/** A master key as the database knows it. */
export interface MasterRow {
  id: string;
  since: Date;
  state: 'current' | 'leaving' | 'left';
  left_at: Date | null;
  [column: string]: unknown;
}

export async function listMasters(on: Queryable): Promise<MasterRow[]> {
  return on.query<MasterRow>(sql`select id, since, state, left_at from xianke_keys.master_key order by since desc, id`);
}

/** One process at a time decides which master key is current. */
export async function lockMasters(tx: Tx): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('xianke master keys', 0))`);
}

/** The key that new data keys are wrapped with, as a row; it stays so until the transaction ends. */
export const holdCurrent = (id: string): Sql =>
  sql`select id from xianke_keys.master_key where id = ${id} and state = 'current' for share`;

async function current(on: Queryable): Promise<string | undefined> {
  const [row] = await on.query<{ id: string }>(sql`select id from xianke_keys.master_key where state = 'current'`);
  return row?.id;
}

/**
 * Id of the master key that wraps what is new. The first one is taken up at first need: one that was given, or one that is made. Later none is
 * ever made here: where the database knows a key that is not at hand, something was lost, and a new key would only hide that.
 */
export async function currentMaster(db: Db, masters: MasterKeys): Promise<string> {
  const known = await current(db);
  if (known !== undefined) return known;
  return db.tx(async (tx) => {
    await lockMasters(tx);
    const meanwhile = await current(tx);
    if (meanwhile !== undefined) return meanwhile;
    const [newest] = await masters.ids();
    const id = newest ?? (await masters.make());
    await tx.query(sql`insert into xianke_keys.master_key (id, since, state) values (${id}, now(), 'current')
      on conflict (id) do update set state = 'current', left_at = null`);
    return id;
  });
}

/** Ids of master keys that something is wrapped with and that are not at hand. */
export async function missingMasters(on: Queryable, masters: MasterKeys): Promise<string[]> {
  const known = (await listMasters(on)).filter(({ state }) => state !== 'left').map(({ id }) => id);
  if (known.length === 0) return [];
  const here: readonly string[] = await masters.ids().catch((error: unknown): readonly string[] => {
    if (error instanceof AppError) return [];
    throw error;
  });
  return known.filter((id) => !here.includes(id));
}
