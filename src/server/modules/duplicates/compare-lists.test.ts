import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { duplicatesRoutes } from './duplicates-routes.ts';
import { followChanges } from './follow-changes.ts';
import { caughtUp } from './testing.ts';

// This list against that list.

let db: Db;
let engine: Engine;
let as: As;
let mobile: FieldMode = 'edit';
let rows: true | Filter = true;

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  duplicatesRoutes(app, { ...engine, ctxOf: () => ctx(), scanNow: async () => true });
});

async function ctx(): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  if (access.objects.customer) Object.assign(access.objects.customer, { rows, fields: { '*': 'edit', mobile } });
  return { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh' };
}

async function create(object: string, ...sets: Record<string, unknown>[]): Promise<string[]> {
  const changes = sets.map((set) => ({ op: 'create' as const, object, set }));
  const { outcomes } = await engine.write.write(await ctx(), changes);
  expect(outcomes.map(({ status }) => status)).toEqual(sets.map(() => 'applied'));
  return outcomes.map(({ id }) => id);
}

interface Side {
  object: string;
  filter?: Filter;
}
interface Reply {
  matches: { left: { id: string; title: string }; right: { id: string; title: string }; probability: number }[];
  looked: number;
  total?: number;
  next?: string;
}
async function compare(left: Side, right: Side, status = 200): Promise<Reply> {
  const all: Reply = { matches: [], looked: 0 };
  for (let after: string | undefined; ; ) {
    const reply = await as({
      method: 'POST',
      url: '/api/v1/duplicates/compare',
      payload: { left, right, ...(after && { after }) },
    });
    expect([reply.statusCode, reply.body]).toEqual([status, reply.body]);
    const step = reply.json() as Reply;
    if (status !== 200) return all;
    all.matches.push(...step.matches);
    all.looked += step.looked;
    all.total ??= step.total ?? 0;
    after = step.next;
    if (after === undefined) return all;
  }
}
const level = (value: string): Side => ({ object: 'customer', filter: { field: 'level', op: 'eq', value } });

let old: string[] = [];
let fresh: string[] = [];

beforeAll(async () => {
  as = await server.account('admin');
  old = await create(
    'customer',
    { name: '台州椒江缝纫设备有限公司', mobile: '13811110501', level: 'a' },
    { name: '丽水青瓷文化有限公司', mobile: '13811110502', level: 'a' },
    // More than a step of them, so that the whole list is walked.
    ...Array.from({ length: 230 }, (_, n) => ({
      name: `第${n}家互不相干的企业`,
      mobile: `139${20000000 + n * 7919}`,
      level: 'a',
    })),
    { name: '衢州烂柯山围棋有限公司', mobile: '13811110503', level: 'a' },
  );
  fresh = await create(
    'customer',
    { name: '台州椒江缝纫设备', mobile: '138 1111 0501', level: 'b' },
    { name: '衢州烂柯山围棋', mobile: '13811110503', level: 'b' },
    { name: '金华火腿有限公司', mobile: '13811110599', level: 'b' },
  );
  const scanSoon = async () => {};
  await caughtUp(db, 'duplicates', async () => {
    while (await followChanges({ ...engine, scanSoon, now: () => new Date() }, 'main'));
  });
});
beforeEach(() => {
  mobile = 'edit';
  rows = true;
});

it('finds who of one list is in another, whichever is the left', async () => {
  const { matches, looked, total } = await compare(level('b'), level('a'));
  expect([looked, total]).toEqual([3, 3]);
  const pairs = new Map(matches.map(({ left, right }) => [left.id, right.id]));
  expect(pairs).toEqual(
    new Map([
      [fresh[0], old[0]],
      [fresh[1], old.at(-1)],
    ]),
  );
  expect(matches.find(({ left }) => left.id === fresh[0])?.left.title).toBe('台州椒江缝纫设备');
  const back = await compare(level('a'), level('b'));
  expect(back.looked).toBe(old.length);
  expect(new Map(back.matches.map(({ left, right }) => [right.id, left.id]))).toEqual(pairs);
});

it('leaves out what somebody told apart, what the caller does not see, and what lies outside the list', async () => {
  const decide = (decision: string) =>
    as({
      method: 'POST',
      url: '/api/v1/duplicates/decide',
      payload: { object: 'customer', records: [fresh[0], old[0]], decision },
    });
  await decide('different');
  expect((await compare(level('b'), level('a'))).matches.map(({ left }) => left.id)).toEqual([fresh[1]]);
  await decide('open');
  expect((await compare(level('b'), level('c'))).matches).toEqual([]);
  rows = { field: 'level', op: 'eq', value: 'b' };
  expect((await compare(level('b'), level('a'))).matches).toEqual([]);
});

it('compares one object with another by fields of one kind', async () => {
  const [contact = ''] = await create('contact', { name: '周正', mobile: '13811110502', customer: old[2] });
  await engine.write.write(await ctx(), [
    { op: 'update', object: 'customer', id: old[1] ?? '', set: { contact_name: '周正' } },
  ]);
  const { matches } = await compare({ object: 'contact' }, { object: 'customer' });
  expect(matches.map(({ left, right }) => [left.id, right.id])).toEqual([[contact, old[1]]]);
  // By a number he may not read, nobody is found.
  mobile = 'masked';
  expect((await compare({ object: 'contact' }, { object: 'customer' })).matches).toEqual([]);
  mobile = 'edit';
  await compare({ object: 'contract' }, { object: 'customer' }, 422);
});
