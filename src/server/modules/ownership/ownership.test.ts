import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { HandoverView, LeavingView } from '../../../contract/ownership.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { silentLog } from '../../platform/log.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { runApproval } from '../approvals/run-approval.ts';
import { beginRun } from '../mass/advance-run.ts';
import { advanceRun } from '../mass/index.ts';
import { writeRoutes } from '../records/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { assignNew } from './assign-new.ts';
import { performClaim } from './claims.ts';
import { advanceHandover } from './hand-over.ts';
import { runningHandovers } from './handover-store.ts';
import { ownershipRoutes } from './ownership-routes.ts';

// Whose customers are whose: handed over when somebody leaves, claimed and protected, given out, asked after without being seen.

let engine: Engine;
let at = new Date('2026-11-02T03:00:00.000Z');
let work: () => Promise<void>;
let give: () => Promise<boolean>;
let run: (id: string) => Promise<void>;
/** As the approval of a mass operation does it. */
let begin: (mass: string) => Promise<unknown>;

const server = await testServer(async (app, db) => {
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  await engine.plans.ready('main');
  const now = () => at;
  const ctxFor = async (actor: string, role: 'admin' | 'member'): Promise<Ctx> => ({
    workspace: 'main',
    actor,
    source: 'page',
    access: await engine.accessOf('main', { id: actor.replace(/^user:/, ''), role }),
    at,
    lang: 'zh',
  });
  const ctxOf = async ({ caller }: { caller: Caller }, reason?: string): Promise<Ctx> => ({
    ...(await ctxFor(caller.actor, caller.role)),
    ...(reason !== undefined && { reason }),
  });
  const massing = { ...engine, mass: engine.mass(db), replanSoon: async () => undefined, log: silentLog, now };
  const signal = new AbortController().signal;
  const systemAccess = async () => accessFor('admin', await engine.catalog.get('main'));
  const deps = { ...engine, massing, systemAccess, forget: () => undefined, now };
  const kick = (workspace: string, id: string) => advanceRun(massing, workspace, id, { signal, attempt: 0 });
  ownershipRoutes(app, { ...deps, ctxOf, kick, handOverSoon: async () => undefined });
  const idempotency = { once: async <T>(_: unknown, __: unknown, todo: () => Promise<T>) => todo() };
  writeRoutes(app, { ...engine, ctxOf, idempotency: idempotency as never });
  work = async () => {
    for (const id of await runningHandovers(db, 'main'))
      await advanceHandover(deps, (actor) => ctxFor(actor, 'admin'), 'main', id, { signal, attempt: 0 });
  };
  give = () => assignNew(deps, 'main');
  begin = (mass) => beginRun(massing, 'main', mass, async () => undefined);
  const performers = { claim: performClaim(deps) };
  run = (id) => runApproval({ ...engine, log: silentLog, now, performers }, 'main', id, { lastAttempt: true });
});

let admin: As;
let li: As;
let wang: As;
let zhao: As;

async function send(as: As, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.json() };
}

async function make(object: string, sets: Record<string, unknown>[]): Promise<string[]> {
  const changes = sets.map((set) => ({ op: 'create', object, id: uuidv7(), set }));
  const { body } = await send(admin, 'POST', '/records/changes', { changes });
  expect(body.outcomes.every(({ status }: { status: string }) => status === 'applied')).toBe(true);
  return changes.map(({ id }) => id);
}

/** Owners of records, in the order of their ids. */
async function owners(object: string, ids: string[]): Promise<(string | null)[]> {
  const table = object === 'customer' ? sql`w_main.customer` : sql`w_main.opportunity`;
  const rows = await server.db.query<{ owner: string | null }>(
    sql`select owner::text as owner from ${table} where id = any(${ids}::uuid[]) order by array_position(${ids}::uuid[], id)`,
  );
  return rows.map(({ owner }) => owner);
}

const tally = (list: (string | null)[]) =>
  Object.fromEntries([...new Set(list)].map((one) => [String(one), list.filter((other) => other === one).length]));

beforeAll(async () => {
  admin = await server.account('admin');
  [li, wang, zhao] = [await server.account('member'), await server.account('member'), await server.account('member')];
  for (const { id } of [li, wang, zhao])
    await server.db.query(
      sql`insert into w_main.person_role (account, roles, updated_by) values (${id}, '{sales}', 't') on conflict do nothing`,
    );
});

