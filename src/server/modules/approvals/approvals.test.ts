import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { ctxAt } from '../../../../test/support/context.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { ApprovalView } from '../../../contract/approvals.ts';
import type { ApprovalRule } from '../../../domain/approvals/index.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { silentLog } from '../../platform/log.ts';
import { mergeRoutes, performMerge } from '../duplicates/index.ts';
import { massJob, massRoutes, performMass } from '../mass/index.ts';
import { proposalsRoutes } from '../proposals/index.ts';
import { writeRoutes } from '../records/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { unfinishedApprovals } from './approval-store.ts';
import { approvalsRoutes } from './approvals-routes.ts';
import { tendApprovals } from './decide-approval.ts';
import { performProtected } from './protected-changes.ts';
import { type RunDeps, runApproval } from './run-approval.ts';

// Acts that need a second person: they answer with the request, happen once when it is given, exactly as asked, and say so when they can't any more.

let engine: Engine;
let deps: RunDeps;
let at = new Date('2026-11-02T03:00:00.000Z');

const server = await testServer(async (app, db) => {
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const ctxOf = ctxAt(engine, () => at);
  const massing = {
    ...engine,
    mass: engine.mass(db),
    replanSoon: async () => undefined,
    log: silentLog,
    now: () => at,
    kick: async (workspace: string, run: string) => {
      const job = massJob(massing);
      const signal = new AbortController().signal;
      await job.handler({ id: '', payload: { workspace, run }, attempt: 0, signal, progress: async () => undefined });
    },
  };
  deps = {
    ...engine,
    log: silentLog,
    now: () => at,
    performers: { merge: performMerge(engine), mass: performMass(massing), protected: performProtected(engine) },
  };
  approvalsRoutes(app, {
    ...engine,
    ctxOf,
    rolesOf: async (workspace, person) => (await engine.access.composed(workspace, person)).roles.map(({ id }) => id),
    runSoon: async () => undefined,
  });
  const idempotency = { once: async <T>(_: unknown, __: unknown, run: () => Promise<T>) => run() };
  writeRoutes(app, { ...engine, ctxOf, idempotency: idempotency as never });
  proposalsRoutes(app, { ...engine, ctxOf, idempotency: idempotency as never, moved: () => undefined });
  mergeRoutes(app, { ...engine, ctxOf });
  massRoutes(app, { ...massing, ctxOf });
});

let admin: As;
let boss: As;
let li: As;
let zhao: As;

const rule = (more: Partial<ApprovalRule>): ApprovalRule => ({
  id: uuidv7(),
  kind: 'mass',
  above: 0,
  decider: { by: 'manager' },
  hours: 24,
  exceptAdmins: true,
  ...more,
});

async function send(as: As, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.json() };
}

async function setRules(rules: ApprovalRule[]): Promise<void> {
  const { body } = await send(admin, 'GET', '/approvals/rules');
  expect((await send(admin, 'PUT', '/approvals/rules', { version: body.version, rules })).status).toBe(200);
  await engine.approvalRules.ready('main');
}

async function create(set: Record<string, unknown>): Promise<string> {
  const { body } = await send(admin, 'POST', '/records/changes', {
    changes: [{ op: 'create', object: 'customer', set }],
  });
  expect(body.outcomes[0].status).toBe('applied');
  return body.outcomes[0].id;
}

const stored = async (id: string, column: string): Promise<unknown> => {
  const [row] = await server.db.query<{ row: Record<string, unknown> }>(
    sql`select to_jsonb(t) as row from w_main.customer t where id = ${id}::uuid`,
  );
  return row?.row[column];
};

/** Everything agreed to is done, as the job does it. */
async function runAll(): Promise<void> {
  for (const id of await unfinishedApprovals(server.db, 'main'))
    await runApproval(deps, 'main', id, { lastAttempt: true });
}

