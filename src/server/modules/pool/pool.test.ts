import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { PoolRule, Pools } from '../../../contract/pool.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Caller } from '../../platform/http/caller.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import type { PoolDeps } from './deps.ts';
import { poolRoutes } from './pool-routes.ts';
import { tendPool } from './return-records.ts';

// The pool: what nobody works on goes back with a warning, and comes out within limits.

let engine: Engine;
let deps: PoolDeps;
const START = new Date('2026-03-02T02:00:00.000Z');
const DAY = 86_400_000;
let now = START;

const server = await testServer(async (app, db) => {
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const systemAccess = async () => accessFor('admin', await engine.catalog.get('main'));
  deps = { ...engine, systemAccess, now: () => now };
  const ctxOf = async ({ caller }: { caller: Caller }): Promise<Ctx> => ({
    ...{ workspace: 'main', actor: caller.actor, source: 'page', at: now, lang: 'zh' },
    access: await engine.accessOf('main', { id: caller.actor.replace(/^user:/, ''), role: caller.role }),
  });
  poolRoutes(app, { ...deps, ctxOf });
});

let admin: As;
let wang: As;
let zhao: As;
const RULE: PoolRule = {
  ...{ id: uuidv7(), name: '30 天未跟进', object: 'customer', kind: 'silent', days: 30, warn: 7 },
  by: { object: 'interaction', of: 'customer', at: 'at' },
  except: { field: 'level', op: 'eq', value: 'a' },
};
const POOL = { object: 'customer', shown: ['name', 'level'], mostOwned: 0, perDay: 0, coolingDays: 0 };

beforeAll(async () => {
  admin = await server.account('admin');
  [wang, zhao] = [await server.account('member'), await server.account('member')];
  for (const { id } of [wang, zhao])
    await server.db.query(
      sql`insert into w_main.person_role (account, roles, updated_by) values (${id}, '{sales}', 't') on conflict do nothing`,
    );
});
beforeEach(async () => {
  now = START;
  await server.db.query(sql`update w_main.customer set deleted_at = now() where deleted_at is null`);
  await server.db.query(sql`delete from w_main.pool_move`);
  await server.db.query(sql`delete from w_main.notification`);
  await server.db.query(sql`delete from w_main.claim`);
  await save({ pools: [POOL], rules: [RULE] });
});

async function send(as: As, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.json() };
}
const save = async (pools: object) => {
  const { status, body } = await send(admin, 'PUT', '/pool/settings', pools);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  return body as Pools;
};
const system = async (): Promise<Ctx> => ({
  ...{ workspace: 'main', actor: 'user:import', source: 'page', at: now, lang: 'zh' },
  access: await deps.systemAccess('main'),
});
async function make(object: string, set: Record<string, unknown>): Promise<string> {
  const { outcomes } = await engine.write.write(await system(), [{ op: 'create', object, set }]);
  const [made] = outcomes;
  if (made?.status !== 'applied') throw new Error(JSON.stringify(made));
  return made.id ?? '';
}
const customer = (name: string, owner: As | null, more: Record<string, unknown> = {}) =>
  make('customer', { name, owner: owner?.id ?? null, ...more });
const talk = (id: string) => make('interaction', { customer: id, content: '电话', at: now.toISOString() });
const ownerOf = async (id: string) =>
  (await server.db.query<{ owner: string | null }>(sql`select owner from w_main.customer where id = ${id}`))[0]
    ?.owner ?? null;
const tend = () => tendPool(deps, 'main', new AbortController().signal);
const setDay = (day: number) => {
  now = new Date(START.getTime() + day * DAY);
};
const told = (as: As) =>
  server.db.query<{ kind: string; params: Record<string, unknown> }>(
    sql`select kind, params from w_main.notification where account = ${as.id} order by id`,
  );
const moves = async (id: string) =>
  (
    await server.db.query<{ kind: string }>(sql`select kind from w_main.pool_move where record = ${id} order by id`)
  ).map(({ kind }) => kind);

