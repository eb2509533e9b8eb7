import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { history } from '../read/history.ts';
import { testEngine } from '../testing.ts';

type Engine = Awaited<ReturnType<typeof testEngine>>;
let db: Db;
let engine: Engine;

beforeAll(async () => {
  db = await testDb();
  engine = await testEngine(db);
});

const DAY = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * DAY);

async function verified(days: number): Promise<string> {
  const made = await engine.door.write(engine.ctx('user:wang', { at: ago(days) }), [
    { op: 'create', object: 'customer', set: { name: '证据', phone: '13800138000' } },
  ]);
  const id = made.outcomes[0]?.id ?? '';
  await engine.door.write(engine.ctx('user:wang', { at: ago(days) }), [
    { op: 'update', object: 'customer', id, verify: { fields: ['phone'], method: 'phone' } },
  ]);
  return id;
}

async function phone(id: string): Promise<CellTuple> {
  const catalog = await engine.catalog.get('main');
  const field = catalog.objects[0]?.fields.find((candidate) => candidate.name === 'phone')?.id ?? 0;
  const [row] = await db.query<{ cells: Record<string, CellTuple> }>(
    sql`select cells from w_main.freshness where record = ${id}`,
  );
  return row?.cells[field] ?? [0, 0, null, null, null];
}

const signal = (id: string, kind: string, more: Partial<NonNullable<Change['evidence']>> = {}): Change => ({
  op: 'update',
  object: 'customer',
  id,
  evidence: { kind, ...more },
});

describe('evidence', () => {
  it('moves belief and leaves the verified clock, the clock of changes and the values alone', async () => {
    const id = await verified(200);
    const before = await phone(id);
    const [row] = await db.query(sql`select * from w_main.customer where id = ${id}`);
    const { outcomes } = await engine.door.write(engine.ctx('system'), [signal(id, 'call-connected')]);
    expect(outcomes[0]).toMatchObject({ status: 'applied' });
    const after = await phone(id);
    expect(after[0]).toBeGreaterThan(0.98);
    expect(after.slice(2)).toEqual([...before.slice(2), before[1], 'call-connected']);
    expect(after[1]).toBeGreaterThan(before[1]);
    const [now] = await db.query(sql`select * from w_main.customer where id = ${id}`);
    expect(now).toEqual({ ...row, version: Number(row?.version) + 1 });
    expect(engine.facts.at(-1)?.summary.counts).toEqual({ customer: { signalled: 1 } });
  });

  it('makes what it speaks against due, and an undo takes that back', async () => {
    const id = await verified(30);
    const [due] = await db.query<{ due_at: Date }>(sql`select due_at from w_main.freshness where record = ${id}`);
    const before = await phone(id);
    const { changeSet } = await engine.door.write(engine.ctx('system'), [signal(id, 'call-dead')]);
    expect((await phone(id))[0]).toBeLessThan(0.6);
    const [late] = await db.query<{ late: boolean }>(
      sql`select due_at <= now() as late from w_main.freshness where record = ${id}`,
    );
    expect(late?.late).toBe(true);
    await engine.door.undo(engine.ctx(), changeSet ?? '');
    expect(await phone(id)).toEqual(before);
    const [back] = await db.query(sql`select due_at from w_main.freshness where record = ${id}`);
    expect(back?.due_at).toEqual(due?.due_at);
  });

  it('is shown in the history with the fields it moved', async () => {
    const id = await verified(10);
    await engine.door.write(engine.ctx('system', { source: 'system' }), [signal(id, 'call-dead')]);
    const deps = { db, catalog: engine.catalog, environment: () => ({ timeZone: 'Asia/Shanghai', trees: {} }) };
    const [entry] = await history(deps, engine.ctx(), 'customer', id, { field: 'phone' });
    expect(entry).toMatchObject({
      kind: 'evidence',
      evidence: { kind: 'call-dead' },
      fields: [{ field: 'phone', before: '13800138000', after: '13800138000' }],
    });
  });

  it('that is old news or a repeat moves nothing', async () => {
    const id = await verified(10);
    const write = async (change: Change) =>
      (await engine.door.write(engine.ctx('system'), [change])).outcomes[0]?.status;
    expect(await write(signal(id, 'call-dead', { at: ago(11).toISOString() }))).toBe('unchanged');
    expect(await write(signal(id, 'call-connected'))).toBe('applied');
    expect(await write(signal(id, 'call-connected'))).toBe('unchanged');
  });

  it('refuses kinds that are none, verifications in disguise, and kinds that say nothing of the object', async () => {
    const id = await verified(1);
    const codes = await Promise.all(
      ['nonsense', 'phone', 'mail-bounced'].map(
        async (kind) => (await engine.door.write(engine.ctx(), [signal(id, kind)])).outcomes[0]?.issues?.[0]?.code,
      ),
    );
    expect(codes).toEqual(['evidence-unknown', 'evidence-unknown', 'evidence-of-nothing']);
  });

  it('needs the right to verify, and sight of the field', async () => {
    const id = await verified(1);
    const blind = engine.ctx('user:blind');
    blind.access = {
      admin: false,
      objects: { customer: { rows: true, actions: ['read', 'update'], fields: { '*': 'edit', phone: 'hidden' } } },
    };
    const { outcomes } = await engine.door.write(blind, [signal(id, 'call-dead', { fields: ['phone'] })]);
    expect(outcomes[0]?.issues?.map((issue) => issue.code).sort()).toEqual(['action-forbidden', 'field-unknown']);
  });
});
