import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { savePolicy } from '../freshness/policy-store.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { reactToRecords } from './react-to-records.ts';
import { readReactions } from './reactions.ts';

const DAY = 86_400_000;
let db: Db;
let engine: Engine;
/** What the caller sees of customers' mail addresses. */
let mail: FieldMode = 'edit';

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  evidenceRoutes(app, { ...engine, ctxOf: async () => ctx() });
});

let admin: As;
beforeAll(async () => {
  admin = await server.account('admin');
});

async function ctx(at = new Date()): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  if (access.objects.customer) access.objects.customer.fields.email = mail;
  return { workspace: 'main', actor: 'key:erp', source: 'api', access, at, lang: 'zh' };
}

async function create(object: string, set: Record<string, unknown>, daysAgo = 200): Promise<string> {
  const { outcomes } = await engine.write.write(await ctx(new Date(Date.now() - daysAgo * DAY)), [
    { op: 'create', object, set },
  ]);
  expect(outcomes[0]?.issues).toBeUndefined();
  return outcomes[0]?.id ?? '';
}

/** Confidence and signal of a field; undefined where the record's default stands. */
async function cell(object: string, id: string, field: string): Promise<[number, string | undefined] | undefined> {
  const catalog = await engine.catalog.get('main');
  const found = catalog.objects.find((one) => one.name === object)?.fields.find((one) => one.name === field);
  const [row] = await db.query<{ cells: Record<string, CellTuple> | null }>(
    sql`select cells from w_main.freshness where record = ${id}`,
  );
  const tuple = row?.cells?.[found?.id ?? 0];
  return tuple && [tuple[0], tuple[6]];
}

async function react(): Promise<void> {
  await settled(db);
  const deps = {
    db,
    write: engine.write,
    catalogs: engine.catalog,
    plans: engine.plans,
    accessFor: (catalog: Parameters<typeof accessFor>[1]) => accessFor('admin', catalog),
    reactions: readReactions(),
    now: () => new Date(),
  };
  while (await reactToRecords(deps, 'main'));
}

const versionOf = async (id: string): Promise<number> => {
  const [row] = await db.query<{ version: number }>(sql`select version from w_main.customer where id = ${id}`);
  return row?.version ?? 0;
};

describe('what records tell', () => {
  it('a call that connected raises the number dialled, once, however often the outbox is read', async () => {
    const customer = await create('customer', { name: '甲', mobile: '13800138001', phone: '010-62345678' });
    await create(
      'interaction',
      { customer, kind: 'call', outcome: 'reached', content: '聊了', at: new Date().toISOString() },
      0,
    );
    await react();
    expect(await cell('customer', customer, 'mobile')).toEqual([expect.closeTo(0.99, 1), 'call-connected']);
    expect(await cell('customer', customer, 'phone')).toBeUndefined();
    const version = await versionOf(customer);
    await db.query(
      sql`update w_main.outbox_cursor set txid = '0', change_set = '00000000-0000-0000-0000-000000000000'`,
    );
    await react();
    expect(await versionOf(customer)).toBe(version);
  });

  it('speaks of the contact when there is one, and sinks what a wrong number belies', async () => {
    const customer = await create('customer', { name: '乙', mobile: '13800138002' });
    const contact = await create('contact', { name: '李四', customer, mobile: '13800138003' });
    await create('interaction', { customer, contact, kind: 'call', outcome: 'wrong-number', content: '打错' }, 0);
    await react();
    expect((await cell('contact', contact, 'mobile'))?.[0]).toBeLessThan(0.3);
    expect(await cell('customer', customer, 'mobile')).toBeUndefined();
  });

  it('a delivery speaks when the order is done, and an event only of fields a policy names', async () => {
    const customer = await create('customer', {
      name: '丙',
      address: '上海市浦东新区世纪大道 100 号',
      customer_type: 'signed',
    });
    const order = await create('sales_order', { customer, status: 'open' }, 0);
    await react();
    expect(await cell('customer', customer, 'address')).toBeUndefined();
    const policies = [
      {
        object: 'customer',
        field: 'customer_type',
        priority: 'high' as const,
        threshold: 0.9,
        after: ['after-delivery'],
      },
    ];
    await db.tx((tx) => savePolicy(tx, 'main', 'user:a', { policies, scenario: null }));
    engine.plans.invalidate('main');
    await engine.write.write(await ctx(), [
      { op: 'update', object: 'sales_order', id: order, set: { status: 'done' } },
    ]);
    await react();
    expect((await cell('customer', customer, 'address'))?.[1]).toBe('parcel-signed');
    const [confidence, signal] = (await cell('customer', customer, 'customer_type')) ?? [];
    expect(signal).toBe('after-delivery');
    expect(confidence).toBeLessThan(0.5);
    const [due] = await db.query<{ due: boolean }>(
      sql`select due_at <= now() as due from w_main.freshness where record = ${customer}`,
    );
    expect(due?.due).toBe(true);
  });
});