describe('what nobody works on', () => {
  it('goes back after the days, its owner told before; contact, exemption and claims keep it', async () => {
    const silent = await customer('无人跟进', wang);
    const busy = await customer('常联系', wang);
    const key = await customer('重点', wang, { level: 'a' });
    const claimed = await customer('受保护', wang);
    await server.db.query(sql`insert into w_main.claim (id, object, record, account, at, until)
      values (${uuidv7()}, 'customer', ${claimed}, ${wang.id}, ${now}, ${new Date(START.getTime() + 60 * DAY)})`);
    setDay(22);
    await tend();
    expect(await told(wang)).toEqual([]);
    setDay(23);
    await tend();
    await tend();
    expect((await told(wang)).map(({ kind, params }) => [kind, params.count, params.day])).toEqual([
      ['pool-soon-many', 2, '2026-04-01'],
    ]);
    setDay(25);
    await talk(busy);
    setDay(29);
    await tend();
    expect(await ownerOf(silent)).toBe(wang.id);
    setDay(30);
    await tend();
    await tend();
    expect([await ownerOf(silent), await ownerOf(busy), await ownerOf(key), await ownerOf(claimed)]).toEqual([
      null,
      wang.id,
      wang.id,
      wang.id,
    ]);
    expect(await moves(silent)).toEqual(['warned', 'returned']);
    expect((await told(wang)).map(({ kind }) => kind)).toEqual(['pool-soon-many', 'pool-gone']);
    // Contact was on the 25th day: told again a week before the 55th.
    setDay(47);
    await tend();
    expect(await moves(busy)).toEqual(['warned']);
    setDay(48);
    await tend();
    expect(await moves(busy)).toEqual(['warned', 'warned']);
    setDay(55);
    await tend();
    expect(await ownerOf(busy)).toBeNull();
  });

  it('never goes back untold: a new rule gives its days of warning to what is long overdue', async () => {
    await save({ pools: [POOL], rules: [] });
    const old = await customer('早就没人管', wang);
    setDay(200);
    await save({ pools: [POOL], rules: [RULE] });
    const due = await send(wang, 'GET', '/pool/due');
    expect(due.body.records).toMatchObject([
      { title: '早就没人管', on: '2026-09-25', warned: false, ownerName: expect.any(String) },
    ]);
    await tend();
    expect([await ownerOf(old), await moves(old)]).toEqual([wang.id, ['warned']]);
    setDay(206);
    await tend();
    expect(await ownerOf(old)).toBe(wang.id);
    setDay(207);
    await tend();
    expect(await ownerOf(old)).toBeNull();
  });

  it('counts from when who owns it got it; what is reached in time stays', async () => {
    const until = { field: 'customer_type', op: 'eq', value: 'signed' } as const;
    const { by: _, except: __, ...rest } = RULE;
    await save({ pools: [POOL], rules: [{ ...rest, kind: 'still', until, days: 90, warn: 0, name: '90 天未成交' }] });
    const handed = await customer('转手', wang);
    const signed = await customer('成交', wang);
    const never = await customer('没成', wang);
    setDay(60);
    const { outcomes } = await engine.write.write(await system(), [
      { op: 'update', object: 'customer', id: handed, set: { owner: zhao.id } },
      { op: 'update', object: 'customer', id: signed, set: { customer_type: 'signed' } },
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
    setDay(90);
    await tend();
    expect([await ownerOf(handed), await ownerOf(signed), await ownerOf(never)]).toEqual([zhao.id, wang.id, null]);
    setDay(150);
    await tend();
    expect(await ownerOf(handed)).toBeNull();
  });

  it('can be looked at before a rule is kept, and by its owner; nothing is done', async () => {
    for (let n = 0; n < 12; n++) await customer(`沉默${n}`, n < 5 ? wang : zhao);
    setDay(29);
    const rule = { ...RULE, warn: 0 };
    const preview = await send(admin, 'POST', '/pool/preview', { rule, days: 1 });
    expect(preview.body).toMatchObject({ count: 12, warned: 0 });
    expect((await send(admin, 'POST', '/pool/preview', { rule, days: 0 })).body.count).toBe(0);
    expect((await send(wang, 'POST', '/pool/preview', { rule, days: 1 })).status).toBe(403);
    await save({ pools: [POOL], rules: [rule] });
    expect((await send(wang, 'GET', '/pool/due?days=1')).body).toMatchObject({
      days: [{ on: '2026-04-01', count: 5 }],
    });
    expect((await send(admin, 'GET', '/pool/due?days=1')).body.records).toHaveLength(12);
    expect((await server.db.query(sql`select from w_main.pool_move`)).length).toBe(0);
  });

  it('is given back once, whoever changes it meanwhile', async () => {
    const id = await customer('抢时间', wang);
    await save({ pools: [POOL], rules: [{ ...RULE, warn: 0 }] });
    setDay(31);
    // Handed on between the look and the writing.
    const late: PoolDeps = {
      ...deps,
      write: {
        ...deps.write,
        write: async (ctx, changes, options) => {
          await engine.write.write(await system(), [{ op: 'update', object: 'customer', id, set: { owner: zhao.id } }]);
          return deps.write.write(ctx, changes, options);
        },
      },
    };
    await tendPool(late, 'main', new AbortController().signal);
    expect([await ownerOf(id), await moves(id), await told(wang)]).toEqual([zhao.id, [], []]);
  });
});

describe('the pool', () => {
  it('shows everybody what may be seen, masks how to get in touch, and finds nothing by it', async () => {
    const id = await customer('公海客户有限公司', null, { mobile: '13912345678', level: 'b' });
    await customer('别人的客户有限公司', zhao, { mobile: '13912345679' });
    const { body } = await send(wang, 'GET', '/pool/records/customer');
    expect(body).toMatchObject({ count: 1, owned: 0, taken: 0 });
    expect(body.rows).toMatchObject([{ id, values: { name: '公海客户有限公司', level: 'b' } }]);
    expect(JSON.stringify(body)).not.toContain('13912345678');
    expect(body.rows[0].values.mobile).toMatch(/\*/);
    expect((await send(wang, 'GET', '/pool/records/customer?q=13912345678')).body.rows).toEqual([]);
    expect(
      (await send(wang, 'GET', `/pool/records/customer?q=${encodeURIComponent('公海客户')}`)).body.rows,
    ).toHaveLength(1);
    expect((await send(wang, 'GET', '/pool/records/task')).body.code).toBe('pool-none');
  });

  it('gives a record to who is first, protected', async () => {
    const id = await customer('先到先得', null);
    const both = await Promise.all(
      [wang, zhao].map((as) => send(as, 'POST', '/pool/take', { object: 'customer', record: id })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('pool-taken');
    const winner = both[0]?.status === 200 ? wang : zhao;
    expect(await ownerOf(id)).toBe(winner.id);
    expect(await moves(id)).toEqual(['taken']);
    expect(
      await server.db.query(sql`select account from w_main.claim where record = ${id} and ended_at is null`),
    ).toEqual([{ account: winner.id }]);
    const trail = await send(admin, 'GET', `/records/customer/${id}/pool`);
    expect(trail.body.moves).toMatchObject([{ kind: 'taken', before: null, after: expect.any(String) }]);
  });

  it('keeps to the limits, also when many are asked for at once', async () => {
    await save({ pools: [{ ...POOL, perDay: 3 }], rules: [] });
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => customer(`一天${n}`, null)));
    const take = (record: string) => send(wang, 'POST', '/pool/take', { object: 'customer', record });
    const replies = await Promise.all(ids.map(take));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(new Set(replies.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toEqual(
      new Set(['pool-day']),
    );
    expect((await Promise.all(ids.map(ownerOf))).filter(Boolean)).toHaveLength(3);
    setDay(1);
    const [free = ''] = (await Promise.all(ids.map(async (id) => ((await ownerOf(id)) ? [] : [id])))).flat();
    expect((await take(free)).status).toBe(200);
    await save({ pools: [{ ...POOL, mostOwned: 4 }], rules: [] });
    const more = await customer('再来一个', null);
    expect((await take(more)).body.code).toBe('pool-most');
    expect(await ownerOf(more)).toBeNull();
  });

  it('is closed for a while to who lost a record, not to others', async () => {
    await save({ pools: [{ ...POOL, coolingDays: 30 }], rules: [] });
    const id = await customer('冷静期', wang);
    expect(
      (await send(zhao, 'POST', '/pool/give-up', { object: 'customer', record: id })).status,
    ).toBeGreaterThanOrEqual(403);
    expect(
      (await send(wang, 'POST', '/pool/give-up', { object: 'customer', record: id, reason: '联系不上' })).status,
    ).toBe(200);
    expect([await ownerOf(id), await moves(id)]).toEqual([null, ['given-up']]);
    const again = await send(wang, 'POST', '/pool/take', { object: 'customer', record: id });
    expect(again.body).toMatchObject({ code: 'pool-cooling' });
    expect(again.body.message).toContain('2026-04-01');
    expect((await send(zhao, 'POST', '/pool/take', { object: 'customer', record: id })).status).toBe(200);
  });

  it('refuses rules that can’t be kept', async () => {
    const refused = async (rule: object) =>
      (await send(admin, 'PUT', '/pool/settings', { pools: [POOL], rules: [{ ...RULE, ...rule }] })).body.code;
    expect(await refused({ object: 'product' })).toBe('pool-rule');
    expect(await refused({ by: { object: 'interaction', of: 'contact' } })).toBe('pool-rule');
    expect(await refused({ kind: 'still' })).toBe('pool-rule');
    expect(await refused({ if: { field: 'no_such', op: 'empty' } })).toBe('invalid-input');
    expect((await send(wang, 'PUT', '/pool/settings', { pools: [], rules: [] })).status).toBe(403);
  });
});
