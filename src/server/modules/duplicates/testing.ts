import { setTimeout } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';

/** Runs a reader of the outbox until it has seen everything: it waits for transactions of the whole server, those of other test files too. */
export async function caughtUp(db: Db, consumer: string, run: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < 500; round++) {
    await run();
    const [rest] = await db.query<{ n: number }>(sql`
      select count(*)::int as n from w_main.change_set c join w_main.outbox_cursor o on o.consumer = ${consumer}
      where c.status <> 'running' and (c.txid > o.txid or (c.txid = o.txid and c.id > o.change_set))`);
    if (rest?.n === 0) return;
    await setTimeout(20);
  }
  throw new Error(`${consumer} never caught up`);
}
