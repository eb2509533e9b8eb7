import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as xlsx from '@e965/xlsx';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ctxAt } from '../../../../test/support/context.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { ExportView } from '../../../contract/exports.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openFiles } from '../../platform/files/files.ts';
import { openKeys } from '../../platform/keys.ts';
import { silentLog } from '../../platform/log.ts';
import type { Ctx } from '../../records/types.ts';
import { runApproval } from '../approvals/run-approval.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { createMarks, exportsRoutes, performExport } from './index.ts';

// What leaves the house: marked, noted, approved when it is large, fetched once, and told from a piece of it who took it.

let engine: Engine;
let run: (id: string) => Promise<void>;
let at = new Date('2026-11-02T03:00:00.000Z');

const server = await testServer(async (app, db) => {
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const ctxOf = ctxAt(engine, () => at);
  const directory = mkdtempSync(join(tmpdir(), 'xianke-exports-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const limit = 100 * 1024 ** 2;
  const files = openFiles(db, directory, limit);
  const marks = createMarks(openKeys(directory).derive('export marks'));
  const deps = { ...engine, files, marks, uploadLimit: limit, people: engine.accounts };
  exportsRoutes(app, { ...deps, ctxOf });
  const performers = { export: performExport({ ...deps, fileLimit: limit }) };
  run = (id) =>
    runApproval({ ...engine, log: silentLog, now: () => at, performers }, 'main', id, { lastAttempt: true });
});

let admin: As;
let li: As;
let wang: As;

const query = { object: 'customer', fields: ['name', 'mobile', 'address', 'followup_note'] };

/** What was written is noted right behind the last byte. */
async function exported(as: As, body: object = {}) {
  const reply = await as({
    method: 'POST',
    url: '/api/v1/records/export',
    payload: { query, format: 'xlsx', ...body },
  });
  if (reply.statusCode === 200) await expect.poll(async () => (await list(as))[0]?.state).not.toBe('writing');
  return reply;
}
const list = async (as: As): Promise<ExportView[]> =>
  (await as({ method: 'GET', url: '/api/v1/exports' })).json().exports;

async function trace(bytes: Buffer | string) {
  const reply = await admin({
    method: 'POST',
    url: '/api/v1/exports/trace',
    payload: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(reply.statusCode).toBe(200);
  return reply.json() as {
    marked: { export: ExportView; by: string[]; count: number }[];
    recognised: number;
    covering: { export: ExportView; found: number }[];
  };
}

beforeAll(async () => {
  [admin, li, wang] = [await server.account('admin'), await server.account('member'), await server.account('member')];
  // The presets are there before roles of one's own.
  await engine.accessOf('main', { id: admin.id, role: 'admin' });
  const everything = { '*': { rows: [{ rule: 'all' }], actions: ['read', 'export'], fields: { '*': 'read' } } };
  const partly = {
    '*': { rows: [{ rule: 'own' }], actions: ['read', 'export'], fields: { '*': 'read', mobile: 'masked' } },
  };
  for (const [id, objects] of Object.entries({ everything, partly }))
    await server.db.query(sql`insert into w_main.role (id, label, objects, position, updated_by)
      values (${id}, '{"zh":"x","en":"x"}', ${JSON.stringify(objects)}::jsonb, 99, 'test')`);
  await server.db.query(
    sql`insert into w_main.person_role (account, roles, updated_by) values (${li.id}, '{everything}', 't'), (${wang.id}, '{partly}', 't')`,
  );
  await server.db.query(sql`update w_main.access_state set version = version + 1`);
  engine.access.forget();
  const access = await engine.accessOf('main', { id: admin.id, role: 'admin' });
  const ctx: Ctx = { workspace: 'main', actor: `user:${admin.id}`, source: 'page', access, at, lang: 'zh' };
  await engine.plans.ready('main');
  for (let n = 0; n < 1200; n += 300)
    await engine.write.write(
      ctx,
      Array.from({ length: 300 }, (_, k) => ({
        op: 'create' as const,
        object: 'customer',
        id: uuidv7(),
        set: {
          name: `第${n + k}号测试有限公司`,
          mobile: `138${String(10_000_000 + (n + k) * 17)}`,
          address: `世纪大道 ${n + k} 号`,
          owner: n === 0 ? wang.id : admin.id,
        },
      })),
      { reviewed: true },
    );
});

describe('a file that goes out', () => {
  it('is marked where people see it and where they do not, and tells who took it, whole or in pieces', async () => {
    const reply = await exported(admin);
    expect(reply.statusCode).toBe(200);
    const [taken] = await list(admin);
    expect(taken).toMatchObject({
      code: expect.stringMatching(/^XK-E\d+$/),
      rows: 1200,
      state: 'done',
      approval: null,
    });
    const bytes = reply.rawPayload;
    const book = xlsx.read(bytes, { bookProps: false });
    expect(book.SheetNames).toHaveLength(2);
    expect(JSON.stringify(xlsx.utils.sheet_to_json(book.Sheets.导出说明 ?? {}, { header: 1 }))).toContain(taken?.code);
    expect(book.Props?.Author).toBe('admin 1');
    const sheet = book.Sheets[book.SheetNames[0] ?? ''] ?? {};
    const rows = xlsx.utils.sheet_to_json<string[]>(sheet, { header: 1 }).slice(1);
    // Names and numbers are as they were: formulas that look them up go on working.
    expect(rows[7]?.[0]).toMatch(/^第\d+号测试有限公司$/);
    expect(rows[7]?.[1]).toMatch(/^\d+$/);
    expect((await trace(bytes)).marked[0]).toMatchObject({
      export: { id: taken?.id },
      by: expect.arrayContaining(['cells', 'document', 'code']),
    });
    // Ten addresses, copied into a chat.
    const fragment = rows
      .slice(100, 110)
      .map((row) => row[2])
      .join('\n');
    expect((await trace(fragment)).marked).toMatchObject([{ export: { id: taken?.id }, by: ['cells'], count: 10 }]);
    // Each row carries one.
    expect((await trace(rows[5]?.join('\t') ?? '')).marked).toHaveLength(1);
    // A mark that nobody here made is none.
    expect((await trace('某地址\u2061\u2062\u2063\u2064'.padEnd(60, '\u2061'))).marked).toEqual([]);
  });

  it('is recognised by whom it is about when nothing of the marks is left', async () => {
    const part = { filter: { field: 'name', op: 'contains', value: '第7号' } };
    await exported(admin, { query: { ...query, ...part }, format: 'csv' });
    const [small] = await list(admin);
    const phone = `138${String(10_000_000 + 7 * 17)}`;
    const found = await trace(`看看这个 ${phone}\n第7号测试有限公司`.replace(' ', '\n'));
    expect(found.recognised).toBe(1);
    expect(found.covering[0]?.export.id).toBe(small?.id);
    expect(found.covering.length).toBeGreaterThan(1);
  });

  it('shows what its taker may see, no more, and nobody without the right gets one', async () => {
    const reply = await exported(wang, { format: 'csv' });
    const lines = reply.body.trim().split('\r\n');
    expect(lines).toHaveLength(301);
    expect(lines[1]).not.toMatch(/138\d{8}/);
    expect(lines[1]).toContain('138****');
    // JSON carries values as they are stored: no mark.
    expect((await exported(wang, { format: 'json' })).body).not.toMatch(/[\u2061-\u2064]/);
    const nobody = await server.account('member');
    await server.db.query(
      sql`insert into w_main.person_role (account, roles, updated_by) values (${nobody.id}, '{}', 't')`,
    );
    await server.db.query(sql`update w_main.access_state set version = version + 1`);
    engine.access.forget();
    expect((await exported(nobody)).statusCode).toBeGreaterThanOrEqual(403);
    expect((await nobody({ method: 'POST', url: '/api/v1/exports/trace', payload: 'x' })).statusCode).toBe(403);
    expect(await list(nobody)).toEqual([]);
    expect((await list(wang)).every(({ actorName }) => actorName === 'member 3')).toBe(true);
  });
});

describe('a large one', () => {
  it('waits for approval, is a link then that works once per person and until it expires', async () => {
    const reply = await exported(li, { reason: '年会邀请' });
    expect(reply.statusCode).toBe(202);
    const { approval } = reply.json();
    await server.db.query(sql`update w_main.approval set state = 'approved' where id = ${approval.id}`);
    await Promise.all([run(approval.id), run(approval.id)]);
    // The one that came second is no file.
    const [made, ...others] = (await list(li)).sort((a, b) => Number(b.may.fetch) - Number(a.may.fetch));
    expect(others.map(({ state }) => state)).toEqual(['ended']);
    expect(made).toMatchObject({
      approval: approval.id,
      rows: 1200,
      reason: '年会邀请',
      may: { fetch: true, invite: true },
    });
    const get = (as: As) => as({ method: 'GET', url: `/api/v1/exports/${made?.id}/file` });
    expect((await get(wang)).statusCode).toBe(404);
    const file = await get(li);
    expect(file.statusCode).toBe(200);
    expect((await trace(file.rawPayload)).marked[0]).toMatchObject({ export: { id: made?.id, actorName: 'member 2' } });
    expect((await get(li)).json()).toMatchObject({ code: 'export-taken' });
    // Passed on only to who sees all of it himself.
    const invite = (accounts: string[]) =>
      li({ method: 'PUT', url: `/api/v1/exports/${made?.id}/people`, payload: { accounts } });
    expect((await invite([wang.id])).json()).toMatchObject({ code: 'export-guest' });
    expect((await invite([admin.id])).statusCode).toBe(200);
    at = new Date(at.getTime() + 73 * 3_600_000);
    expect((await get(admin)).json()).toMatchObject({ code: 'export-expired' });
    const log = await server.db.query<{ body: { phase: string } }>(
      sql`select body from w_main.audit_pending where kind = 'export' and body->>'act' = ${made?.id ?? ''} order by id`,
    );
    expect(log.map(({ body }) => body.phase)).toEqual(['begin', 'end', 'fetch']);
  });
});