describe('what is taken back', () => {
  const callOf = (customer: string, outcome = 'reached') =>
    create('interaction', { customer, kind: 'call', outcome, content: '聊了', at: new Date().toISOString() }, 0);
  const undoLast = async () => {
    const [set] = await db.query<{ id: string }>(
      sql`select id from w_main.change_set where kind <> 'evidence' order by id desc limit 1`,
    );
    return (await engine.write.undo(await ctx(), set?.id ?? '')).changeSet;
  };

  it('goes with an interaction that is undone, and comes back with it', async () => {
    const customer = await create('customer', { name: '辛', mobile: '13800138020' });
    await callOf(customer);
    await react();
    expect((await cell('customer', customer, 'mobile'))?.[1]).toBe('call-connected');
    const undone = await undoLast();
    await react();
    expect(await cell('customer', customer, 'mobile')).toBeUndefined();
    await engine.write.undo(await ctx(), undone);
    await react();
    expect((await cell('customer', customer, 'mobile'))?.[1]).toBe('call-connected');
  });

  it('leaves what was seen since, and what another call said', async () => {
    const customer = await create('customer', { name: '壬', mobile: '13800138021' });
    await callOf(customer, 'wrong-number');
    await react();
    await callOf(customer, 'no-answer');
    await react();
    await undoLast();
    await react();
    expect((await cell('customer', customer, 'mobile'))?.[1]).toBe('call-wrong-person');
    await callOf(customer);
    await react();
    await engine.write.write(await ctx(new Date(Date.now() - 1000)), [
      { op: 'update', object: 'customer', id: customer, verify: { fields: ['mobile'], method: 'phone' } },
    ]);
    const [call] = await db.query<{ set: string }>(
      sql`select created_in as set from w_main.interaction where customer = ${customer} order by id desc limit 1`,
    );
    await engine.write.undo(await ctx(), call?.set ?? '');
    await react();
    expect(await cell('customer', customer, 'mobile')).toEqual([0.99, undefined]);
  });

  it('follows a record that is corrected or deleted', async () => {
    const address = '上海市浦东新区世纪大道 100 号';
    const customer = await create('customer', { name: '癸', address });
    const order = await create('sales_order', { customer, status: 'done' }, 0);
    await react();
    expect((await cell('customer', customer, 'address'))?.[1]).toBe('parcel-signed');
    const change = async (more: object) =>
      engine.write.write(await ctx(), [{ op: 'update', object: 'sales_order', id: order, ...more }]);
    await change({ set: { status: 'open' } });
    await react();
    expect(await cell('customer', customer, 'address')).toBeUndefined();
    await change({ set: { status: 'done' } });
    await react();
    expect((await cell('customer', customer, 'address'))?.[1]).toBe('parcel-signed');
    await change({ op: 'delete' });
    await react();
    expect(await cell('customer', customer, 'address')).toBeUndefined();
  });

  it('goes with an import of many that is undone', async () => {
    const customers: string[] = [];
    for (let i = 0; i < 25; i++)
      customers.push(await create('customer', { name: `客${i}`, mobile: `1380013${8100 + i}` }));
    const at = new Date().toISOString();
    const changes = customers.map((customer) => ({
      op: 'create' as const,
      object: 'interaction',
      set: { customer, kind: 'call', outcome: 'reached', content: '聊了', at },
    }));
    const { changeSet } = await engine.write.write(await ctx(), changes);
    await react();
    expect((await cell('customer', customers[24] ?? '', 'mobile'))?.[1]).toBe('call-connected');
    await engine.write.undo(await ctx(), changeSet ?? '');
    await react();
    expect(await cell('customer', customers[24] ?? '', 'mobile')).toBeUndefined();
    expect(await cell('customer', customers[0] ?? '', 'mobile')).toBeUndefined();
  });
});

