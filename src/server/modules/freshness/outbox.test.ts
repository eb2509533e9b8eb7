import sql from 'sql-template-tag';
import { beforeAll, expect, it } from 'vitest';
import { settled, testDb } from '../../../../test/support/database.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { migrateWorkspace } from '../../platform/postgres/migrate.ts';
import { outboxWaits, placeAfter, readOutbox } from './outbox.ts';

let db: Db;
beforeAll(async () => {
  db = await testDb();
  await migrateWorkspace(db, 'w_main');
});

/** A set as if committed by this transaction. */
const commit = (txid: number, name: string) =>
  db.query(sql`insert into w_main.change_set (id, txid, at, actor, source, kind, reason, status)
    values (gen_random_uuid(), ${String(txid)}::xid8, now(), 'user:wang', 'page', 'edit', ${name}, 'done')`);

async function read(most: number): Promise<string[]> {
  let names: string[] = [];
  await readOutbox(db, 'main', 'test', async ({ sets }) => {
    const taken = sets.slice(0, most);
    names = taken.map(({ reason }) => reason ?? '');
    const last = taken.at(-1);
    return last ? placeAfter(last) : null;
  });
  return names;
}

it('gives each set once, in the order of transactions, where their numbers get another digit too', async () => {
  // Numbers that this server has long passed.
  for (const txid of [9, 10, 98, 99, 100, 101]) await commit(txid, `t${txid}`);
  await settled(db);
  expect(await read(1)).toEqual(['t9']);
  expect(await read(2)).toEqual(['t10', 't98']);
  expect(await read(2)).toEqual(['t99', 't100']);
  expect(await outboxWaits(db, 'main', 'test')).toBe(true);
  expect(await read(9)).toEqual(['t101']);
  expect(await read(9)).toEqual([]);
  expect(await outboxWaits(db, 'main', 'test')).toBe(false);
});
