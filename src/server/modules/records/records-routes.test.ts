import { beforeAll, describe, expect, test } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import { createReadDoor } from '../../records/read/door.ts';
import { environment } from '../../records/read/sample.ts';
import { createIndexer } from '../../records/search/indexer.ts';
import { testEngine } from '../../records/testing.ts';
import { recordsRoutes } from './records-routes.ts';

let engine: Awaited<ReturnType<typeof testEngine>>;
let customer: string;

const server = await testServer(async (app, db) => {
  engine = await testEngine(db, { indexer: createIndexer() });
  const names = async (_workspace: string, ids: string[]) => Object.fromEntries(ids.map((id) => [id, `名 ${id}`]));
  const read = createReadDoor({ db, catalog: engine.catalog, environment, names });
  recordsRoutes(app, {
    db,
    read,
    catalog: engine.catalog,
    names,
    env: () => ({ timeZone: 'Asia/Shanghai' }),
    ctxOf: async ({ lang }) => engine.ctx('user:wang', { lang }),
  });
});

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

async function write(minute: number, change: object): Promise<string> {
  const { outcomes } = await engine.door.write(engine.ctx('user:wang', { at: at(minute) }), [change as never]);
  expect(outcomes[0]?.status).toBe('applied');
  return outcomes[0]?.id ?? '';
}

let as: As;

interface Entry {
  at: string;
  kind: string;
  object: string;
  row?: { values: { name: string } };
  entry?: { kind: string };
}

/** As much of the replies as the tests look into; the server itself checks them against the contract. */
interface Answer {
  status: number;
  body: { rows: unknown[]; next?: string; entries: Entry[]; changeSets: { id: string; at: string }[] };
}

async function get(path: string): Promise<Answer> {
  const reply = await as({ method: 'GET', url: `/api/v1${path}` });
  return { status: reply.statusCode, body: reply.json() };
}

async function post(path: string, payload: object): Promise<Answer> {
  const reply = await as({ method: 'POST', url: `/api/v1${path}`, payload });
  return { status: reply.statusCode, body: reply.json() };
}

beforeAll(async () => {
  as = await server.account('admin');
  customer = await write(0, { op: 'create', object: 'customer', set: { name: '深圳华为技术有限公司', level: 'A' } });
  await write(1, { op: 'create', object: 'contact', set: { name: '任正', customer, phone: '13800138000' } });
  await write(2, { op: 'update', object: 'customer', id: customer, set: { level: 'B' } });
  await write(2, { op: 'create', object: 'contact', set: { name: '孟晚', customer } });
  await write(3, { op: 'create', object: 'contact', set: { name: '别家的人' } });
});

