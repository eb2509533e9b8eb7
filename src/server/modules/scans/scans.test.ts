import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { scanJob } from './scans-jobs.ts';
import { scansRoutes } from './scans-routes.ts';

const AT = new Date('2026-10-01T02:40:00Z');
let db: Db;
let engine: Engine;

const ctx = async (at = AT) => ({
  workspace: 'main',
  actor: 'user:li',
  source: 'page' as const,
  access: accessFor('admin', await engine.catalog.get('main')),
  at,
  lang: 'zh' as const,
});

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  scansRoutes(app, { ...engine, ctxOf: () => ctx(), kick: async () => undefined });
});

let as: As;
const ids: string[] = [];
beforeAll(async () => {
  as = await server.account('admin');
  for (let n = 0; n < 6; n++) {
    const set = { name: `公司${n}`, mobile: '13800138000', ...(n < 2 && { email: 'a@example.com' }) };
    // The first three were heard of lately, the others a year ago.
    const made = await engine.write.write(await ctx(new Date(n < 3 ? '2026-09-20' : '2025-09-20')), [
      { op: 'create', object: 'customer', set },
    ]);
    ids.push(made.outcomes[0]?.id ?? '');
  }
  await db.query(sql`update w_main.customer set phone = 'abc' where id = any(${ids.slice(0, 2)}::uuid[])`);
  await db.query(
    sql`update w_main.customer set mobile = '+86 138-0013-8000' where id = any(${ids.slice(0, 4)}::uuid[])`,
  );
});

const run = async (payload: { workspace?: string } = { workspace: 'main' }, signal = new AbortController().signal) => {
  const job = scanJob({ ...engine, catalogs: engine.catalog, now: () => AT, workspaces: async () => ['main'] });
  await job.handler({ id: '', payload, attempt: 0, signal, progress: async () => undefined });
};
const list = async (object = 'customer') =>
  (await as({ method: 'GET', url: `/api/v1/scans?object=${object}` })).json<{
    scans: { id: string; state: string; by: string | null; figures: unknown }[];
  }>().scans;
const start = () => as({ method: 'POST', url: '/api/v1/scans', payload: { object: 'customer' } });

describe('a scan', () => {
  it('counts what is missing, wrong, out of form, silent and double, once however often it is asked for', async () => {
    await start();
    expect((await start()).json()).toMatchObject({ state: 'running', figures: null });
    await run();
    const [scan, ...others] = await list();
    expect(others).toEqual([]);
    expect(scan).toMatchObject({
      state: 'done',
      by: 'user:li',
      figures: {
        records: 6,
        missing: expect.arrayContaining([{ field: 'email', count: 4 }]),
        invalid: [{ field: 'phone', count: 2 }],
        respell: [{ field: 'mobile', count: 4 }],
        silent: { count: 3, days: 180 },
        duplicates: 0,
      },
    });
    const items = async (kind: string) =>
      (await as({ method: 'GET', url: `/api/v1/scans/${scan?.id}/items?kind=${kind}` }))
        .json<{ items: { record: string }[] }>()
        .items.map(({ record }) => record);
    expect(await items('silent')).toEqual(ids.slice(3));
    expect(await items('invalid:phone')).toEqual(ids.slice(0, 2));
    expect(await items('missing:email')).toEqual(ids.slice(2));
  });

  it('goes on where it was stopped, and counts nothing twice', async () => {
    await start();
    const abort = new AbortController();
    abort.abort();
    await run({ workspace: 'main' }, abort.signal);
    expect((await list())[0]).toMatchObject({ state: 'running' });
    await run();
    expect((await list())[0]).toMatchObject({ state: 'done', figures: { respell: [{ field: 'mobile', count: 4 }] } });
  });

  it('comes by itself with the quarter, for customers and what is tracked beside them', async () => {
    await run({});
    expect((await list())[0]).toMatchObject({ by: null, state: 'done' });
    expect((await list('contact'))[0]).toMatchObject({ by: null, state: 'done', figures: { silent: null } });
    expect(await list('interaction')).toEqual([]);
  });

  it('is for those who look after quality', async () => {
    const member = await server.account('member');
    expect((await member({ method: 'GET', url: '/api/v1/scans?object=customer' })).statusCode).toBe(403);
  });
});
