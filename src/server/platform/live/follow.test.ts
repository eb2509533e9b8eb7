import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { LiveEvent } from '../../../contract/events.ts';
import { silentLog } from '../log.ts';
import { migrateWorkspace } from '../postgres/migrate.ts';
import { eventsOf, follow } from './follow.ts';
import { createHub } from './hub.ts';

const db = await testDb();
await migrateWorkspace(db, 'w_main');
const insert = (id: string) => sql`insert into w_main.change_set (id, at, actor, source, summary)
  values (${id}, now(), 'user:1', 'page', '{"counts": {"customer": {"created": 1}}}')`;

it('tells each change set once, whatever the order in which transactions commit', async () => {
  const hub = createHub();
  const stop = follow(db, hub, silentLog, () => 'w_main');
  const heard: string[] = [];
  const listen = (event: LiveEvent) => void (event.type === 'changed' && heard.push(event.changeSet));
  await db.query(insert(uuid()));
  const unsubscribe = hub.subscribe('main', listen);
  await delay(100);

  const ids = Array.from({ length: 40 }, () => uuid());
  const slow = uuid();
  // A transaction that began first and commits last must not be lost behind those that overtake it.
  await db.tx(async (tx) => {
    await tx.query(insert(slow));
    await Promise.all(ids.map((id) => db.query(insert(id))));
    await delay(700);
  });
  while (heard.length < 41) await delay(20);
  expect([...heard].sort()).toEqual([...ids, slow].sort());

  unsubscribe();
  await stop();
  expect(heard).toHaveLength(41);
});

it('names the records of small sets and only the object of large ones', () => {
  const set = (count: number) => ({
    id: 's',
    actor: 'user:1',
    summary: {
      counts: { customer: { updated: count } },
      records: Array.from(
        { length: count },
        (_, i) => ['customer', `r${i}`, ['name'], 2] as [string, string, string[], number],
      ),
    },
  });
  expect(eventsOf(set(2))).toEqual([
    { type: 'changed', changeSet: 's', object: 'customer', ids: ['r0', 'r1'], fields: ['name'], actor: 'user:1' },
  ]);
  expect(eventsOf(set(500))).toMatchObject([{ object: 'customer', ids: null, fields: null }]);
});
