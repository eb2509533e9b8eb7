import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EncryptionState } from '../src/contract/encryption.ts';
import type { Product } from '../src/server/app.ts';
import type { Db } from '../src/server/platform/postgres/db.ts';
import { API, asking, type Call, testProduct, until } from './support/product.ts';
import { databaseFolder, filesWith, tablesWith } from './support/traces.ts';

// What is encrypted is nowhere in plain: a value goes through everything that keeps copies, and is then looked for in every row of every schema, the
// statistics, the log, and the bytes of the database's files.

/** Values that occur nowhere else. */
const VALUES = {
  first: 'marker-4471-first',
  second: 'marker-4471-second',
  third: 'marker-4471-third',
  proposed: 'marker-4471-proposed',
  agreed: 'marker-4471-agreed',
  twin: 'marker-4471-twin',
  imported: 'marker-4471-imported',
  refused: 'marker-4471-refused',
};
const MARKER = 'marker-4471';
let db: Db;
let product: Product;
let logged: string[];
let call: Call;
let colleague: Call;

beforeAll(async () => {
  const made = await testProduct();
  ({ db, product, logged } = made);
  call = await made.as('wang');
  colleague = await made.as('li');
}, 60_000);

const post = <T>(url: string, payload: object, headers: Record<string, string> = {}, by = call): Promise<T> =>
  asking(by).post<T>(url, payload, headers);
const get = <T>(url: string, by = call): Promise<T> => asking(by).get<T>(url);
interface Written {
  changeSet: string;
  outcomes: { id: string; status: string; approval?: string; values?: Record<string, unknown> }[];
}
const write = (changes: object[], headers: Record<string, string> = {}, more: object = {}) =>
  post<Written>('/records/changes', { changes, ...more }, headers);
const edit = (id: string, note: string, headers = {}, more = {}) =>
  write([{ op: 'update', object: 'customer', id, set: { secret: note } }], headers, more);

const secretOf = async (id: string) =>
  (await get<{ rows: { values: { secret: string } }[] }>(`/records/customer/${id}`)).rows[0]?.values.secret;

let customer = '';

