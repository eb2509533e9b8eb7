import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { MergePreview } from '../../../contract/duplicates.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { nextScanAt, scanDuplicatesJob } from './duplicates-jobs.ts';
import { duplicatesRoutes } from './duplicates-routes.ts';
import { mergeRoutes } from './merge-routes.ts';
import { scanObject } from './scan-object.ts';
import type { ScanProgress } from './scan-progress.ts';

// What the page of possible duplicates asks for besides the pairs themselves.

let db: Db;
let engine: Engine;
let as: As;
let role: 'admin' | 'member' = 'admin';

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const deps = { ...engine, ctxOf: () => ctx() };
  duplicatesRoutes(app, { ...deps, scanNow: async () => true });
  mergeRoutes(app, deps);
});

beforeAll(async () => {
  as = await server.account('admin');
});
beforeEach(() => {
  role = 'admin';
});

async function ctx(): Promise<Ctx> {
  const access = accessFor(role, await engine.catalog.get('main'));
  return { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh' };
}

async function create(...sets: Record<string, unknown>[]): Promise<string[]> {
  const changes = sets.map((set) => ({ op: 'create' as const, object: 'customer', set }));
  const { outcomes } = await engine.write.write(await ctx(), changes);
  expect(outcomes.map(({ status }) => status)).toEqual(sets.map(() => 'applied'));
  return outcomes.map(({ id }) => id);
}

async function call<T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<T> {
  const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
  expect([reply.statusCode, reply.body]).toEqual([200, reply.body]);
  return reply.json() as T;
}

interface Objects {
  objects: {
    object: string;
    open: number;
    scannedAt: string | null;
    nextScanAt: string;
    scan: ScanProgress | null;
    may: { merge: boolean; decide: boolean };
  }[];
}
const customers = async () =>
  (await call<Objects>('GET', '/duplicates/objects')).objects.find(({ object }) => object === 'customer');

interface Listed {
  groups: { score: number; records: { id: string }[] }[];
  titles: Record<string, string>;
}
const queue = (query = '') => call<Listed>('GET', `/duplicates?object=customer&limit=50${query}`);
const decide = (records: string[], decision: string) =>
  call('POST', '/duplicates/decide', { object: 'customer', records, decision });
const grouped = async (id: string) =>
  (await queue()).groups.find(({ records }) => records.some((one) => one.id === id))?.records.map((one) => one.id);

/** The scan as the queue runs it. */
async function scan(during?: () => Promise<void>): Promise<void> {
  const accessAll = (catalog: Parameters<typeof accessFor>[1]) => accessFor('admin', catalog);
  const deps = { ...engine, accessFor: accessAll, now: () => new Date() };
  const job = scanDuplicatesJob({
    ...engine,
    workspaces: async () => ['main'],
    scan: async (workspace, object, _signal, report) => {
      await during?.();
      return scanObject(deps, workspace, object, report);
    },
  });
  const payload = { workspace: 'main', object: 'customer' };
  const signal = new AbortController().signal;
  await job.handler({ id: crypto.randomUUID(), payload, attempt: 0, signal, progress: async () => {} });
}

describe('the queue of an object', () => {
  it('says what waits, when it was and will be looked through, and what the reader may do', async () => {
    const firm = { name: '绍兴镜湖黄酒有限公司', mobile: '13811110101' };
    await create(firm, { ...firm, name: '绍兴镜湖黄酒' });
    expect(await customers()).toMatchObject({ open: 0, scannedAt: null, scan: null });
    await scan();
    const seen = await customers();
    expect(seen).toMatchObject({ open: 1, scan: null, may: { merge: true, decide: true } });
    expect(Date.parse(seen?.scannedAt ?? '')).toBeLessThanOrEqual(Date.now());
    role = 'member';
    expect((await customers())?.may).toEqual({ merge: false, decide: true });
  });

  it('shows a scan from when it is asked for until it is done, and not one whose process died', async () => {
    expect(await call('POST', '/duplicates/scan', { object: 'customer' })).toEqual({ started: true });
    expect((await customers())?.scan?.phase).toBe('waiting');
    let during: ScanProgress | null | undefined;
    await scan(async () => {
      during = (await customers())?.scan;
    });
    expect(during?.phase).toBe('reading');
    expect((await customers())?.scan).toBeNull();
    const { objects } = await engine.catalog.get('main');
    const customer = objects.find(({ name }) => name === 'customer')?.id;
    await db.query(sql`insert into w_main.match_scan (object, phase, begun_at, at)
      values (${customer}, 'saving', now(), now() - interval '5 minutes')`);
    expect((await customers())?.scan).toBeNull();
    await call('POST', '/duplicates/scan', { object: 'customer' });
    expect((await customers())?.scan?.phase).toBe('waiting');
    await db.query(sql`delete from w_main.match_scan`);
  });

  it('takes a band of scores, and names what values point at', async () => {
    const owner = (await call<{ groups: Listed['groups'] }>('GET', '/duplicates?object=customer')).groups.length;
    expect(owner).toBeGreaterThan(0);
    const all = await queue();
    const [best] = all.groups;
    if (!best) throw new Error('nothing found');
    const above = await queue(`&min=${best.score - 0.01}`);
    expect(above.groups.map(({ score }) => score).every((score) => score >= best.score - 0.01)).toBe(true);
    expect(above.groups.length).toBeGreaterThan(0);
    const below = await queue(`&max=${best.score - 0.01}`);
    expect(above.groups.length + below.groups.length).toBe(all.groups.length);
    expect(all.titles).toBeTypeOf('object');
  });

  it('reckons the night in China', () => {
    expect(nextScanAt(new Date('2026-11-22T01:00:00Z')).toISOString()).toBe('2026-11-22T18:40:00.000Z');
    expect(nextScanAt(new Date('2026-11-22T18:40:00Z')).toISOString()).toBe('2026-11-23T18:40:00.000Z');
  });
});

describe('a decision', () => {
  it('is listed with who and when, and taken back: found pairs return, others were never found', async () => {
    const firm = { name: '嘉兴南湖粽业有限公司', mobile: '13811110201' };
    const [a = '', b = ''] = await create(firm, { ...firm, name: '嘉兴南湖粽业' });
    const [other = ''] = await create({ name: '哈尔滨冰城乳业有限公司', mobile: '13811110299' });
    await scan();
    expect(await grouped(a)).toHaveLength(2);
    await decide([a, b, other], 'different');
    expect(await grouped(a)).toBeUndefined();
    interface Decided {
      pairs: { a: string; b: string; state: string; by: string }[];
      titles: Record<string, string>;
      next?: string;
    }
    const decided = await call<Decided>('GET', '/duplicates/decided?object=customer');
    expect(decided.pairs).toHaveLength(3);
    expect(decided.pairs[0]).toMatchObject({ state: 'different', by: 'user:li' });
    expect(decided.titles[other]).toBe('哈尔滨冰城乳业有限公司');
    const first = await call<Decided>('GET', '/duplicates/decided?object=customer&limit=2');
    const rest = await call<Decided>('GET', `/duplicates/decided?object=customer&limit=2&after=${first.next}`);
    expect([...first.pairs, ...rest.pairs]).toEqual(decided.pairs);
    await decide([a, b, other], 'open');
    expect((await grouped(a))?.sort()).toEqual([a, b].sort());
    expect((await call<Decided>('GET', '/duplicates/decided?object=customer')).pairs).toEqual([]);
  });
});

describe('before a merge', () => {
  it('warns of two identities, and of what somebody told apart', async () => {
    const firm = { name: '湖州太湖溇港纺织有限公司', mobile: '13811110301' };
    const [a = '', b = '', c = ''] = await create(
      { ...firm, uscc: '91350100M000100Y43' },
      { ...firm, name: '湖州太湖溇港纺织', uscc: '91110108551385082Q' },
      { ...firm, name: '湖州太湖溇港' },
    );
    const warnings = async (...records: string[]) =>
      (await call<MergePreview>('POST', '/merges/preview', { object: 'customer', records })).warnings;
    expect(await warnings(a, c)).toEqual([]);
    const [differs] = await warnings(a, b);
    expect(differs).toMatchObject({ code: 'identity-differs', field: 'uscc' });
    await decide([a, c], 'different');
    expect((await warnings(a, c)).map(({ code }) => code)).toEqual(['told-apart']);
  });

  it('a record’s merges name who went into it, though they lie in the bin', async () => {
    const [a = '', b = ''] = await create({ name: '舟山沈家门水产有限公司' }, { name: '舟山沈家门水产' });
    await call('POST', '/merges', { object: 'customer', records: [a, b], winner: a });
    const { merges, titles } = await call<{ merges: { losers: string[] }[]; titles: Record<string, string> }>(
      'GET',
      `/merges?object=customer&record=${a}`,
    );
    expect(merges[0]?.losers).toEqual([b]);
    expect(titles[b]).toBe('舟山沈家门水产');
  });
});
