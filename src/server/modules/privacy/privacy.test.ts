import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type Person, type Site } from '../../../../test/support/authorisation.ts';
import type { RetentionRule } from '../../../contract/retention.ts';
import type { SubjectRequest } from '../../../contract/subjects.ts';
import type { Files } from '../../platform/files/files.ts';
import { accessFor } from '../access/index.ts';
import { hasObjected } from '../consent/index.ts';
import { waitingErasures } from './erasure-store.ts';
import { runErasure } from './run-erasure.ts';
import { runRetention } from './run-retention.ts';

let site: Site;
let admin: Person;
let seller: Person;
let now = new Date();
const API = '/api/v1';
const DAY = 86_400_000;

beforeAll(async () => {
  site = await openProduct();
  admin = await site.person('admin', ['admin']);
  seller = await site.person('seller', ['sales']);
  await call('PUT', `/people/${seller.id}/roles`, { roles: ['sales'] });
});

async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  payload?: object,
  who = admin,
): Promise<T> {
  const reply = await who.call({ method, url: API + url, ...(payload && { payload }) });
  if (reply.statusCode >= 300) throw new Error(`${url}: ${reply.body}`);
  return reply.json() as T;
}

async function create(object: string, set: object): Promise<string> {
  const { outcomes } = await call<{ outcomes: { id: string; status: string }[] }>('POST', '/records/changes', {
    changes: [{ op: 'create', object, set }],
  });
  expect(outcomes).toMatchObject([{ status: 'applied' }]);
  return outcomes[0]?.id ?? '';
}

const eraseWaiting = async (signal = new AbortController().signal): Promise<void> => {
  const deps = {
    ...site.engine,
    ...{ files: { remove: async () => undefined } as unknown as Files, recallMessages: async () => 0, now: () => now },
  };
  for (const id of await waitingErasures(site.db, 'main')) await runErasure(deps, 'main', id, signal);
};

describe('retention', () => {
  const told: string[] = [];
  const night = () =>
    runRetention(
      {
        ...site.engine,
        now: () => now,
        fullAccess: (catalog) => accessFor('admin', catalog),
        eraseSoon: async () => undefined,
        tell: async (_tx, _workspace, { account, count }) => void told.push(`${account} ${count}`),
        invite: async () => true,
      },
      'main',
    );
  const id = uuidv7();
  const rule = {
    name: '180 天无往来',
    object: 'customer',
    filter: null,
    clock: 'contact',
    days: 180,
    grace: 30,
    invite: true,
    mode: 'anonymise',
    active: true,
  };
  const rules = async () => (await call<{ rules: RetentionRule[] }>('GET', '/privacy/retention')).rules;
  let old: string[] = [];
  let young = '';

  it('says before what it would reach', async () => {
    old = [];
    for (let n = 0; n < 3; n++)
      old.push(
        await create('customer', {
          ...{
            name: `旧客户${n}号有限公司`,
            mobile: `1391111000${n}`,
            contact_name: '张三丰',
            size: 's',
            region: '330106',
          },
          ...{ owner: seller.id, signed_on: '2020-05-17', amount: '12345.67', remark: `旧客户备注${n}，喜欢喝茶` },
        }),
      );
    young = await create('customer', { name: '新客户有限公司', mobile: '13922220000' });
    await site.db.query(
      sql`update w_main.customer set created_at = now() - interval '400 days' where id = any(${old}::uuid[])`,
    );
    const tried = await call<{ n: number; of: number; samples: { id: string }[] }>(
      'POST',
      '/privacy/retention/try',
      rule,
    );
    expect(tried).toMatchObject({ n: 3, ages: [{ years: 0, n: 3 }] });
    expect(tried.of).toBeGreaterThan(3);
    const bad = { ...rule, filter: { field: 'nothing', op: 'empty' } };
    expect(
      (await admin.call({ method: 'PUT', url: `${API}/privacy/retention/${id}`, payload: bad })).statusCode,
    ).toBeGreaterThanOrEqual(400);
    await call('PUT', `/privacy/retention/${id}`, rule);
  });

  it('warns, tells the owner, invites; keeps whom somebody speaks for and who is in touch again', async () => {
    await night();
    expect(told).toEqual([`${seller.id} 3`]);
    expect(await rules()).toMatchObject([{ warned: 3, kept: 0, done: 0 }]);
    const { cases } = await call<{ cases: { record: string; invitedAt: string | null }[] }>(
      'GET',
      `/privacy/retention/${id}/cases`,
    );
    expect(cases.every(({ invitedAt }) => invitedAt !== null)).toBe(true);
    await night();
    expect(told).toHaveLength(1);
    await call('POST', `/privacy/retention/${id}/keep`, { records: [old[0]], days: 365 });
    await create('interaction', {
      customer: old[1],
      content: '打过电话',
      at: new Date().toISOString(),
      outcome: 'reached',
    });
    now = new Date(Date.now() + 29 * DAY);
    await night();
    await eraseWaiting();
    expect(await rules()).toMatchObject([{ warned: 1, kept: 1, done: 0 }]);
  });

  it('anonymises what is left when the grace is over; statistics stay, the person is nowhere', async () => {
    now = new Date(Date.now() + 31 * DAY);
    await night();
    await eraseWaiting();
    expect(await rules()).toMatchObject([{ warned: 0, kept: 1, done: 1 }]);
    const [row] = await site.db.query(
      sql`select name, mobile, contact_name, remark, region, size, amount::text, signed_on::text, number from w_main.customer where id = ${old[2]}`,
    );
    expect(row).toMatchObject({
      mobile: null,
      contact_name: null,
      remark: null,
      region: '330100',
      size: 's',
      amount: '12000',
      signed_on: '2020-05-01',
      number: null,
    });
    expect(row?.name).toMatch(/^已匿名 [0-9A-F]{6}$/);
    const others = await site.db.query(
      sql`select name from w_main.customer where id = any(${[old[0], old[1], young]}::uuid[]) and mobile is not null and name not like '已匿名%'`,
    );
    expect(others).toHaveLength(3);
    const hits = await call<{ hits: unknown[] }>('GET', `/search?q=${encodeURIComponent('旧客户2号')}`);
    expect(hits.hits).toEqual([]);
    // Done once: the next night finds nobody.
    await night();
    expect(await waitingErasures(site.db, 'main')).toEqual([]);
    const { changeSets } = await call<{ changeSets: { id: string; kind: string }[] }>('GET', '/change-sets');
    const set = changeSets.find(({ kind }) => kind === 'anonymise');
    const undo = await admin.call({ method: 'POST', url: `${API}/change-sets/${set?.id}/undo`, payload: {} });
    expect(undo.json()).toMatchObject({ code: 'undo-erased' });
  });
});