describe('a leaver', () => {
  it('is out at once, and his customers go to others by load, with what belongs to them, to be undone as one', async () => {
    const mine = await make(
      'customer',
      Array.from({ length: 30 }, (_, n) => ({ name: `李的第${n}号客户`, owner: li.id })),
    );
    const others = await make(
      'customer',
      Array.from({ length: 10 }, (_, n) => ({ name: `王的第${n}号客户`, owner: wang.id })),
    );
    const deals = await make(
      'opportunity',
      mine.slice(0, 8).map((customer, n) => ({ name: `第${n}号商机`, customer, owner: li.id })),
    );
    const department = uuidv7();
    await server.db.query(
      sql`insert into w_main.department (id, name, manager) values (${department}, '华东', ${li.id})`,
    );

    const look = (await send(admin, 'GET', `/people/${li.id}/leaving`)).body as LeavingView;
    expect(look.objects.map(({ object, count }) => [object, count])).toEqual([
      ['customer', 30],
      ['opportunity', 8],
    ]);
    expect(look).toMatchObject({ ends: { keys: 1 }, manages: ['华东'] });
    expect((await send(li, 'GET', `/people/${li.id}/leaving`)).status).toBe(403);
    const wish = { to: [wang.id, zhao.id], by: 'load', territories: false, reason: '离职' };
    expect((await send(admin, 'POST', `/people/${admin.id}/leave`, wish)).body).toMatchObject({ code: 'leaver-self' });
    const begun = await send(admin, 'POST', `/people/${li.id}/leave`, wish);
    expect(begun.body).toMatchObject({ state: 'running', ended: { keys: 1 } });
    const keys = await server.db.query(sql`select from auth.api_key where account::text = ${li.id}`);
    expect(keys).toEqual([]);

    await Promise.all([work(), work()]);
    const done = (await send(admin, 'GET', `/handovers/${begun.body.id}`)).body as HandoverView;
    expect(done).toMatchObject({ state: 'done', runs: [{ changed: 30 }, { changed: 8 }] });
    // 10 of 王 and none of 赵: levelled, 20 each.
    expect(tally(await owners('customer', [...mine, ...others]))).toEqual({ [wang.id]: 20, [zhao.id]: 20 });
    // A deal stays with its customer.
    expect(await owners('opportunity', deals)).toEqual(await owners('customer', mine.slice(0, 8)));
    const [manager] = await server.db.query(sql`select manager from w_main.department where id = ${department}`);
    expect(manager?.manager).toBe(wang.id);

    // One of them is given to somebody else meanwhile: that stays.
    const [moved = '', ...rest] = mine;
    const change = [{ op: 'update', object: 'customer', id: moved, set: { owner: admin.id } }];
    await send(admin, 'POST', '/records/changes', { changes: change });
    expect((await send(admin, 'POST', `/handovers/${begun.body.id}/undo`)).body.state).toBe('undone');
    expect(await owners('customer', [moved])).toEqual([admin.id]);
    expect(tally(await owners('customer', rest))).toEqual({ [li.id]: 29 });
    expect(tally(await owners('opportunity', deals))).toEqual({ [li.id]: 8 });
  });

  it('by territory: each to its people, the rest to those named', async () => {
    const leaver = await server.account('member');
    const ids = await make(
      'customer',
      ['310115', '440305', '310115', null].map((region, n) => ({
        name: `地区${n}号客户有限公司`,
        owner: leaver.id,
        ...(region && { region }),
      })),
    );
    await server.db.query(sql`insert into w_main.territory (id, name, object, field, "values", accounts)
      values (${uuidv7()}, '上海', 'customer', 'region', ${['310115']}, ${[leaver.id, zhao.id]})`);
    const wish = { to: [wang.id], by: 'even', territories: true };
    await send(admin, 'POST', `/people/${leaver.id}/leave`, wish);
    await work();
    expect(await owners('customer', ids)).toEqual([zhao.id, wang.id, zhao.id, wang.id]);
  });

  it('waits where a hand-over of that size takes a second person, and ends as he decides', async () => {
    const rule = { id: uuidv7(), kind: 'mass' as const, above: 0, decider: { by: 'role' as const, role: 'admin' } };
    const save = async (rules: object[]) => {
      await engine.approvalRules.ready('main');
      const from = engine.approvalRules.of('main').version;
      await engine.approvalRules.save('main', { author: 'user:x', rules: rules as never, from });
    };
    await save([{ ...rule, hours: 24, exceptAdmins: false }]);
    for (const agreed of [true, false]) {
      const leaver = await server.account('member');
      const ids = await make('customer', [{ name: `等审批的客户${agreed}`, owner: leaver.id }]);
      const wish = { to: [wang.id], by: 'load', territories: false, reason: '离职' };
      const begun = await send(admin, 'POST', `/people/${leaver.id}/leave`, wish);
      expect(begun.status).toBe(200);
      await work();
      await work();
      const view = async () => (await send(admin, 'GET', `/handovers/${begun.body.id}`)).body as HandoverView;
      const waiting = await view();
      expect(waiting).toMatchObject({ state: 'running', runs: [{ state: 'ready' }] });
      expect(await owners('customer', ids)).toEqual([leaver.id]);
      const mass = waiting.runs[0]?.run ?? '';
      await server.db.query(
        sql`update w_main.approval set state = ${agreed ? 'done' : 'refused'} where content->>'run' = ${mass}`,
      );
      if (agreed) await begin(mass);
      await work();
      expect(await view()).toMatchObject({ state: agreed ? 'done' : 'failed' });
      expect(await owners('customer', ids)).toEqual([agreed ? wang.id : leaver.id]);
    }
    await save([]);
  });
});