// Replies are checked against the contract by the test server itself.
describe('records over HTTP', () => {
  test('query, group and search', async () => {
    const list = await post('/records/query', {
      object: 'contact',
      sort: [{ field: 'name', dir: 'asc' }],
      page: { limit: 2 },
      count: 'capped',
    });
    expect(list.body).toMatchObject({
      count: { value: 3, exact: true },
      titles: { [customer]: '深圳华为技术有限公司' },
    });
    const next = await post('/records/query', {
      object: 'contact',
      sort: [{ field: 'name', dir: 'asc' }],
      page: { limit: 2, after: list.body.next },
    });
    expect(next.body.rows).toHaveLength(1);
    const groups = await post('/records/group', { query: { object: 'customer' }, field: 'level' });
    expect(groups.body).toEqual({ groups: [{ value: 'B', count: 1 }] });
    const hits = await get(`/search?q=${encodeURIComponent('华为')}&objects=customer,contact`);
    expect(hits.body).toEqual({ hits: [{ object: 'customer', id: customer, title: '深圳华为技术有限公司' }] });
  });

  test('a record, now and then', async () => {
    const now = await get(`/records/customer/${customer}`);
    expect(now.body).toMatchObject({ rows: [{ values: { level: 'B' } }] });
    const then = await get(`/records/customer/${customer}?asOf=${at(1).toISOString()}`);
    expect(then.body).toMatchObject({ rows: [{ version: 1, values: { level: 'A' } }] });
    const none = await get(`/records/customer/${engine.newId()}`);
    expect(none).toMatchObject({ status: 404, body: { code: 'record-unknown' } });
    const history = await get(`/records/customer/${customer}/history?field=level`);
    expect(history.body).toMatchObject({
      entries: [
        { kind: 'update', actorName: '名 user:wang', fields: [{ field: 'level', before: 'A', after: 'B' }] },
        { kind: 'create' },
      ],
    });
  });

  test('the timeline brings related records and changes together, page by page', async () => {
    const brief = (entries: Entry[]) => entries.map((e) => [e.at, e.row?.values.name ?? e.entry?.kind]);
    const whole = await get(`/records/customer/${customer}/timeline`);
    const expected = [
      [at(2).toISOString(), '孟晚'],
      [at(2).toISOString(), 'update'],
      [at(1).toISOString(), '任正'],
      [at(0).toISOString(), 'create'],
    ];
    expect(brief(whole.body.entries).sort()).toEqual(expected.sort());
    for (const limit of [1, 2, 3]) {
      const paged: Entry[] = [];
      let before = '';
      do {
        const page = await get(`/records/customer/${customer}/timeline?limit=${limit}${before}`);
        paged.push(...page.body.entries);
        before = page.body.next ? `&before=${encodeURIComponent(page.body.next)}` : '';
      } while (before);
      expect(paged).toEqual(whole.body.entries);
    }
  });

  test('the timeline of one kind, or of one person, page by page too', async () => {
    const kinds = async (query: string) => (await get(`/records/customer/${customer}/timeline?${query}`)).body.entries;
    expect((await kinds('kinds=contact')).map((e) => e.row?.values.name).sort()).toEqual(['任正', '孟晚'].sort());
    expect((await kinds('kinds=create,update')).map((e) => e.entry?.kind)).toEqual(['update', 'create']);
    expect(await kinds('kinds=verify')).toEqual([]);
    const [first] = await kinds('kinds=contact&limit=1');
    const next = (await get(`/records/customer/${customer}/timeline?kinds=contact&limit=1`)).body.next ?? '';
    const second = await kinds(`kinds=contact&limit=1&before=${encodeURIComponent(next)}`);
    expect(second).toHaveLength(1);
    expect(second[0]?.row?.values.name).not.toBe(first?.row?.values.name);
    expect(await kinds('by=nobody')).toEqual([]);
    expect(await kinds('kinds=update&by=wang')).toHaveLength(1);
  });

  test('what belongs to a record comes in one answer', async () => {
    const reply = await as({ method: 'GET', url: `/api/v1/records/customer/${customer}/related` });
    expect(reply.json()).toMatchObject({
      children: [{ object: 'contact', field: 'customer', page: { rows: [{}, {}], count: { value: 2 } } }],
      dates: [],
    });
  });

  test('change sets, newest first, in pages', async () => {
    const { body } = await get('/change-sets?limit=2&mine=true');
    const sets = body.changeSets;
    expect(sets.map((set) => set.at)).toEqual([at(3).toISOString(), at(2).toISOString()]);
    const older = await get(`/change-sets?limit=10&before=${sets.at(-1)?.id}`);
    expect(older.body.changeSets).toHaveLength(3);
  });

  test('what can not be asked is a 422 that says why', async () => {
    const bad = await post('/records/query', { object: 'customer', filter: { field: 'level', op: 'gt', value: 1 } });
    expect(bad).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', issues: [{ code: 'filter-op', field: 'level' }] },
    });
    const cursor = await get(`/records/customer/${customer}/timeline?before=yesterday`);
    expect(cursor).toMatchObject({ status: 422 });
  });

  test('what an undo would do is what it does', async () => {
    const ctx = (minute: number) => engine.ctx('user:wang', { at: at(minute) });
    const made = await engine.door.write(ctx(20), [
      { op: 'create', object: 'customer', set: { name: '甲公司' } },
      { op: 'create', object: 'customer', set: { name: '乙公司' } },
      { op: 'update', object: 'customer', id: customer, set: { level: 'C' } },
    ]);
    await write(21, { op: 'update', object: 'customer', id: made.outcomes[0]?.id, set: { level: 'A' } });
    const preview = await get(`/change-sets/${made.changeSet}/undo`);
    expect(preview.body).toEqual({
      objects: [{ object: 'customer', remove: 2, bringBack: 0, giveBack: 1, touched: 1 }],
    });
    expect(await engine.door.undo(ctx(22), made.changeSet ?? '')).toMatchObject({ undone: 2, skippedCount: 1 });
    expect(await get(`/change-sets/${made.changeSet}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'change-set-not-undoable' },
    });
    expect(await get(`/change-sets/${engine.newId()}/undo`)).toMatchObject({ status: 404 });
  });
});
