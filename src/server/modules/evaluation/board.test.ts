import sql from 'sql-template-tag';
import { beforeAll, expect, it } from 'vitest';
import { ctxAt } from '../../../../test/support/context.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import { addDays } from '../../../domain/fields/calendar.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { evaluationRoutes, readOutcomeKinds } from './index.ts';

const TODAY = '2026-06-20';
let db: Db;
let engine: Engine;
let admin: As;
let sellers: As[];

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  evaluationRoutes(app, {
    ...engine,
    outcomes: readOutcomeKinds(),
    ctxOf: ctxAt(engine, () => new Date(`${TODAY}T02:00:00Z`)),
  });
});

beforeAll(async () => {
  admin = await server.account('admin');
  sellers = await Promise.all(Array.from({ length: 4 }, () => server.account('member')));
  // Past due of 200, 200, 200 and 600 of 1,000 values each; a tenth of what is asked for is empty.
  for (const [place, { id }] of sellers.entries())
    for (let back = 0; back < 10; back++)
      await db.query(sql`insert into w_main.figure_person (day, person, customers, missing, cells, expired, belief, error)
        values (${addDays(TODAY, -back)}::date, ${id}, 100, 100, 900, ${place === 3 ? 540 : 180}, 600, 0.02)`);
  for (let back = 0; back < 10; back++)
    await db.query(
      sql`insert into w_main.figure_day (day, at, customers, total, whole) values (${addDays(TODAY, -back)}::date, now(), 400, 400, true)`,
    );
});

const board = async (as: As, query = '') => {
  const reply = await as({ method: 'GET', url: `/api/v1/evaluation/board${query}` });
  expect(reply.statusCode).toBe(200);
  return reply.json<{ all: boolean; kept: number; lines: Record<string, unknown>[] }>();
};

const shown = (value: string, as = admin) =>
  as({ method: 'PUT', url: '/api/v1/evaluation/board', payload: { shown: value } });

const idOf = (place: number): string => sellers[place]?.id ?? '';
const seller = (place: number): As => sellers[place] as As;

it('compares people with their colleagues, for who answers for quality', async () => {
  const found = await board(admin);
  expect(found).toMatchObject({ all: true, kept: 10 });
  expect(found.lines).toHaveLength(4);
  const line = (place: number) => found.lines.find(({ person }) => person === idOf(place));
  expect(line(3)).toMatchObject({
    customers: 100,
    minutes: 30,
    complete: 0.9,
    expired: { value: 0.6 },
    standing: 'behind',
    list: 'black',
  });
  expect(line(3)?.expected).toBeCloseTo(0.2, 9);
  expect(line(0)).toMatchObject({ standing: 'as-expected', list: null, accuracy: null });
  // Days without figures are no days: too few of them, and nobody stands anywhere.
  await db.query(sql`create table w_main.kept as select * from w_main.figure_person where day < ${TODAY}::date - 3`);
  await db.query(sql`delete from w_main.figure_person where day < ${TODAY}::date - 3`);
  expect((await board(admin)).lines.map(({ standing }) => standing)).toEqual(Array(4).fill('few'));
  await db.query(sql`insert into w_main.figure_person select * from w_main.kept`);
});

it('is for nobody else until somebody says so; then each sees himself, or also whom it praises, never who is behind', async () => {
  expect(await board(seller(3))).toMatchObject({ all: false, lines: [] });
  expect((await shown('own', seller(3))).statusCode).toBe(403);
  expect((await shown('own')).statusCode).toBe(200);
  expect((await board(seller(3))).lines).toMatchObject([{ person: idOf(3), mine: true, list: 'black' }]);
  await shown('praise');
  const own = await board(seller(0));
  expect(own.lines.map(({ person }) => person)).not.toContain(idOf(3));
  expect(own.lines.map(({ person }) => person)).toEqual([idOf(0)]);
  await db.query(sql`update w_main.figure_person set expired = 18 where person = ${idOf(1)}`);
  const praised = (await board(seller(0))).lines.map(({ person, list }) => [person, list]);
  expect(praised).toEqual(
    expect.arrayContaining([
      [idOf(0), null],
      [idOf(1), 'red'],
    ]),
  );
  expect(praised).toHaveLength(2);
  await shown('managers');
  expect((await board(seller(0))).lines).toEqual([]);
});

it('takes accuracy from what others found in random checks', async () => {
  const [field] = await db.query<{ id: number }>(
    sql`select f.id from w_main.field_def f join w_main.object_def o on o.id = f.object_id where o.name = 'customer' and f.name = 'mobile'`,
  );
  const campaign = async (kind: string, person: number, looks: { by: string; right: boolean }[]) => {
    const id = crypto.randomUUID();
    await db.query(sql`insert into w_main.check_campaign (id, name, object, fields, kind, precision, population, at, author)
      values (${id}, 'x', 'customer', '{mobile}', ${kind}, 0.05, 100, ${'2026-06-01T00:00:00Z'}, 'user:x')`);
    for (const { by, right } of looks) {
      const record = crypto.randomUUID();
      await db.query(
        sql`insert into w_main.check_item (campaign, record, person) values (${id}, ${record}, ${idOf(person)})`,
      );
      await db.query(sql`insert into w_main.observation (record, field, at, age, outcome, how, actor)
        values (${record}, ${field?.id}, '2026-06-10T00:00:00Z', 1, ${right ? 'r' : 'c'}, 'v', ${`user:${by}`})`);
    }
  };
  const looks = (n: number, right: number, by: string) =>
    Array.from({ length: n }, (_, i) => ({ by, right: i < right }));
  await campaign('random', 0, looks(40, 20, idOf(1)));
  await campaign('random', 1, looks(40, 39, idOf(0)));
  // His own looks at his own values, and those of a census, prove nothing here.
  await campaign('random', 2, looks(40, 40, idOf(2)));
  await campaign('census', 2, looks(40, 0, idOf(1)));
  const { lines } = await board(admin);
  const line = (place: number) => lines.find(({ person }) => person === idOf(place));
  expect(line(0)).toMatchObject({ accuracy: { share: 0.5, checked: 40 }, inaccurate: true, list: 'black' });
  expect(line(1)).toMatchObject({ accuracy: { checked: 40 }, inaccurate: false });
  expect(line(2)).toMatchObject({ accuracy: null });
});