const one = async (as: As, id: string): Promise<ApprovalView> => (await send(as, 'GET', `/approvals/${id}`)).body;
const decide = async (as: As, id: string, approve: boolean, word?: string) =>
  send(as, 'POST', `/approvals/${id}/decision`, { approve, word, hash: (await one(admin, id)).hash });

beforeAll(async () => {
  [admin, boss, li, zhao] = [
    await server.account('admin'),
    await server.account('member'),
    await server.account('member'),
    await server.account('member'),
  ];
  const department = uuidv7();
  await server.db.query(
    sql`insert into w_main.department (id, name, manager) values (${department}, '销售', ${boss.id})`,
  );
  await server.db.query(
    sql`insert into w_main.department_person values (${department}, ${li.id}), (${department}, ${boss.id})`,
  );
  // The template protects nothing by itself.
  const object = (await engine.catalog.get('main')).objects.find(({ name }) => name === 'customer');
  const field = object?.fields.find(({ name }) => name === 'short_name');
  if (!object || !field) throw new Error('no field');
  await engine.editor.updateField('main', 'customer', 'short_name', { protected: true } as never);
});

describe('a protected field', () => {
  let id: string;
  beforeAll(async () => {
    await setRules([rule({ kind: 'protected', fields: ['short_name'] })]);
    id = await create({ name: '深圳测试有限公司', short_name: '测试', owner: li.id });
  });
  const change = (set: object, reason?: string) =>
    send(li, 'POST', '/records/changes', { changes: [{ op: 'update', object: 'customer', id, set }], reason });

  it('is held with a reason, the rest is written, and it happens once when the manager agrees', async () => {
    expect((await change({ short_name: '新测试' })).body.outcomes[0]).toMatchObject({ status: 'rejected' });
    const { body } = await change({ short_name: '新测试', website: 'https://example.com' }, '客户改名');
    const [outcome] = body.outcomes;
    expect(outcome).toMatchObject({ status: 'applied', issues: [{ code: 'held-approval' }] });
    expect([await stored(id, 'short_name'), await stored(id, 'website')]).toEqual(['测试', 'https://example.com']);
    const asked = await one(boss, outcome.approval);
    expect(asked).toMatchObject({ kind: 'protected', size: 1, reason: '客户改名', may: { decide: true } });
    expect(asked.facts.changes).toMatchObject([
      { field: 'short_name', hidden: false, before: '测试', after: '新测试' },
    ]);
    // Asked again, it is the same request.
    expect((await change({ short_name: '新测试' }, '客户改名')).body.outcomes[0]).toMatchObject({ status: 'held' });
    expect((await send(boss, 'GET', '/approvals')).body.approvals).toHaveLength(1);
    const other = (await change({ short_name: '另一个' }, '客户改名')).body.outcomes[0].approval;
    expect((await send(li, 'POST', `/approvals/${other}/withdraw`)).body).toMatchObject({ state: 'withdrawn' });
    expect((await send(boss, 'GET', '/approvals/count')).body).toEqual({ waiting: 1 });
    expect((await decide(zhao, outcome.approval, true)).status).toBe(404);
    expect((await decide(li, outcome.approval, true)).status).toBe(404);
    expect((await decide(boss, outcome.approval, true, '同意')).body).toMatchObject({ state: 'approved' });
    expect((await decide(boss, outcome.approval, true)).body).toMatchObject({ code: 'approval-decided' });
    await Promise.all([runAll(), runAll(), runAll()]);
    expect(await stored(id, 'short_name')).toBe('新测试');
    const done = await one(li, outcome.approval);
    expect(done.trail.map(({ what }) => what)).toEqual(['asked', 'approved', 'done']);
    const sets = await server.db.query(sql`select id from w_main.change_set where kind = 'approval'`);
    expect(sets.map((set) => set.id)).toEqual([done.result?.changeSet]);
  });

  it('is not put back alone either: undoing what took approval takes it', async () => {
    const [set] = await server.db.query<{ id: string }>(sql`select id from w_main.change_set where kind = 'approval'`);
    const { status, body } = await send(li, 'POST', `/change-sets/${set?.id}/undo`);
    expect([status, body.undone]).toEqual([200, 0]);
    expect(await stored(id, 'short_name')).toBe('新测试');
    expect((await one(boss, body.approval)).facts.changes).toMatchObject([
      { field: 'short_name', before: '新测试', after: '测试' },
    ]);
    await decide(boss, body.approval, true);
    await runAll();
    expect(await one(li, body.approval)).toMatchObject({ state: 'done' });
    expect(await stored(id, 'short_name')).toBe('测试');
  });

  it('says so when somebody changed it since, or the request itself', async () => {
    const first = (await change({ short_name: '甲' }, '改')).body.outcomes[0].approval;
    await send(admin, 'POST', '/records/changes', {
      changes: [{ op: 'update', object: 'customer', id, set: { short_name: '乙' } }],
      reason: '更正',
    });
    await decide(boss, first, true);
    await runAll();
    expect(await one(li, first)).toMatchObject({ state: 'failed', error: { code: 'approval-overtaken' } });
    expect(await stored(id, 'short_name')).toBe('乙');

    const second = (await change({ short_name: '丙' }, '改')).body.outcomes[0].approval;
    await decide(boss, second, true);
    await server.db.query(
      sql`update w_main.approval set content = jsonb_set(content, '{changes,0,set,short_name}', '"丁"') where id = ${second}`,
    );
    await runAll();
    expect(await one(li, second)).toMatchObject({ state: 'failed', error: { code: 'approval-tampered' } });
    expect(await stored(id, 'short_name')).toBe('乙');
  });

  it('is not got around by proposing it to oneself', async () => {
    const wish = { object: 'customer', id, set: { short_name: '绕行' }, reason: '改' };
    const { body } = await send(li, 'POST', '/proposals', { proposals: [wish] });
    // What is protected is changed with a reason, through the door: there it waits for approval.
    expect(body.outcomes).toMatchObject([{ status: 'rejected' }]);
  });

  it('refused needs a word; overdue goes to the deputy; undecided it lapses', async () => {
    await setRules([rule({ kind: 'protected', deputy: zhao.id })]);
    const first = (await change({ short_name: '戊' }, '改')).body.outcomes[0].approval;
    expect((await decide(boss, first, false)).body).toMatchObject({ code: 'approval-word' });
    expect((await decide(boss, first, false, '不必')).body).toMatchObject({ state: 'refused', word: '不必' });
    const second = (await change({ short_name: '己' }, '改')).body.outcomes[0].approval;
    const third = (await change({ short_name: '庚' }, '改')).body.outcomes[0].approval;
    const start = at;
    at = new Date(start.getTime() + 25 * 3_600_000);
    await tendApprovals(engine, 'main', at);
    expect((await one(zhao, second)).may.decide).toBe(true);
    expect((await decide(zhao, second, true)).status).toBe(200);
    at = new Date(start.getTime() + 49 * 3_600_000);
    await tendApprovals(engine, 'main', at);
    expect((await one(li, third)).state).toBe('lapsed');
    const told = await server.db.query<{ account: string; kind: string }>(
      sql`select account, kind from w_main.notification where kind in ('approval-overdue', 'approval-lapsed', 'approval-refused') order by kind`,
    );
    expect(told.map(({ account, kind }) => [account, kind])).toEqual([
      [li.id, 'approval-lapsed'],
      [zhao.id, 'approval-overdue'],
      [zhao.id, 'approval-overdue'],
      [li.id, 'approval-refused'],
    ]);
    await runAll();
  });
});

