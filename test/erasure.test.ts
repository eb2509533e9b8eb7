import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp, restore } from '../src/server/backups.ts';
import { createEngine } from '../src/server/engine.ts';
import { finishErasures, scrub } from '../src/server/modules/privacy/index.ts';
import { openOutgoing } from '../src/server/outgoing.ts';
import { openFiles } from '../src/server/platform/files/files.ts';
import { openKeys } from '../src/server/platform/keys.ts';
import { createLog } from '../src/server/platform/log.ts';
import type { Db } from '../src/server/platform/postgres/db.ts';
import { settled, testDatabase } from './support/database.ts';
import { API, asking, type Call, testProduct, until } from './support/product.ts';
import { databaseFolder, filesWith, tablesWith } from './support/traces.ts';

// The bar of issue 4: after erasing a person no copy of his values in any table, index, file, log or dump made afterwards. He is taken through everything
// that copies values, erased, and then looked for in the bytes.

/** Values that occur nowhere else, as stored and as typed; with what search makes of them. */
const PERSON = {
  name: '欧阳璐澜漪',
  pinyin: ['ouyanglulanyi', 'oylly'],
  mobile: '13962745918',
  typed: '139-6274-5918',
  newMobile: '13962745919',
  email: 'luyi.ouyang@marker-9317.example',
  wechat: 'ouy_marker9317',
  note: '她爱人在老城根小学教书，周三下午不接电话9317',
  address: '杭州市西湖区文三路标记小区93幢17室',
};
/** Much like hers, and nobody's business of hers. */
const BYSTANDER = { name: '欧阳璐', mobile: '13700001111', remark: '杭州市西湖区文三路标记小区9幢' };
const MARKERS = [
  ...[PERSON.name, ...PERSON.pinyin, PERSON.mobile, PERSON.typed, PERSON.newMobile, '3962745'],
  ...[PERSON.email, 'marker-9317', PERSON.wechat, 'marker9317', PERSON.note, '老城根小学', PERSON.address],
];

let db: Db;
let call: Call;
let directory: string;
let logged: string[];
let post: ReturnType<typeof asking>['post'];
let get: ReturnType<typeof asking>['get'];

beforeAll(async () => {
  const made = await testProduct();
  ({ db, directory, logged } = made);
  call = await made.as('wang');
  ({ post, get } = asking(call));
}, 60_000);

interface Written {
  changeSet: string;
  outcomes: { id: string; status: string }[];
}
const write = (changes: object[], headers: Record<string, string> = {}, more: object = {}) =>
  post<Written>('/records/changes', { changes, ...more }, headers);

const backups = mkdtempSync(join(tmpdir(), 'xianke-backups-'));
afterAll(() => rmSync(backups, { recursive: true, force: true }));
const key = randomBytes(32);
let older = '';
let contact = '';
let customer = '';
let bystander = '';