describe('claims', () => {
  it('what nobody owns is taken at once and protected; what somebody owns a manager decides', async () => {
    const [free = '', taken = ''] = await make('customer', [
      { name: '无主之客有限公司', owner: null },
      { name: '有主之客有限公司', owner: zhao.id },
    ]);
    const find = async (as: As, name: string) =>
      (await send(as, 'POST', '/ownership/check', { object: 'customer', values: { name } })).body;
    const found = await find(wang, '无主之客有限公司');
    expect(found).toMatchObject({ found: [{ owner: null, record: null }] });
    const claim = await send(wang, 'POST', '/ownership/claims', { check: found.check, reason: '展会上认识' });
    expect(claim.body).toMatchObject({ claim: { record: free, until: '2026-12-02T03:00:00.000Z' } });
    expect(await owners('customer', [free])).toEqual([wang.id]);

    // Protected from others, even from one who may edit it.
    const everything = { '*': { rows: [{ rule: 'all' }], actions: ['read', 'update'], fields: { '*': 'edit' } } };
    await server.db.query(sql`insert into w_main.role (id, label, objects, position, updated_by)
      values ('everything', '{"zh":"x","en":"x"}', ${JSON.stringify(everything)}::jsonb, 99, 't') on conflict do nothing`);
    await server.db.query(sql`update w_main.person_role set roles = '{everything}' where account = ${zhao.id}`);
    await server.db.query(sql`update w_main.access_state set version = version + 1`);
    engine.access.forget();
    const grab = { changes: [{ op: 'update', object: 'customer', id: free, set: { owner: zhao.id } }] };
    expect((await send(zhao, 'POST', '/records/changes', grab)).body.outcomes[0]).toMatchObject({
      status: 'rejected',
      issues: [{ code: 'record-protected' }],
    });
    expect((await send(wang, 'GET', `/records/customer/${free}/claims`)).body).toMatchObject({
      claims: [{ name: 'member 3', before: null }],
      protectedUntil: '2026-12-02T03:00:00.000Z',
    });

    const asked = await send(wang, 'POST', '/ownership/claims', {
      check: (await find(wang, '有主之客有限公司')).check,
      reason: '我一直在跟',
    });
    expect(asked.body).toMatchObject({ approval: { kind: 'claim' } });
    expect(await owners('customer', [taken])).toEqual([zhao.id]);
    await server.db.query(sql`update w_main.approval set state = 'approved' where id = ${asked.body.approval.id}`);
    await Promise.all([run(asked.body.approval.id), run(asked.body.approval.id)]);
    expect(await owners('customer', [taken])).toEqual([wang.id]);
    const trail = await server.db.query(sql`select before, approval from w_main.claim where record = ${taken}`);
    expect(trail).toEqual([{ before: zhao.id, approval: asked.body.approval.id }]);

    // When its time is over it is like any other.
    at = new Date('2026-12-03T00:00:00Z');
    expect((await send(zhao, 'POST', '/records/changes', grab)).body.outcomes[0].status).toBe('applied');
    at = new Date('2026-11-02T03:00:00Z');
  });
});