describe('what people ask for', () => {
  it('has a deadline, can be extended once, gives a copy, and is closed by the erasure', async () => {
    const customer = await create('customer', { name: '请求方有限公司' });
    const person = await create('contact', { name: '赵小请', customer, mobile: '13933330000' });
    const made = await call<SubjectRequest>('POST', '/privacy/requests', {
      ...{ object: 'contact', record: person, kind: 'delete', law: 'gdpr', receivedAt: '2026-01-31T02:00:00Z' },
    });
    expect(made).toMatchObject({ dueOn: '2026-02-28', state: 'open', title: '赵小请' });
    expect(made.daysLeft).toBeLessThan(0);
    expect(await call('PATCH', `/privacy/requests/${made.id}`, { extend: true })).toMatchObject({
      dueOn: '2026-04-30',
    });
    expect(
      (
        await admin.call({ method: 'PATCH', url: `${API}/privacy/requests/${made.id}`, payload: { extend: true } })
      ).json(),
    ).toMatchObject({ code: 'request-extended' });
    const copy = await call<{ records: { values: { field: string; text: string }[] }[] }>(
      'GET',
      `/privacy/requests/${made.id}/copy?format=json`,
    );
    expect(copy.records[0]?.values).toContainEqual(
      expect.objectContaining({ field: 'mobile', text: expect.stringContaining('139') }),
    );
    const table = await admin.call({ method: 'GET', url: `${API}/privacy/requests/${made.id}/copy?format=csv` });
    expect(table.body).toContain('赵小请');
    await call('POST', '/privacy/erasures', {
      object: 'contact',
      ids: [person],
      mode: 'erase',
      below: 'erase',
      ground: 'subject',
      request: made.id,
    });
    await eraseWaiting();
    const { requests } = await call<{ requests: SubjectRequest[] }>('GET', `/privacy/requests?record=${person}`);
    expect(requests).toMatchObject([{ state: 'done', title: null }]);
    expect(
      (
        await admin.call({ method: 'PATCH', url: `${API}/privacy/requests/${made.id}`, payload: { state: 'open' } })
      ).json(),
    ).toMatchObject({ code: 'request-closed' });
  });
});