describe('merging and mass operations', () => {
  it('a merge waits, and is refused when one of the records was changed since', async () => {
    await setRules([rule({ kind: 'merge', above: 1 })]);
    const everything = {
      '*': {
        rows: [{ rule: 'all' }],
        actions: ['read', 'create', 'update', 'delete', 'merge'],
        fields: { '*': 'edit' },
      },
    };
    await server.db.query(sql`insert into w_main.role (id, label, objects, position, updated_by)
      values ('merger', '{"zh":"合并","en":"Merger"}', ${JSON.stringify(everything)}::jsonb, 99, 'test')`);
    await server.db.query(
      sql`insert into w_main.person_role (account, roles, updated_by) values (${li.id}, '{merger}', 'test')`,
    );
    await server.db.query(sql`update w_main.access_state set version = version + 1`);
    engine.access.forget();
    const pair = async () => [
      await create({ name: '甲乙有限公司', owner: li.id }),
      await create({ name: '甲乙有限责任公司', owner: li.id }),
    ];
    const [a = '', b = ''] = await pair();
    const { body } = await send(li, 'POST', '/merges', { object: 'customer', records: [a, b], winner: a });
    expect(body).toMatchObject({ approval: { kind: 'merge' } });
    expect((await one(boss, body.approval.id)).size).toBe(2);
    await decide(boss, body.approval.id, true);
    await Promise.all([runAll(), runAll()]);
    expect(await one(li, body.approval.id)).toMatchObject({ state: 'done' });
    expect(await stored(b, 'deleted_at')).not.toBeNull();

    const [c = '', d = ''] = await pair();
    const next = await send(li, 'POST', '/merges', { object: 'customer', records: [c, d], winner: c });
    await send(admin, 'POST', '/records/changes', {
      changes: [{ op: 'update', object: 'customer', id: d, set: { website: 'https://later.example.com' } }],
    });
    await decide(boss, next.body.approval.id, true);
    await runAll();
    expect(await one(li, next.body.approval.id)).toMatchObject({
      state: 'failed',
      error: { code: 'approval-overtaken' },
    });
    expect(await stored(d, 'deleted_at')).toBeNull();
  });

  it('a mass operation above the size waits with the records that were found, whoever starts it', async () => {
    await setRules([rule({ kind: 'mass', above: 2 })]);
    const ids = [await create({ name: '一号' }), await create({ name: '二号' }), await create({ name: '三号' })];
    const target = { object: 'customer', ids };
    const action = { kind: 'set', field: 'short_name', value: '批' };
    const asked = await send(li, 'POST', '/mass', { target, action, start: true });
    const run = (await send(li, 'GET', `/mass/${asked.body.id}`)).body;
    expect(run).toMatchObject({ state: 'ready', approval: expect.any(String) });
    expect(await stored(ids[0] ?? '', 'short_name')).toBeNull();
    // Starting it again asks for nothing new and begins nothing.
    expect((await send(li, 'POST', `/mass/${run.id}/start`)).body).toMatchObject({
      state: 'ready',
      approval: run.approval,
    });
    await decide(boss, run.approval, true);
    await Promise.all([runAll(), runAll()]);
    const done = (await send(li, 'GET', `/mass/${run.id}`)).body;
    expect(done).toMatchObject({ state: 'done', result: { change: 3 } });
    expect(await stored(ids[2] ?? '', 'short_name')).toBe('批');
    const two = await send(li, 'POST', '/mass', {
      target: { object: 'customer', ids: ids.slice(0, 2) },
      action: { ...action, value: '二' },
      start: true,
    });
    expect((await send(li, 'GET', `/mass/${two.body.id}`)).body).toMatchObject({ state: 'done', approval: null });
  });

  it('each step is in the audit log, with the hash of what was agreed to', async () => {
    const rows = await server.db.query<{ body: { what: string; hash: string } }>(
      sql`select body from w_main.audit_pending where kind = 'approval'`,
    );
    const whats = new Set(rows.map(({ body }) => body.what));
    expect([...whats].sort()).toEqual(['approved', 'asked', 'done', 'failed', 'lapsed', 'refused', 'withdrawn']);
    expect(rows.every(({ body }) => /^[0-9a-f]{64}$/.test(body.hash))).toBe(true);
  });
});