describe('do we have them?', () => {
  it('says whose it is and nothing else; whole values only, so many a day, each on record', async () => {
    const settings = { protectDays: 30, mostClaims: 50, checksPerDay: 6, rules: [] };
    expect((await send(admin, 'PUT', '/ownership/settings', settings)).status).toBe(200);
    await make('customer', [{ name: '隐秘之客股份有限公司', mobile: '13911112222', owner: zhao.id }]);
    const check = (as: As, values: object) => send(as, 'POST', '/ownership/check', { object: 'customer', values });
    for (const values of [{ name: '隐秘' }, { mobile: '1391111' }, { level: 'a' }])
      expect((await check(wang, values)).body).toMatchObject({ code: 'check-vague' });
    const found = await check(wang, { mobile: '139 1111 2222' });
    expect(found.body).toMatchObject({ found: [{ ownerName: 'member 4', record: null, protectedUntil: null }] });
    expect(JSON.stringify(found.body)).not.toContain('隐秘之客');
    expect((await check(wang, { name: '根本没有这家有限公司' })).body).toMatchObject({ check: null, found: [] });
    const told = await send(wang, 'POST', `/ownership/check/${found.body.check}/ask`, { message: '可以一起跟吗' });
    expect(told.body).toEqual({ told: 1 });
    expect((await send(wang, 'POST', `/ownership/check/${found.body.check}/ask`, { message: '在吗' })).body).toEqual({
      told: 0,
    });
    expect((await send(admin, 'POST', `/ownership/check/${found.body.check}/ask`, { message: '在吗' })).status).toBe(
      404,
    );
    const [notice] = await server.db.query(
      sql`select account, params from w_main.notification where kind = 'customer-asked'`,
    );
    expect(notice).toMatchObject({
      account: zhao.id,
      params: { title: '隐秘之客股份有限公司', message: '可以一起跟吗' },
    });
    const many = await Promise.all(Array.from({ length: 6 }, () => check(wang, { mobile: '13911112222' })));
    expect(many.some(({ body }) => body.code === 'check-limit')).toBe(true);
    const log = await server.db.query<{ private: { text: string } }>(
      sql`select private from w_main.audit_pending where kind = 'search' and body ? 'check' and actor = ${`user:${wang.id}`}`,
    );
    expect(log.length).toBeGreaterThanOrEqual(6);
    expect(log.some(({ private: { text } }) => text.includes('13911112222'))).toBe(true);
  });
});

it('new records that nobody owns go to somebody by the rule, once; owned ones stay', async () => {
  const rules = [{ object: 'customer', to: [wang.id, zhao.id], by: 'even', territories: false }];
  await send(admin, 'PUT', '/ownership/settings', { protectDays: 30, mostClaims: 50, checksPerDay: 30, rules });
  const free = await make(
    'customer',
    Array.from({ length: 10 }, (_, n) => ({ name: `新来的第${n}号客户有限公司`, owner: null })),
  );
  const owned = await make('customer', [{ name: '自己带来的客户有限公司', owner: admin.id }]);
  for (let round = 0; round < 100 && (await owners('customer', free)).includes(null); round++) await give();
  expect(tally(await owners('customer', free))).toEqual({ [wang.id]: 5, [zhao.id]: 5 });
  expect(await owners('customer', owned)).toEqual([admin.id]);
});

it('records that come one by one go round by weight; who is away is passed over; each rule takes what it is about', async () => {
  await server.db.query(sql`delete from w_main.pool_move`);
  const turns = { object: 'customer', by: 'turns', territories: false };
  const rules = [
    { ...turns, to: [zhao.id], if: { field: 'level', op: 'eq', value: 'a' } },
    { ...turns, to: [wang.id, zhao.id], weights: { [wang.id]: 2 } },
  ];
  const settings = { protectDays: 30, mostClaims: 50, checksPerDay: 30, rules };
  expect((await send(admin, 'PUT', '/ownership/settings', settings)).status).toBe(200);
  const one = async (name: string, more: Record<string, unknown> = {}) => {
    const made = await make('customer', [{ name, owner: null, ...more }]);
    for (let round = 0; round < 100 && (await owners('customer', made)).includes(null); round++) await give();
    return (await owners('customer', made))[0] ?? null;
  };
  const given: (string | null)[] = [];
  for (let n = 0; n < 6; n++) given.push(await one(`轮流${n}`));
  expect(tally(given)).toEqual({ [wang.id]: 4, [zhao.id]: 2 });
  expect(await one('重点客户', { level: 'a' })).toBe(zhao.id);
  const day = at.toISOString().slice(0, 10);
  await server.db.query(
    sql`insert into w_main.absence (account, from_day, to_day) values (${wang.id}, ${day}::date, ${day}::date)`,
  );
  expect(tally([await one('不在一'), await one('不在二')])).toEqual({ [zhao.id]: 2 });
  await server.db.query(sql`delete from w_main.absence`);
  expect(
    await server.db.query(sql`select kind from w_main.pool_move where kind = 'given' and after = ${zhao.id}`),
  ).toHaveLength(5);
});
