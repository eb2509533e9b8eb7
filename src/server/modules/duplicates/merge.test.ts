import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { MergePreview, UnmergePreview } from '../../../contract/duplicates.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { reactJob, readReactions } from '../evidence/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { mergeRoutes } from './merge-routes.ts';
import { caughtUp } from './testing.ts';

const DAY = 86_400_000;
let db: Db;
let engine: Engine;
let role: 'admin' | 'member' = 'admin';
let hidden: string | undefined;

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  mergeRoutes(app, { ...engine, ctxOf: async (_call, reason) => ctx(new Date(), reason) });
});

let as: As;
beforeAll(async () => {
  as = await server.account('admin');
});

async function ctx(at = new Date(), reason?: string): Promise<Ctx> {
  const access = accessFor(role, await engine.catalog.get('main'));
  if (hidden && access.objects.customer) access.objects.customer.fields[hidden] = 'masked';
  return { workspace: 'main', actor: 'user:li', source: 'page', access, at, lang: 'zh', ...(reason && { reason }) };
}

async function create(object: string, set: Record<string, unknown>, daysAgo = 100): Promise<string> {
  const at = await ctx(new Date(Date.now() - daysAgo * DAY));
  const { outcomes } = await engine.write.write(at, [{ op: 'create', object, set }]);
  expect(outcomes[0]?.issues).toBeUndefined();
  return outcomes[0]?.id ?? '';
}

async function edit(object: string, id: string, set: Record<string, unknown>, verify?: string): Promise<void> {
  const { outcomes } = await engine.write.write(await ctx(new Date(), '改'), [
    { op: 'update', object, id, set, ...(verify && { verify: { fields: [verify], method: 'phone' as const } }) },
  ]);
  expect(outcomes[0]?.status).toBe('applied');
}

const valuesOf = async (object: string, id: string) => (await engine.read.get(await ctx(), object, id)).values;

/** Everything of a record that a merge could disturb: values and cells. */
async function whole(id: string): Promise<unknown> {
  const [freshness] = await db.query(
    sql`select cells, base_at, base_confidence, missing, owner, bundle from w_main.freshness where record = ${id}`,
  );
  return { values: await valuesOf('customer', id), freshness };
}

async function post<T>(url: string, payload: unknown, status = 200): Promise<T> {
  const reply = await as({ method: 'POST', url: `/api/v1${url}`, payload: payload as object });
  expect([reply.statusCode, reply.body]).toEqual([status, reply.body]);
  return reply.json() as T;
}
async function get<T>(url: string, status = 200): Promise<T> {
  const reply = await as({ method: 'GET', url: `/api/v1${url}` });
  expect([reply.statusCode, reply.body]).toEqual([status, reply.body]);
  return reply.json() as T;
}

/** Two customers of one firm with everything that may hang on them. */
async function twins() {
  const a = await create('customer', {
    name: '上海华讯科技有限公司',
    mobile: '13800138001',
    need_tags: ['售后'],
    amount: '100',
  });
  const b = await create(
    'customer',
    { name: '华讯科技', mobile: '13800138002', email: 'a@huaxun.cn', need_tags: ['培训'] },
    90,
  );
  await edit('customer', b, {}, 'mobile');
  const contact = await create('contact', { name: '张伟', customer: b, mobile: '13900139000' });
  const own = await create('contact', { name: '李娜', customer: a });
  const call = await create('interaction', {
    customer: b,
    contact,
    kind: 'call',
    content: '聊',
    at: new Date().toISOString(),
  });
  const contract = await create('contract', { name: '合同', customer: b });
  const order = await create('sales_order', { customer: b, contract });
  const deal = await create('opportunity', { name: '商机', customer: b, stage: 'lead' });
  return { a, b, contact, own, call, contract, order, deal };
}