describe('a person who was everywhere', { timeout: 120_000 }, () => {
  it('is copied to many places', async () => {
    [customer = ''] = (
      await write([
        {
          op: 'create',
          object: 'customer',
          set: { name: '杭州青禾科技有限公司', contact_name: PERSON.name, mobile: PERSON.mobile },
        },
      ])
    ).outcomes.map(({ id }) => id);
    const set = { name: PERSON.name, customer, mobile: PERSON.typed, email: PERSON.email, wechat: PERSON.wechat };
    [bystander = ''] = (
      await write([
        {
          op: 'create',
          object: 'customer',
          set: {
            name: `${BYSTANDER.name}的店`,
            contact_name: BYSTANDER.name,
            mobile: BYSTANDER.mobile,
            remark: BYSTANDER.remark,
          },
        },
      ])
    ).outcomes.map(({ id }) => id);
    // Through the API, with a key for repetition.
    [contact = ''] = (
      await write([{ op: 'create', object: 'contact', set: { ...set, remark: PERSON.note } }], {
        'idempotency-key': 'make-1',
      })
    ).outcomes.map(({ id }) => id);
    // Past values.
    await write([{ op: 'update', object: 'contact', id: contact, set: { mobile: PERSON.newMobile } }]);
    const edit = await write(
      [{ op: 'update', object: 'contact', id: contact, set: { remark: `${PERSON.note}；改` } }],
      {
        'idempotency-key': `about ${PERSON.newMobile}`,
      },
    );
    await post(`/change-sets/${edit.changeSet}/undo`, {});
    // Words about her elsewhere, one of them with a reason.
    await write([
      {
        op: 'create',
        object: 'interaction',
        set: { customer, contact, content: `与${PERSON.name}通话：${PERSON.note}`, at: new Date().toISOString() },
      },
      { op: 'update', object: 'customer', id: customer, set: { remark: `发票寄${PERSON.address}，${PERSON.name}收` } },
    ]);
    await write(
      [{ op: 'update', object: 'contact', id: contact, set: { remark: PERSON.address } }],
      {},
      { reason: `${PERSON.name}来电要求` },
    );
    // A duplicate that is merged into her, and one that goes to the bin.
    const twin = await write([{ op: 'create', object: 'contact', set: { ...set, mobile: PERSON.newMobile } }]);
    const loser = twin.outcomes[0]?.id ?? '';
    await post('/merges', { object: 'contact', winner: contact, records: [contact, loser] });
    // Searches, a view, a mass operation, an export.
    await get(`/search?q=${encodeURIComponent(PERSON.name)}`);
    await post('/records/query', { object: 'contact', search: PERSON.mobile });
    await post('/views', {
      object: 'contact',
      name: '她',
      definition: { columns: [], filter: { field: 'mobile', op: 'eq', value: PERSON.newMobile } },
    });
    await post('/mass', {
      target: { object: 'contact', ids: [contact] },
      action: { kind: 'set', field: 'job_title', value: '经理' },
    });
    await call({
      method: 'POST',
      url: `${API}/records/export`,
      payload: { query: { object: 'contact' }, format: 'xlsx' },
    });
    // A letter.
    await post('/privacy/requests', {
      object: 'contact',
      record: contact,
      kind: 'delete',
      law: 'pipl',
      note: `${PERSON.name}写信来`,
    });
    await post(`/privacy/consents/contact/${contact}`, {
      purpose: 'care',
      channel: 'any',
      state: 'given',
      source: 'paper',
      note: PERSON.email,
    });
  });

  it('is in a file that was imported, with rows that were refused', async () => {
    const csv = [
      '客户名称,联系人,手机,邮箱,合作金额,备注',
      `杭州青禾科技有限公司,${PERSON.name},${PERSON.typed},${PERSON.email},1000,${PERSON.note}`,
      `,${PERSON.name},${PERSON.newMobile},${PERSON.email},不是数,${PERSON.note}`,
      `,${BYSTANDER.name},${BYSTANDER.mobile},other@bystander.example,不是数,${BYSTANDER.remark}`,
    ].join('\n');
    const made = await call({
      method: 'POST',
      url: `${API}/imports?name=${encodeURIComponent(`${PERSON.name}.csv`)}&object=customer`,
      payload: Buffer.from(csv),
      headers: { 'content-type': 'application/octet-stream' },
    });
    const { id } = made.json() as { id: string };
    type Run = { state: string; settings: object };
    const state = (wanted: string[]) =>
      until(
        () => get<Run>(`/imports/${id}`),
        (run) => wanted.includes(run.state),
      );
    const mapped = await state(['mapping', 'ready', 'failed']);
    if (mapped.state === 'mapping')
      await call({ method: 'PUT', url: `${API}/imports/${id}/settings`, payload: mapped.settings });
    await state(['ready']);
    await post(`/imports/${id}/start`, {});
    await state(['done']);
    // An export that waits to be fetched, with its mark between the letters.
    const kept = '018f0000-0000-7000-8000-0000000000a1';
    mkdirSync(join(directory, 'files', kept.slice(-2)), { recursive: true });
    writeFileSync(join(directory, 'files', kept.slice(-2), kept), `姓名,手机\n${PERSON.name},1396274\u200b5918\n`);
    await db.query(sql`insert into xianke.file (id, workspace, name, type, size, sha256, created_by)
      values (${kept}, 'main', '联系人.csv', 'text/csv', 60, '', 'user:x')`);
    await db.query(sql`insert into w_main.export_file (id, at, actor, source, object, format, query, state, file, name)
      values (gen_random_uuid(), now(), 'user:x', 'page', 'contact', 'csv', ${JSON.stringify({ search: PERSON.name })}, 'done', ${kept}, '联系人.csv')`);
    const [rejects] = await db.query<{ n: number }>(sql`select count(*)::int as n from w_main.import_reject`);
    expect(rejects?.n).toBeGreaterThan(0);
  });

  it('is found in tables, files and the index before', async () => {
    const found = Object.keys(await tablesWith(db, MARKERS)).map((name) => name.replace('w_main.', ''));
    for (const table of [
      'contact',
      'customer',
      'delta',
      'search_entry',
      'import_reject',
      'view_def',
      'change_set',
      'interaction',
      'subject_request',
      'consent',
      'mass_run',
    ])
      expect(found).toContain(table);
    expect(filesWith(directory, MARKERS).length).toBeGreaterThan(0);
  });

  it('is in a backup that shows nothing by itself', async () => {
    const made = await backUp(db, { directory: backups, dataDir: directory, key, at: new Date() });
    older = made.path;
    expect(made.rows).toBeGreaterThan(300);
    expect(filesWith(backups, MARKERS)).toEqual([]);
  });

  it('is nowhere after, and the audit log verifies', async () => {
    await settled(db);
    // As autovacuum does by and by: the commonest values of each column are kept beside it.
    await db.query(sql`analyze`);
    const preview = await post<{ records: { object: string; n: number }[]; mentions: { object: string }[] }>(
      '/privacy/erasures/preview',
      { object: 'contact', ids: [contact], mode: 'erase', below: 'erase' },
    );
    expect(preview.mentions.map(({ object }) => object).sort()).toContain('customer');
    const size = await sealedSize();
    const made = await post<{ id: string }>('/privacy/erasures', {
      ...{ object: 'contact', ids: [contact], mode: 'erase', below: 'erase', ground: 'subject' },
    });
    const done = await until(
      () => get<{ state: string; error: string | null; report: object }>(`/privacy/erasures/${made.id}`),
      ({ state }) => state === 'done' || state === 'failed',
    );
    expect(done).toMatchObject({ state: 'done', error: null });
    expect(await get(`/search?q=${encodeURIComponent(PERSON.name)}`)).toMatchObject({ hits: [] });
    // The search just made is a private part of the log: the next erasure of nothing would not take it, so it goes as a person's would.
    await db.query(sql`update w_main.audit_pending set private = null where private::text like ${`%${PERSON.name}%`}`);
    await db.query(
      sql`update w_main.audit_entry set private = null, salt = null where private::text like ${`%${PERSON.name}%`}`,
    );
    await until(
      async () => {
        await scrub(db, 'main');
        return get<{ scrubbed: boolean }>(`/privacy/erasures/${made.id}`);
      },
      ({ scrubbed }) => scrubbed,
    );
    expect(await tablesWith(db, MARKERS)).toEqual({});
    expect(filesWith(directory, MARKERS)).toEqual([]);
    expect(logged.join('\n').match(new RegExp(MARKERS.join('|')))).toBeNull();
    expect(await sealedSize()).toBeGreaterThan(size);
    expect(await post('/audit/verify', {})).toMatchObject({ fault: null, done: true });
  });

  it('is in no file of the database either, once tables were written anew', async () => {
    expect(filesWith(await databaseFolder(db), MARKERS)).toEqual([]);
  });

  it('does not come back out of a backup that was made before', async () => {
    // The next backup renews what is kept in one copy only: keys, and who was erased.
    const now = await backUp(db, { directory: backups, dataDir: directory, key, at: new Date(Date.now() + 60_000) });
    expect(now.path).not.toBe(older);
    const other = await testDatabase({ empty: true });
    const place = mkdtempSync(join(tmpdir(), 'xianke-restored-'));
    afterAll(() => rmSync(place, { recursive: true, force: true }));
    const restored = await restore(other.db, { path: older, keys: now.keys, dataDir: place, key });
    expect(restored.erasures).toBe(1);
    expect(Object.keys(await tablesWith(other.db, [PERSON.name]))).toContain('w_main.contact');
    const log = createLog('silent');
    const { outbox } = openOutgoing({
      ...{ db: other.db, log, keys: openKeys(place), allowPrivate: false },
      wake: async () => undefined,
    });
    const deps = { ...createEngine(other.db), files: openFiles(other.db, place, 1e9), recallMessages: outbox.recall };
    expect(await finishErasures({ ...deps, now: () => new Date() }, 'main')).toBe(1);
    await scrub(other.db, 'main');
    expect(await tablesWith(other.db, MARKERS)).toEqual({});
    expect(filesWith(place, MARKERS)).toEqual([]);
    expect(filesWith(await databaseFolder(other.db), MARKERS)).toEqual([]);
  });

  it('leaves a tombstone without values, and others’ records stand', async () => {
    const [stone] = await db.query<{ fields: string[]; deltas: number; ground: string }>(
      sql`select fields, deltas, ground from w_main.tombstone where record = ${contact}`,
    );
    expect(stone?.fields).toContain('mobile');
    expect(stone).toMatchObject({ ground: 'subject' });
    expect(stone?.deltas).toBeGreaterThan(2);
    const row = await get<{ rows: { values: Record<string, unknown> }[] }>(`/records/customer/${customer}`);
    expect(row.rows[0]?.values).toMatchObject({ name: '杭州青禾科技有限公司', contact_name: null, mobile: null });
    const lines = await post<{ rows: { values: { contact: string | null } }[] }>('/records/query', {
      object: 'interaction',
    });
    expect(lines.rows[0]?.values.contact).toBeNull();
    const other = await get<typeof row>(`/records/customer/${bystander}`);
    expect(other.rows[0]?.values).toMatchObject({ contact_name: BYSTANDER.name, remark: BYSTANDER.remark });
    const [kept] = await db.query<{ cells: string[] }>(
      sql`select cells from w_main.import_reject where cells::text like ${`%${BYSTANDER.mobile}%`}`,
    );
    expect(kept?.cells).toContain(BYSTANDER.remark);
  });
});

/** The log with everything in it, by way of the page. */
async function sealedSize(): Promise<number> {
  await settled(db);
  return (await get<{ size: number }>('/audit/heads')).size;
}
