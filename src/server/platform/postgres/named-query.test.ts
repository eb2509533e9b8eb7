import sql from 'sql-template-tag';
import { beforeAll, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Db } from './db.ts';
import { queryHot } from './query-hot.ts';

let db: Db;
beforeAll(async () => {
  db = await testDb();
  await db.query(sql`create table thing (id int primary key, name text, at timestamptz, tags text[], more jsonb)`);
  await db.query(
    sql`insert into thing values (1, '甲', '2026-11-22 01:02:03.5+00', '{a,NULL}', '{"x": [1]}'), (2, null, null, null, null)`,
  );
});

const list = sql`select * from thing order by id`;
const one = { id: 1, name: '甲', at: new Date('2026-11-22T01:02:03.500Z'), tags: ['a', null], more: { x: [1] } };
const none = { id: 2, name: null, at: null, tags: null, more: null };

it('gives the same rows each time, described or not', async () => {
  await db.tx(async (tx) => {
    for (let run = 0; run < 3; run++) expect(await tx.query(list, 'things')).toEqual([one, none]);
    expect(await tx.query(sql`select id from thing where id > 5`, 'no-things')).toEqual([]);
    expect(await tx.query(sql`update thing set name = name where id = 5`, 'nothing')).toEqual([]);
  });
});

it('says what is wrong with a statement, and the connection goes on', async () => {
  const wrong = sql`select 1 / (id - 1) as share from thing where id = ${1}`;
  for (let run = 0; run < 3; run++)
    await expect(db.query(wrong, 'division')).rejects.toMatchObject({ code: '22012', message: 'division by zero' });
  expect(await db.query(list, 'things')).toHaveLength(2);
});

it('tells rows of many statements at once apart', async () => {
  const asked = Array.from({ length: 200 }, (_, place) =>
    db.query<{ n: number }>(sql`select ${place}::int as n, repeat('x', ${place}::int) as filling`, 'echo'),
  );
  expect((await Promise.all(asked)).map(([row]) => row?.n)).toEqual(Array.from({ length: 200 }, (_, place) => place));
});

it('goes on when a table that is asked for often gets another column', async () => {
  await db.query(sql`create table growing (id int)`);
  await db.query(sql`insert into growing values (1)`);
  const all = sql`select * from growing`;
  for (let run = 0; run < 40; run++) await queryHot(db, all);
  await db.query(sql`alter table growing add more text default 'new'`);
  for (let run = 0; run < 40; run++) expect(await queryHot(db, all)).toEqual([{ id: 1, more: 'new' }]);
});