describe('merge', () => {
  it('shows before what survives and why, and how much moves; writes nothing', async () => {
    const { a, b } = await twins();
    const before = [await whole(a), await whole(b)];
    const preview = await post<MergePreview>('/merges/preview', { object: 'customer', records: [a, b], winner: a });
    const field = (name: string) => preview.fields.find((one) => one.field === name);
    expect(field('mobile')).toMatchObject({
      from: b,
      value: '13800138002',
      reason: { code: 'verified' },
      differs: true,
    });
    expect(field('email')).toMatchObject({ from: b, reason: { code: 'only' } });
    expect(field('need_tags')).toMatchObject({ from: 'all', value: ['售后', '培训'], reason: { code: 'union' } });
    expect(field('number')).toMatchObject({ from: a, reason: { code: 'kept' } });
    expect(preview.fields.findIndex((one) => !one.differs)).toBeGreaterThan(3);
    expect(Object.fromEntries(preview.moves.map((one) => [one.object, one.count]))).toEqual({
      contact: 1,
      interaction: 1,
      opportunity: 1,
      contract: 1,
      sales_order: 1,
    });
    expect([await whole(a), await whole(b)]).toEqual(before);
  });

  it('brings everything along in one change set, also what is append-only, and says where the loser went', async () => {
    const { a, b, contact, call, contract, order, deal } = await twins();
    const [cell] = await db.query<{ cells: Record<string, unknown> }>(
      sql`select cells from w_main.freshness where record = ${b}`,
    );
    const { merge, moved } = await post<{ merge: string; moved: number }>('/merges', {
      object: 'customer',
      records: [a, b],
      winner: a,
      choices: { name: b },
    });
    expect(moved).toBe(5);
    expect(await valuesOf('customer', a)).toMatchObject({
      name: '华讯科技',
      mobile: '13800138002',
      email: 'a@huaxun.cn',
      amount: '100',
    });
    for (const [object, id] of [
      ['contact', contact],
      ['interaction', call],
      ['contract', contract],
      ['sales_order', order],
      ['opportunity', deal],
    ] as const)
      expect((await valuesOf(object, id)).customer).toBe(a);
    await expect(engine.read.get(await ctx(), 'customer', b)).rejects.toMatchObject({ code: 'record-unknown' });
    expect(await get(`/merges/moved/customer/${b}`)).toMatchObject({ record: a, merge });
    // The verified clock of the number went with it: a merge verifies and changes nothing.
    const [now] = await db.query<{ cells: Record<string, unknown> }>(
      sql`select cells from w_main.freshness where record = ${a}`,
    );
    expect(Object.values(now?.cells ?? {})).toContainEqual(Object.values(cell?.cells ?? {})[0]);
    const [set] = await db.query(sql`select kind, count(*) over () as n from w_main.change_set where id = ${merge}`);
    expect(set).toMatchObject({ kind: 'merge' });
    // The contact's freshness is bundled with the customer it now belongs to.
    const [bundle] = await db.query(sql`select bundle from w_main.freshness where record = ${contact}`);
    expect(bundle).toMatchObject({ bundle: a });
    await expect(engine.write.undo(await ctx(), merge)).rejects.toMatchObject({ code: 'undo-is-unmerge' });
  });

  it('makes no call ring twice: what moves along is no new evidence', async () => {
    const { a, b } = await twins();
    await create(
      'interaction',
      { customer: b, kind: 'call', outcome: 'reached', content: '通了', at: new Date().toISOString() },
      0,
    );
    const job = reactJob({
      ...engine,
      catalogs: engine.catalog,
      accessFor: (catalog) => accessFor('admin', catalog),
      reactions: readReactions(),
      now: () => new Date(),
      workspaces: async () => ['main'],
    });
    const run = { id: '', payload: {}, attempt: 0, signal: new AbortController().signal, progress: async () => {} };
    const react = () => caughtUp(db, 'evidence', () => job.handler(run));
    await react();
    const spoken = () => db.query(sql`select record, kind from w_main.evidence_cause order by cause`);
    const before = await spoken();
    expect(before.map(({ record }) => record)).toContain(b);
    await post('/merges', { object: 'customer', records: [a, b], winner: a });
    await react();
    expect(await spoken()).toEqual(before);
  });

  it('lets the winner take a unique value of a loser', async () => {
    const a = await create('product', { name: '泵' });
    const b = await create('product', { name: '泵', code: 'P-1' });
    const { merge } = await post<{ merge: string }>('/merges', { object: 'product', records: [a, b], winner: a });
    expect((await valuesOf('product', a)).code).toBe('P-1');
    await post(`/merges/${merge}/unmerge`, {});
    expect([(await valuesOf('product', a)).code, (await valuesOf('product', b)).code]).toEqual([null, 'P-1']);
  });

  it('needs the right to merge, sight of every field, and the versions that were seen', async () => {
    const { a, b } = await twins();
    const body = { object: 'customer', records: [a, b], winner: a };
    role = 'member';
    await post('/merges', body, 422);
    role = 'admin';
    hidden = 'amount';
    const refused = await post<{ code: string; message: string }>('/merges', body, 422);
    hidden = undefined;
    expect(refused).toMatchObject({ code: 'merge-refused', message: expect.stringContaining('全部字段') });
    await post('/merges', { ...body, versions: { [b]: 1 } }, 409);
    await post('/merges', { ...body, records: [a, a] }, 422);
    expect((await valuesOf('customer', b)).name).toBe('华讯科技');
  });

  it('cannot be used to change anything else of a record out of reach', async () => {
    const { a, b, call } = await twins();
    const joining = { object: 'customer', records: [a, b] };
    for (const set of [{ content: '改写' }, { customer: call }, { customer: a, content: '改写' }]) {
      const { outcomes } = await engine.write.write(
        await ctx(),
        [{ op: 'update', object: 'interaction', id: call, set }],
        { joining },
      );
      expect(outcomes[0]?.issues?.[0]?.code).toBe('merge-beyond');
    }
  });

  it('merges three, and leads on through merges of merges', async () => {
    const { a, b } = await twins();
    const c = await create('customer', { name: '华讯', website: 'https://huaxun.cn' });
    const { moved } = await post<{ moved: number }>('/merges', { object: 'customer', records: [a, b, c], winner: c });
    expect(moved).toBe(6);
    expect((await valuesOf('customer', c)).email).toBe('a@huaxun.cn');
    expect(await get(`/merges/moved/customer/${a}`)).toMatchObject({ record: c });
    const d = await create('customer', { name: '华讯丁' });
    await post('/merges', { object: 'customer', records: [c, d], winner: d });
    expect(await get(`/merges/moved/customer/${a}`)).toMatchObject({ record: d });
  });
});

