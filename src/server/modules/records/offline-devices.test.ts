import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { createIdempotency } from '../../platform/http/idempotency.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { accessFor } from '../access/index.ts';
import { todayList } from '../freshness/index.ts';
import { learn } from '../freshness/learn-job.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { writeRoutes } from './write-routes.ts';

// Two phones work through their lists without a network for an hour and send what they did afterwards; connections break while they do. The bar:
// nothing lost, nothing counted twice, conflicts shown.

const MINUTE = 60_000;
const NOW = Date.parse('2026-05-06T03:00:00Z');
let db: Db;
let engine: Engine;
let clock = NOW;
let wang: As;
let li: As;
let ids: string[] = [];

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  writeRoutes(app, {
    write: engine.write,
    catalog: engine.catalog,
    idempotency: createIdempotency(db),
    ctxOf: async ({ caller, lang }) => ctx(caller.actor, lang),
  });
});

const ctx = async (actor: string, lang: 'zh' | 'en' = 'zh') => ({
  workspace: 'main',
  actor,
  source: 'page' as const,
  access: accessFor('member', await engine.catalog.get('main')),
  at: new Date(clock),
  lang,
});

interface Reply {
  changeSet: string | null;
  outcomes: { status: string; conflicts?: { field: string; theirs: unknown; by: string }[] }[];
}

/** What a phone keeps until it has a network. */
interface Kept {
  key: string;
  body: object;
}
let serial = 0;
const keep = (change: object): Kept => ({
  key: `00000000-0000-4000-8000-${String(serial++).padStart(12, '0')}`,
  body: { changes: [change] },
});

const rightAt = (id: string, field: string, minutesAgo: number): Kept =>
  keep({
    op: 'update',
    object: 'customer',
    id,
    version: 1,
    verify: { fields: [field], method: 'phone', at: new Date(NOW - minutesAgo * MINUTE).toISOString() },
  });
const corrected = (id: string, field: string, value: string): Kept =>
  keep({
    op: 'update',
    object: 'customer',
    id,
    version: 1,
    set: { [field]: value },
    verify: { fields: [field], method: 'phone' },
  });

/** Sends an entry; the answer is lost `lost` times, so that the phone sends it again. */
async function send(as: As, entry: Kept, lost = 1): Promise<Reply> {
  const once = () =>
    as({
      method: 'POST',
      url: '/api/v1/records/changes',
      payload: entry.body,
      headers: { 'idempotency-key': entry.key },
    });
  // Both arrive at the same time, as when a proxy repeats a request.
  const replies = await Promise.all(Array.from({ length: lost + 1 }, once));
  const answered = replies.filter((reply) => reply.statusCode === 200);
  expect(answered.length).toBeGreaterThan(0);
  for (const reply of replies)
    if (reply.statusCode !== 200) expect(reply.json()).toMatchObject({ error: { code: 'idempotency-in-progress' } });
  const [first, ...again] = answered.map((reply) => reply.json<Reply>());
  for (const reply of again) expect(reply).toEqual(first);
  return first ?? { changeSet: null, outcomes: [] };
}

async function cell(id: string, name: string): Promise<CellTuple | undefined> {
  const customer = (await engine.catalog.get('main')).objects.find((one) => one.name === 'customer');
  const field = customer?.fields.find((one) => one.name === name)?.id ?? 0;
  const [row] = await db.query<{ cells: Record<string, CellTuple> | null }>(
    sql`select cells from w_main.freshness where record = ${id}`,
  );
  return row?.cells?.[field];
}

const deltas = async (id: string): Promise<number> => {
  const [row] = await db.query<{ n: number }>(sql`select count(*)::int as n from w_main.delta where record = ${id}`);
  return row?.n ?? 0;
};

beforeAll(async () => {
  wang = await server.account('member');
  li = await server.account('member');
  clock = NOW - 400 * 24 * 60 * MINUTE;
  const changes = Array.from({ length: 3 }, (_, i) => ({
    op: 'create' as const,
    object: 'customer',
    set: { name: `客户${i}`, owner: wang.id, mobile: `1380013800${i}`, email: `c${i}@example.com` },
  }));
  ids = (await engine.write.write(await ctx(`user:${wang.id}`), changes)).outcomes.map((one) => one.id);
  clock = NOW;
});

describe('two phones without a network for an hour', () => {
  it('lose nothing, whatever is sent twice and in whatever order', async () => {
    const [a = '', b = ''] = ids;
    // The phone that verified later sends first.
    expect((await send(li, rightAt(a, 'mobile', 20))).outcomes[0]?.status).toBe('applied');
    expect((await send(wang, rightAt(a, 'mobile', 50), 3)).outcomes[0]?.status).toBe('applied');
    expect((await send(wang, rightAt(b, 'mobile', 40))).outcomes[0]?.status).toBe('applied');
    expect((await send(li, rightAt(a, 'email', 10))).outcomes[0]?.status).toBe('applied');
    // The clock of the value is that of the later look, and both looks are in the history, once each.
    expect((await cell(a, 'mobile'))?.[1]).toBe((NOW - 20 * MINUTE) / 1000);
    expect((await cell(b, 'mobile'))?.[1]).toBe((NOW - 40 * MINUTE) / 1000);
    expect([await deltas(a), await deltas(b)]).toEqual([3, 1]);
  });

  it('show a conflict where both corrected one value, and where one called right what the other had corrected', async () => {
    const [, , c = ''] = ids;
    const first = await send(wang, corrected(c, 'mobile', '13900139000'));
    expect(first.outcomes[0]?.status).toBe('applied');
    const second = await send(li, corrected(c, 'mobile', '13700137000'));
    const clash = { field: 'mobile', theirs: '13900139000', by: `user:${wang.id}` };
    expect(second).toMatchObject({ changeSet: null, outcomes: [{ status: 'conflict', conflicts: [clash] }] });
    const third = await send(li, rightAt(c, 'mobile', 30));
    expect(third).toMatchObject({ changeSet: null, outcomes: [{ status: 'conflict', conflicts: [clash] }] });
    // Of another field there is none, nor where both found the same.
    expect((await send(li, rightAt(c, 'email', 30))).outcomes[0]?.status).toBe('applied');
    expect((await send(li, corrected(c, 'mobile', '13900139000'))).outcomes[0]?.status).toBe('applied');
    expect((await cell(c, 'mobile'))?.[3]).toBe(`user:${li.id}`);
  });

  it('count nothing twice: not in what is learned, not in what is done', async () => {
    await settled(db);
    await learn(
      {
        db,
        catalogs: engine.catalog,
        plans: engine.plans,
        now: () => new Date(NOW),
        replanSoon: async () => undefined,
      },
      'main',
      new AbortController().signal,
    );
    const learned = await db.query<{ record: string; outcome: string; n: number }>(
      sql`select record, outcome, count(*)::int as n from w_main.observation group by 1, 2`,
    );
    const of = (id: string | undefined, outcome: string) =>
      learned.find((one) => one.record === id && one.outcome === outcome)?.n ?? 0;
    // Both looks at one number within the hour are looks; the second measured minutes.
    expect([of(ids[0], 'r'), of(ids[1], 'r')]).toEqual([3, 1]);
    expect(of(ids[2], 'c')).toBe(1);
    const list = await todayList(engine, await ctx(`user:${wang.id}`), await engine.catalog.get('main'), wang.id, 20);
    expect(list.done).toBe(3);
  });
});