describe('an encrypted field of the whole product', { timeout: 120_000 }, () => {
  it('is offered by the designer, and refused with the reason where it can’t be', async () => {
    const field = { label: { zh: '机密', en: 'Secret' }, encrypted: true };
    await post('/objects/customer/fields', { ...field, name: 'secret', type: 'text', search: 'text', match: 'exact' });
    const refused = await call({
      ...{ method: 'POST', url: `${API}/objects/customer/fields` },
      payload: { ...field, name: 'secret_sum', type: 'money' },
    });
    expect(refused.json()).toMatchObject({ code: 'encrypt-type' });
  });

  it('goes through everything that keeps copies', async () => {
    const made = await write(
      [{ op: 'create', object: 'customer', set: { name: '杭州青禾科技有限公司', secret: VALUES.first } }],
      { 'idempotency-key': 'make' },
    );
    customer = made.outcomes[0]?.id ?? '';
    const again = await write(
      [{ op: 'create', object: 'customer', set: { name: '杭州青禾科技有限公司', secret: VALUES.first } }],
      { 'idempotency-key': 'make' },
    );
    expect(again.outcomes[0]).toMatchObject({ id: customer, status: 'applied' });
    expect(again.outcomes[0]?.values).not.toHaveProperty('secret');
    // Past, undo, a conflict, one that is refused.
    const { changeSet } = await edit(customer, VALUES.second, { 'idempotency-key': 'edit' });
    await post(`/change-sets/${changeSet}/undo`, {});
    await edit(customer, VALUES.third);
    expect(await secretOf(customer)).toBe(VALUES.third);
    // A proposal that is accepted, one that waits, and one that is refused.
    const propose = (secret: string) =>
      post<{ outcomes: { id: string }[] }>('/proposals', {
        proposals: [{ object: 'customer', id: customer, set: { secret } }],
      });
    const [accepted] = (await propose(VALUES.proposed)).outcomes;
    const { proposals } = await get<{ proposals: { fields: { wantedText: string; beforeText: string }[] }[] }>(
      '/proposals',
    );
    expect(proposals[0]?.fields[0]).toMatchObject({ wantedText: VALUES.proposed, beforeText: VALUES.third });
    await post(`/proposals/${accepted?.id}/accept`, {});
    expect(await secretOf(customer)).toBe(VALUES.proposed);
    const [dropped] = (await propose(VALUES.second)).outcomes;
    await post(`/proposals/${dropped?.id}/reject`, {});
    await propose(VALUES.first);
    // A duplicate that is merged, and parted again.
    const twin = await write([
      { op: 'create', object: 'customer', set: { name: '杭州青禾科技', secret: VALUES.twin } },
    ]);
    const loser = twin.outcomes[0]?.id ?? '';
    await post('/merges', {
      ...{ object: 'customer', winner: customer, records: [customer, loser], choices: { secret: loser } },
    });
    expect(await secretOf(customer)).toBe(VALUES.twin);
    const { merges } = await get<{ merges: { id: string }[] }>(`/merges?object=customer&record=${customer}`);
    await post(`/merges/${merges[0]?.id}/unmerge`, { proposed: true });
    expect([await secretOf(customer), await secretOf(loser)]).toEqual([VALUES.proposed, VALUES.twin]);
    // Looked for, exported, looked back at.
    const filter = { field: 'secret', op: 'eq', value: VALUES.twin };
    const found = await post<{ rows: { id: string }[] }>('/records/query', { object: 'customer', filter });
    expect(found.rows.map(({ id }) => id)).toEqual([loser]);
    const file = await call({
      ...{ method: 'POST', url: `${API}/records/export` },
      payload: { query: { object: 'customer' }, format: 'csv' },
    });
    expect(file.body).toContain(VALUES.twin);
    const { entries } = await get<{ entries: object[] }>(`/records/customer/${customer}/history`);
    expect(JSON.stringify(entries)).toContain(VALUES.second);
  });

  it('waits for approval as ciphertext, and is written as what was agreed to', async () => {
    await call({
      ...{ method: 'PATCH', url: `${API}/objects/customer/fields/secret` },
      payload: { sensitivity: 'sensitive' },
    });
    await db.query(
      sql`update w_main.field_def set definition = definition || '{"protected": true}' where name = 'secret'`,
    );
    await db.query(sql`update w_main.catalog_version set version = version + 1`);
    product.engine.catalog.invalidate('main');
    const rule = {
      ...{ id: '018f0000-0000-7000-8000-0000000000b1', kind: 'protected', above: 0, hours: 24, exceptAdmins: false },
      decider: { by: 'role', role: 'admin' },
    };
    const { version } = await get<{ version: number }>('/approvals/rules');
    const rules = await call({ method: 'PUT', url: `${API}/approvals/rules`, payload: { version, rules: [rule] } });
    if (rules.statusCode >= 300) throw new Error(rules.body);
    const held = await edit(customer, VALUES.agreed, {}, { reason: '客户来电' });
    expect(held.outcomes[0]?.status).toBe('held');
    const id = held.outcomes[0]?.approval ?? '';
    const { hash, facts } = await get<{ hash: string; facts: object }>(`/approvals/${id}`, colleague);
    expect(JSON.stringify(facts)).toContain(VALUES.agreed);
    await post(`/approvals/${id}/decision`, { approve: true, hash }, {}, colleague);
    await until(
      () => secretOf(customer),
      (secret) => secret === VALUES.agreed,
    );
    await call({ method: 'PUT', url: `${API}/approvals/rules`, payload: { version: version + 1, rules: [] } });
  });

  it('is imported, matched by, and left out beside rows that were refused', async () => {
    const csv = [
      '客户名称,机密,合作金额',
      `杭州青禾科技有限公司新名,${VALUES.agreed},1000`,
      `宁波海港物流有限公司,${VALUES.imported},2000`,
      `,${VALUES.refused},不是数`,
    ].join('\n');
    const made = await call({
      ...{ method: 'POST', url: `${API}/imports?name=x.csv&object=customer`, payload: Buffer.from(csv) },
      headers: { 'content-type': 'application/octet-stream' },
    });
    const { id } = made.json() as { id: string };
    type Run = { state: string; settings: { matchKeys: object }; result?: object; preview?: object };
    const state = (wanted: string[]) =>
      until(
        () => get<Run>(`/imports/${id}`),
        (run) => wanted.includes(run.state),
      );
    const { settings } = await state(['mapping', 'ready', 'failed']);
    await call({
      ...{ method: 'PUT', url: `${API}/imports/${id}/settings` },
      payload: { ...settings, matchKeys: { customer: ['secret'] }, onMatch: 'update' },
    });
    await state(['ready']);
    await post(`/imports/${id}/start`, {});
    expect(await state(['done', 'failed'])).toMatchObject({ state: 'done' });
    const row = await get<{ rows: { values: { name: string } }[] }>(`/records/customer/${customer}`);
    expect(row.rows[0]?.values.name).toBe('杭州青禾科技有限公司新名');
    const [reject] = await db.query<{ cells: string[]; problems: { zh: string }[] }>(
      sql`select cells, problems from w_main.import_reject`,
    );
    expect(reject?.cells).toEqual(['', '', '不是数']);
    expect(reject?.problems.map(({ zh }) => zh).join()).toContain('加密字段');
  });

  it('is nowhere in plain', async () => {
    await db.query(sql`analyze`);
    expect(await tablesWith(db, [MARKER])).toEqual({});
    expect(logged.join('\n')).not.toContain(MARKER);
    expect(filesWith(await databaseFolder(db), [MARKER])).toEqual([]);
  });

  it('gets another master key from the page, in the background', async () => {
    const before = await get<EncryptionState>('/encryption');
    expect(before.fields).toMatchObject([{ object: 'customer', field: 'secret', moving: null }]);
    await post('/encryption/rotation', {});
    const after = await until(
      () => get<EncryptionState>('/encryption'),
      ({ rotation }) => rotation?.finishedAt != null,
    );
    const old = after.masters.find(({ state }) => state === 'left');
    expect(old?.id).toBe(before.masters[0]?.id);
    const gone = await call({ method: 'DELETE', url: `${API}/encryption/masters/${old?.id}` });
    expect(gone.json()).toMatchObject({ masters: [{ state: 'current', here: true }], missing: [] });
    expect(await secretOf(customer)).toBe(VALUES.agreed);
  });
});