describe('un-merge', () => {
  it('right away gives back every value, cell and relation', async () => {
    const { a, b, contact, own, call } = await twins();
    const before = [await whole(a), await whole(b)];
    const { merge } = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, b], winner: a });
    const preview = await get<UnmergePreview>(`/merges/${merge}/unmerge`);
    expect(preview).toMatchObject({ questions: [], left: 0, added: [] });
    expect(preview.back.reduce((sum, one) => sum + one.count, 0)).toBe(5);
    expect(await post(`/merges/${merge}/unmerge`, {})).toMatchObject({ restored: [b], back: 5, left: 0 });
    expect([await whole(a), await whole(b)]).toEqual(before);
    expect([(await valuesOf('contact', contact)).customer, (await valuesOf('contact', own)).customer]).toEqual([b, a]);
    expect((await valuesOf('interaction', call)).customer).toBe(b);
    await get(`/merges/moved/customer/${b}`, 404);
    await post(`/merges/${merge}/unmerge`, {}, 409);
    const pairs = await db.query(sql`select state from w_main.duplicate_pair where ${a} in (a, b) and ${b} in (a, b)`);
    expect(pairs).toEqual([{ state: 'different' }]);
  });

  it('months later: edits go where they belong, asked only where they could be of either, what came since stays', async () => {
    const { a, b, contact, own } = await twins();
    const winnerBefore = await valuesOf('customer', a);
    const { merge } = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, b], winner: a });
    // Of b: its mail address survived. Of a: its amount. Of neither: the address both lacked.
    await edit('customer', a, { email: 'new@huaxun.cn', amount: '200', address: '上海市浦东新区世纪大道 100 号' });
    await edit('customer', a, {}, 'mobile');
    await edit('contact', contact, { job_title: '采购' });
    await edit('contact', own, { customer: await create('customer', { name: '别家' }) });
    const added = await create(
      'interaction',
      { customer: a, contact, kind: 'call', content: '新', at: new Date().toISOString() },
      0,
    );
    const preview = await get<UnmergePreview>(`/merges/${merge}/unmerge`);
    expect(preview.questions.map((one) => one.field)).toEqual(['address']);
    expect(preview.added).toMatchObject([{ id: added, suggested: b }]);
    await post(`/merges/${merge}/unmerge`, {}, 422);
    await post(`/merges/${merge}/unmerge`, { answers: { address: b } });
    expect(await valuesOf('customer', a)).toEqual({ ...winnerBefore, amount: '200' });
    expect(await valuesOf('customer', b)).toMatchObject({
      email: 'new@huaxun.cn',
      mobile: '13800138002',
      address: expect.anything(),
    });
    expect(await valuesOf('contact', contact)).toMatchObject({ customer: b, job_title: '采购' });
    expect((await valuesOf('interaction', added)).customer).toBe(a);
    // The number that was confirmed since was b's: so is the confirmation.
    const mobile = (await engine.catalog.get('main')).objects
      .find((one) => one.name === 'customer')
      ?.fields.find((one) => one.name === 'mobile');
    const cells = await db.query<{ record: string; cell: unknown[] | null }>(
      sql`select record, cells->${String(mobile?.id)} as cell from w_main.freshness where record in (${a}, ${b})`,
    );
    expect(cells.find((one) => one.record === a)?.cell).toBeNull();
    expect(Number(cells.find((one) => one.record === b)?.cell?.[1])).toBeGreaterThan(Date.now() / 1000 - 600);
  });

  it('moves what came later when told, and leaves what was pointed elsewhere', async () => {
    const { a, b, contact, deal } = await twins();
    const { merge } = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, b], winner: a });
    const added = await create('contact', { name: '王芳', customer: a }, 0);
    const other = await create('customer', { name: '第三家' });
    await edit('opportunity', deal, { customer: other });
    await engine.write.write(await ctx(), [{ op: 'delete', object: 'contact', id: contact }]);
    expect(await post(`/merges/${merge}/unmerge`, { moves: [{ object: 'contact', id: added, to: b }] })).toMatchObject({
      back: 3,
      left: 2,
    });
    expect((await valuesOf('contact', added)).customer).toBe(b);
    expect((await valuesOf('opportunity', deal)).customer).toBe(other);
  });

  it('is refused, and told nothing of, to who may not merge or does not see every field', async () => {
    const { a, b } = await twins();
    const { merge } = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, b], winner: a });
    // Taken out of the bin by hand: nothing is left to write, but still something to see.
    await engine.write.write(await ctx(), [{ op: 'restore', object: 'customer', id: b }]);
    role = 'member';
    await get(`/merges/${merge}/unmerge`, 422);
    role = 'admin';
    hidden = 'amount';
    await get(`/merges/${merge}/unmerge`, 422);
    await post(`/merges/${merge}/unmerge`, {}, 422);
    hidden = undefined;
    expect(await post(`/merges/${merge}/unmerge`, {})).toMatchObject({ restored: [], back: 5 });
    expect((await valuesOf('customer', b)).mobile).toBe('13800138002');
  });

  it('of a record merged on says which merge comes first', async () => {
    const { a, b } = await twins();
    const c = await create('customer', { name: '华讯集团', email: 'c@huaxun.cn' });
    const first = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, b], winner: a });
    const second = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, c], winner: c });
    await get(`/merges/${first.merge}/unmerge`, 409);
    await post(`/merges/${second.merge}/unmerge`, {});
    await post(`/merges/${first.merge}/unmerge`, {});
    expect((await valuesOf('customer', b)).email).toBe('a@huaxun.cn');
    const list = await get<{ merges: unknown[] }>(`/merges?object=customer&record=${a}`);
    expect(list.merges).toHaveLength(2);
  });

  it('leaves what a later merge brought where it is', async () => {
    const { a, b } = await twins();
    const c = await create('customer', { name: '华讯集团', website: 'https://c.cn' });
    const first = await post<{ merge: string }>('/merges', { object: 'customer', records: [a, b], winner: a });
    await post('/merges', { object: 'customer', records: [a, c], winner: a, choices: { name: c } });
    await post(`/merges/${first.merge}/unmerge`, {});
    expect(await valuesOf('customer', a)).toMatchObject({ name: '华讯集团', website: 'https://c.cn', email: null });
    expect(await valuesOf('customer', b)).toMatchObject({ name: '华讯科技', website: null });
  });
});