describe('POST /evidence', () => {
  const post = async (evidence: object[]) => {
    const reply = await admin({ method: 'POST', url: '/api/v1/evidence', payload: { evidence } });
    return reply.json<{
      outcomes: { status: string; records: string[]; issues?: { code: string; message: string }[] }[];
    }>();
  };

  it('finds records by a value, applies each ref once, and says what became of every item', async () => {
    const customer = await create('customer', { name: '丁', email: 'ding@Example.com' });
    const bounced = {
      kind: 'mail-bounced',
      object: 'customer',
      match: { field: 'email', value: ' Ding@example.com ' },
      ref: 'msg-1',
    };
    const { outcomes } = await post([
      bounced,
      bounced,
      { ...bounced, ref: 'msg-2', match: { field: 'email', value: 'nobody@example.com' } },
      { ...bounced, ref: 'msg-3', kind: 'telepathy' },
      { kind: 'registry', object: 'customer', id: customer, fields: ['name'], ref: 'reg-1' },
      { kind: 'registry', object: 'customer', id: customer, ref: 'reg-2' },
    ]);
    expect(outcomes.map((one) => one.status)).toEqual([
      'applied',
      'duplicate',
      'not-found',
      'rejected',
      'applied',
      'rejected',
    ]);
    expect(outcomes[0]?.records).toEqual([customer]);
    expect(outcomes[3]?.issues?.[0]).toMatchObject({
      code: 'evidence-unknown',
      message: expect.stringContaining('telepathy'),
    });
    expect((await cell('customer', customer, 'email'))?.[0]).toBeLessThan(0.3);
    expect((await cell('customer', customer, 'name'))?.[0]).toBe(0.999);
    const version = await versionOf(customer);
    expect((await post([bounced])).outcomes[0]?.status).toBe('duplicate');
    expect(await versionOf(customer)).toBe(version);
  });

  it('counts once when two requests bring the same ref at the same time', async () => {
    const customer = await create('customer', { name: '戊', mobile: '13800138009' });
    const before = await versionOf(customer);
    const item = { kind: 'call-dead', object: 'customer', id: customer, ref: 'race' };
    const replies = await Promise.all(Array.from({ length: 5 }, () => post([item])));
    expect(replies.map((reply) => reply.outcomes[0]?.status).sort()).toEqual([
      'applied',
      ...Array.from({ length: 4 }, () => 'duplicate'),
    ]);
    expect(await versionOf(customer)).toBe(before + 1);
  });

  it('finds nothing through fields that the caller may not read', async () => {
    await create('customer', { name: '己', email: 'ji@example.com' });
    const match = { field: 'email', value: 'ji@example.com' };
    const item = { kind: 'mail-bounced', object: 'customer', match, ref: 'secret' };
    mail = 'masked';
    const { outcomes } = await post([item]);
    mail = 'edit';
    expect(outcomes[0]).toMatchObject({ status: 'rejected', records: [], issues: [{ code: 'field-unknown' }] });
    expect((await post([item])).outcomes[0]?.status).toBe('applied');
  });
});

describe('the table of kinds', () => {
  it('is edited by row, speaks with the new figures at once, and goes back to the default', async () => {
    const put = (kind: string, payload: object) =>
      admin({ method: 'PUT', url: `/api/v1/evidence/kinds/${kind}`, payload });
    const rows = async () => {
      const reply = await admin({ method: 'GET', url: '/api/v1/evidence/kinds' });
      const { kinds } = reply.json<{ kinds: { kind: string; edited: boolean; ifWrong?: number }[] }>();
      return new Map(kinds.map((kind) => [kind.kind, kind]));
    };
    expect(
      (
        await put('fax-answered', {
          label: { zh: '传真有回', en: 'Fax answered' },
          fields: ['customer.phone'],
          ifRight: 0.5,
          ifWrong: 0.01,
        })
      ).statusCode,
    ).toBe(200);
    expect((await put('call-dead', { ifRight: 0.3, ifWrong: 0.3 })).statusCode).toBe(200);
    expect((await rows()).get('call-dead')).toMatchObject({ edited: true, ifWrong: 0.3 });
    const customer = await create('customer', { name: '庚', phone: '010-62345679', mobile: '13800138010' });
    const item = (kind: string) => ({ kind, object: 'customer', id: customer, ref: `k-${kind}` });
    const reply = await admin({
      method: 'POST',
      url: '/api/v1/evidence',
      payload: { evidence: [item('fax-answered'), item('call-dead')] },
    });
    expect(reply.json<{ outcomes: { status: string }[] }>().outcomes.map((one) => one.status)).toEqual([
      'applied',
      'applied',
    ]);
    // A likelihood ratio of one says nothing.
    expect((await cell('customer', customer, 'mobile'))?.[0]).toBeGreaterThan(0.75);
    await admin({ method: 'DELETE', url: '/api/v1/evidence/kinds/call-dead' });
    await admin({ method: 'DELETE', url: '/api/v1/evidence/kinds/fax-answered' });
    expect((await rows()).get('call-dead')).toMatchObject({ edited: false });
    expect((await rows()).has('fax-answered')).toBe(false);
  });
});