describe('consent', () => {
  it('is in force by its newest word, per channel; noted by who may edit', async () => {
    const customer = await create('customer', { name: '同意方有限公司', owner: seller.id });
    const no = () => hasObjected(site.db, 'main', customer, 'care', 'mail');
    const say = (state: string, channel: string, at?: string) =>
      call(
        'POST',
        `/privacy/consents/customer/${customer}`,
        { purpose: 'care', channel, state, source: 'phone', ...(at && { at }) },
        seller,
      );
    expect(await no()).toBe(false);
    await say('withdrawn', 'any', '2026-01-02T00:00:00Z');
    expect(await no()).toBe(true);
    await say('given', 'wechat', '2026-01-03T00:00:00Z');
    expect(await no()).toBe(true);
    await say('given', 'mail', '2026-01-04T00:00:00Z');
    expect(await no()).toBe(false);
    // What is told late about an earlier day changes nothing.
    await say('refused', 'any', '2026-01-01T00:00:00Z');
    expect(await no()).toBe(false);
    const other = await create('customer', { name: '别人的客户有限公司' });
    const body = { purpose: 'care', channel: 'any', state: 'given', source: 'phone' };
    const reply = await seller.call({
      method: 'POST',
      url: `${API}/privacy/consents/customer/${other}`,
      payload: body,
    });
    expect([403, 404]).toContain(reply.statusCode);
    const { purposes } = await call<{ purposes: { id: string; given: number }[] }>('GET', '/privacy/purposes');
    expect(purposes.find(({ id }) => id === 'care')).toMatchObject({ given: 1 });
  });

  it('keeps every version of the words', async () => {
    const words = { zh: '新的说法', en: 'New words' };
    const body = { label: { zh: '回访', en: 'Calls' }, basis: 'consent', fields: ['customer.amount'], retired: false };
    await call('PUT', '/privacy/purposes/calls', { ...body, words });
    await call('PUT', '/privacy/purposes/calls', { ...body, words });
    await call('PUT', '/privacy/purposes/calls', { ...body, words: { ...words, zh: '再新的说法' } });
    const { purposes } = await call<{ purposes: { id: string }[] }>('GET', '/privacy/purposes');
    expect(purposes.find(({ id }) => id === 'calls')).toMatchObject({
      version: 2,
      separate: true,
      words: { zh: '再新的说法' },
    });
  });
});

it('suggests marks by content, and takes them at a word', async () => {
  await call('POST', '/objects/customer/fields', { name: 'extra', label: { zh: '补充', en: 'Extra' }, type: 'text' });
  for (const extra of ['4111111111111111', '4012888888881881'])
    await create('customer', { name: `卡 ${extra}`, extra });
  const looked = await call<{ marks: { field: string; kind: string }[] }>('POST', '/privacy/marks/look', {});
  expect(looked.marks).toContainEqual(
    expect.objectContaining({ field: 'extra', kind: 'bankcard', sensitivity: 'sensitive' }),
  );
  await call('POST', '/privacy/marks/customer/extra', { accept: true });
  const catalog = await site.engine.catalog.get('main');
  expect(
    catalog.objects.find(({ name }) => name === 'customer')?.fields.find(({ name }) => name === 'extra')?.sensitivity,
  ).toBe('sensitive');
  const overview = await call<{ fields: { field: string; values: number }[] }>('GET', '/privacy');
  expect(overview.fields).toContainEqual(expect.objectContaining({ field: 'extra', values: 2 }));
});

it('an erasure that was cut off goes on', async () => {
  const customer = await create('customer', { name: '中断方有限公司' });
  const person = await create('contact', { name: '钱断断', customer, mobile: '13955558888' });
  await call('POST', '/privacy/erasures', {
    object: 'contact',
    ids: [person],
    mode: 'erase',
    below: 'erase',
    ground: 'other',
  });
  await expect(eraseWaiting(AbortSignal.abort())).rejects.toThrow(/^erasure \S+: /);
  const there = () => site.db.query(sql`select from w_main.contact where id = ${person}`);
  expect(await there()).toHaveLength(1);
  await eraseWaiting();
  expect(await there()).toEqual([]);
  expect(await site.db.query(sql`select from w_main.tombstone where record = ${person}`)).toHaveLength(1);
  const { changeSets } = await call<{ changeSets: { kind: string; status: string }[] }>('GET', '/change-sets');
  expect(changeSets.filter(({ kind }) => kind === 'erase').every(({ status }) => status === 'done')).toBe(true);
});
