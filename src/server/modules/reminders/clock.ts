import sql from 'sql-template-tag';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/**
 * Up to when a rule has looked, locked until the transaction ends: what it tells and how far it has looked commit together, and a second process
 * waits and then finds nothing left. @param first where to begin the very first time
 */
export async function readClock(tx: Tx, workspace: string, name: string, first: Date): Promise<Date> {
  const table = tableOf(workspace, 'reminder_clock');
  await tx.query(sql`insert into ${table} (name, at) values (${name}, ${first}) on conflict do nothing`);
  const [row] = await tx.query<{ at: Date }>(sql`select at from ${table} where name = ${name} for update`);
  return row?.at ?? first;
}

export async function moveClock(tx: Tx, workspace: string, name: string, at: Date): Promise<void> {
  await tx.query(
    sql`update ${tableOf(workspace, 'reminder_clock')} set at = ${at} where name = ${name} and at < ${at}::timestamptz`,
  );
}
