import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Links that open nothing, per address and quarter of an hour. People mistype a link once or twice; 16 random bytes are not guessed in 20 tries. */
const MOST = 20;
const WINDOW_SECONDS = 15 * 60;

/** How long an address must wait, in seconds; 0 when it may go on. In the database, so that several servers count as one. */
export async function blockedFor(db: Db, workspace: string, address: Buffer, now: Date): Promise<number> {
  const [row] = await db.query<{ count: number; since: Date }>(
    sql`select count, since from ${tableOf(workspace, 'ask_miss')} where address = ${address}`,
  );
  if (!row || row.count < MOST) return 0;
  return Math.max(0, Math.ceil((row.since.getTime() - now.getTime()) / 1000) + WINDOW_SECONDS);
}

export async function countMiss(db: Db, workspace: string, address: Buffer, now: Date): Promise<void> {
  const window = sql`${now}::timestamptz - make_interval(secs => ${WINDOW_SECONDS})`;
  await db.query(sql`
    insert into ${tableOf(workspace, 'ask_miss')} as m (address, count, since) values (${address}, 1, ${now})
    on conflict (address) do update set
      count = case when m.since < ${window} then 1 else m.count + 1 end,
      since = case when m.since < ${window} then excluded.since else m.since end`);
}

/** Old rows serve nobody. */
export async function forgetMisses(db: Db, workspace: string, now: Date): Promise<void> {
  await db.query(
    sql`delete from ${tableOf(workspace, 'ask_miss')} where since < ${now}::timestamptz - make_interval(secs => ${WINDOW_SECONDS})`,
  );
}
