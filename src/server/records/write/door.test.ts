import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { testEngine } from '../testing.ts';

type Engine = Awaited<ReturnType<typeof testEngine>>;
let db: Db;
let engine: Engine;

beforeAll(async () => {
  db = await testDb();
  engine = await testEngine(db);
});

async function create(set: Record<string, unknown>, actor?: string): Promise<string> {
  const { outcomes } = await engine.door.write(engine.ctx(actor), [{ op: 'create', object: 'customer', set }]);
  expect(outcomes[0]?.issues ?? []).toEqual([]);
  return outcomes[0]?.id ?? '';
}

async function row(id: string): Promise<Record<string, unknown>> {
  const [found] = await db.query(sql`select * from w_main.customer where id = ${id}`);
  return found ?? {};
}

const counts = async (): Promise<Record<string, number>> => {
  const [found] = await db.query<Record<string, number>>(sql`select
    (select count(*)::int from w_main.customer) as customers, (select count(*)::int from w_main.delta) as deltas,
    (select count(*)::int from w_main.change_set) as sets, (select count(*)::int from w_main.freshness) as freshness`);
  return found ?? {};
};

describe('creating', () => {
  it('standardises, numbers, and writes row, change set and freshness but no history', async () => {
    const before = await counts();
    const { outcomes, changeSet } = await engine.door.write(engine.ctx(), [
      {
        op: 'create',
        object: 'customer',
        set: { name: ' 上海华为技术有限公司 ', phone: '+86 138 0013 8000', tags: 'VIP、老客户', amount: '12.5万' },
      },
    ]);
    const [outcome] = outcomes;
    expect(outcome).toMatchObject({ status: 'applied', version: 1 });
    expect(outcome?.values).toMatchObject({
      name: '上海华为技术有限公司',
      phone: '13800138000',
      tags: ['VIP', '老客户'],
      amount: '125000',
    });
    expect(String(outcome?.values?.number)).toMatch(/^CUST\d{8}-0001$/);
    expect(changeSet).not.toBeNull();
    const after = await counts();
    expect(after).toEqual({
      customers: (before.customers ?? 0) + 1,
      deltas: before.deltas,
      sets: (before.sets ?? 0) + 1,
      freshness: (before.freshness ?? 0) + 1,
    });
    expect(await row(outcome?.id ?? '')).toMatchObject({ created_in: changeSet, created_by: 'user:wang', version: 1 });
  });

  it('refuses a bad batch whole, says why per change, and leaves nothing behind', async () => {
    const before = await counts();
    const { changeSet, outcomes } = await engine.door.write(engine.ctx(), [
      { op: 'create', object: 'customer', set: { name: '好的' } },
      { op: 'create', object: 'customer', set: { phone: '1380013800' } },
    ]);
    expect(changeSet).toBeNull();
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['unchanged', 'rejected']);
    expect(outcomes[1]?.issues?.map((issue) => issue.field)).toContain('phone');
    expect(await counts()).toEqual(before);
  });

  it('writes the good ones when not atomic', async () => {
    const { outcomes } = await engine.door.write(
      engine.ctx(),
      [
        { op: 'create', object: 'customer', set: { name: '留下' } },
        { op: 'create', object: 'customer', set: {} },
      ],
      { atomic: false },
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['applied', 'rejected']);
    expect(outcomes[1]?.issues).toMatchObject([{ code: 'required', field: 'name' }]);
  });

  it('relates records of one batch, and refuses relations to nothing', async () => {
    const id = engine.newId();
    const { outcomes } = await engine.door.write(engine.ctx(), [
      { op: 'create', object: 'customer', id, set: { name: '批内客户', owner: 'wang' } },
      { op: 'create', object: 'contact', set: { name: '张三', customer: id, phone: '13900139000' } },
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['applied', 'applied']);
    const [contact] = await db.query(sql`select owner, bundle from w_main.freshness where record = ${outcomes[1]?.id}`);
    expect(contact).toEqual({ owner: 'wang', bundle: id });
    const orphan = await engine.door.write(engine.ctx(), [
      { op: 'create', object: 'contact', set: { name: '李四', customer: engine.newId() } },
    ]);
    expect(orphan.outcomes[0]?.issues).toMatchObject([{ code: 'relation-unknown', field: 'customer' }]);
  });

  it('holds unique values apart within a batch, against the table, and in a race', async () => {
    const twice = await engine.door.write(
      engine.ctx(),
      [1, 2].map(() => ({ op: 'create' as const, object: 'customer', set: { name: '甲', uscc_like: 'U1' } })),
      { atomic: false },
    );
    expect(twice.outcomes.map((outcome) => outcome.status)).toEqual(['applied', 'rejected']);
    const race = await Promise.all(
      Array.from({ length: 8 }, () =>
        engine.door.write(engine.ctx(), [{ op: 'create', object: 'customer', set: { name: '乙', uscc_like: 'U2' } }]),
      ),
    );
    const statuses = race.map((result) => result.outcomes[0]?.status).sort();
    expect(statuses).toEqual(['applied', ...Array.from({ length: 7 }, () => 'rejected')]);
  });

  it('copies large batches, with every odd character intact', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `公司\t${i}\\n"引号",{括号} 𠮷`);
    const { outcomes } = await engine.door.write(
      engine.ctx(),
      names.map((name, i) => ({
        op: 'create',
        object: 'customer',
        set: { name, tags: [`a"b\\${i}`, 'x,y'], phone: '13800138000' },
      })),
    );
    expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set(['applied']));
    const rows = await db.query<{ name: string; tags: string[] }>(
      sql`select name, tags from w_main.customer where id = any(${outcomes.map((o) => o.id)}::uuid[]) order by id`,
    );
    expect(rows.map((r) => r.name)).toEqual(outcomes.map((o) => o.values?.name));
    expect(rows.map((r) => r.tags)).toEqual(outcomes.map((o) => o.values?.tags));
  });
});

describe('updating', () => {
  it('stores what was replaced, moves the version and starts the confidence anew', async () => {
    const id = await create({ name: '改前', phone: '13800138000' });
    const { outcomes, changeSet } = await engine.door.write(engine.ctx(), [
      { op: 'update', object: 'customer', id, version: 1, set: { phone: '13900139000' } },
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'applied', version: 2, values: { phone: '13900139000' } });
    const [delta] = await db.query(sql`select * from w_main.delta where record = ${id}`);
    expect(delta).toMatchObject({ change_set: changeSet, version: 2, kind: 'u', before: { phone: '13800138000' } });
    const [fresh] = await db.query<{ cells: Record<string, unknown[]> }>(
      sql`select cells from w_main.freshness where record = ${id}`,
    );
    expect(Object.values(fresh?.cells ?? {})[0]?.slice(2, 4)).toEqual(['page', 'user:wang']);
  });

  it('knows three clocks: a verification moves no value and no change', async () => {
    const id = await create({ name: '核实', phone: '13800138000' });
    const { outcomes } = await engine.door.write(engine.ctx(), [
      { op: 'update', object: 'customer', id, verify: { fields: ['phone'], method: 'phone' } },
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'applied', version: 2 });
    const [delta] = await db.query(sql`select kind, before from w_main.delta where record = ${id}`);
    expect(delta).toMatchObject({ kind: 'v', before: { $v: ['phone'] } });
    const [fresh] = await db.query<{ cells: Record<string, number[]> }>(
      sql`select cells from w_main.freshness where record = ${id}`,
    );
    const [cell] = Object.values(fresh?.cells ?? {});
    expect(cell?.[0]).toBeCloseTo(0.99, 5);
    expect(cell?.[4]).toBeNull();
  });

  it('says unchanged for the same value in another spelling', async () => {
    const id = await create({ name: '同', phone: '13800138000', tags: ['b', 'a'] });
    const { outcomes, changeSet } = await engine.door.write(engine.ctx(), [
      { op: 'update', object: 'customer', id, set: { phone: '+86-138-0013-8000', tags: 'a,b' } },
    ]);
    expect(outcomes[0]?.status).toBe('unchanged');
    expect(changeSet).toBeNull();
  });

  it('keeps two people’s edits of different fields and asks the second about the same one', async () => {
    const id = await create({ name: '并发', phone: '13800138000', level: 'A' });
    const write = (actor: string, set: Record<string, unknown>) =>
      engine.door.write(engine.ctx(actor), [{ op: 'update', object: 'customer', id, version: 1, set }]);
    const [one, two] = await Promise.all([write('user:a', { phone: '13900139000' }), write('user:b', { level: 'B' })]);
    expect([one?.outcomes[0]?.status, two?.outcomes[0]?.status]).toEqual(['applied', 'applied']);
    expect(await row(id)).toMatchObject({ phone: '13900139000', level: 'B', version: 3 });
    const third = await write('user:c', { phone: '13700137000' });
    expect(third.outcomes[0]).toMatchObject({
      status: 'conflict',
      conflicts: [{ field: 'phone', yours: '13700137000', theirs: '13900139000', by: 'user:a' }],
    });
    expect(await row(id)).toMatchObject({ phone: '13900139000' });
  });

  it('never loses an update under 16 writers of one record', async () => {
    const id = await create({ name: '热点', amount: '0' });
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        engine.door.write(engine.ctx(`user:${i}`), [
          { op: 'update', object: 'customer', id, set: { tags: [`t${i}`] } },
        ]),
      ),
    );
    expect(new Set(results.map((result) => result.outcomes[0]?.status))).toEqual(new Set(['applied']));
    expect((await row(id)).version).toBe(17);
    const [history] = await db.query<{ n: number }>(
      sql`select count(*)::int as n from w_main.delta where record = ${id}`,
    );
    expect(history?.n).toBe(16);
  });

  it('writes edits that come at once with the author, change set and history of each', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, i) => create({ name: `同时${i}` })));
    const results = await Promise.all(
      ids.map((id, i) =>
        engine.door.write({ ...engine.ctx(`user:p${i}`), reason: `因为${i}` }, [
          { op: 'update', object: 'customer', id, version: 1, set: { name: `改后${i}` } },
        ]),
      ),
    );
    for (const [i, { changeSet, outcomes }] of results.entries()) {
      expect(outcomes[0]).toMatchObject({ status: 'applied', version: 2, values: { name: `改后${i}` } });
      const [written] = await db.query(sql`
        select t.name, t.updated_by, d.before->>'name' as before, d.actor, c.actor as author, c.reason
        from w_main.customer t join w_main.delta d on d.record = t.id join w_main.change_set c on c.id = d.change_set
        where t.id = ${ids[i]} and d.change_set = ${changeSet}`);
      expect(written).toMatchObject({
        name: `改后${i}`,
        updated_by: `user:p${i}`,
        before: `同时${i}`,
        actor: `user:p${i}`,
        author: `user:p${i}`,
        reason: `因为${i}`,
      });
    }
  });

  it('lets one of several edits at once take a unique value; the others are told', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => create({ name: `抢号${i}` })));
    const results = await Promise.all(
      ids.map((id) =>
        engine.door.write(engine.ctx(), [{ op: 'update', object: 'customer', id, set: { uscc_like: 'U9' } }]),
      ),
    );
    const outcomes = results.flatMap((result) => result.outcomes);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['applied', ...Array(7).fill('rejected')]);
    expect(outcomes.find(({ status }) => status === 'rejected')?.issues?.[0]?.code).toBe('not-unique');
  });

  it('asks for a reason where a field is protected', async () => {
    const id = await create({ name: '保护', amount: '100' });
    const change = { op: 'update' as const, object: 'customer', id, set: { amount: '200' } };
    expect((await engine.door.write(engine.ctx(), [change])).outcomes[0]?.issues).toMatchObject([
      { code: 'reason-needed', field: 'amount' },
    ]);
    const ok = await engine.door.write(engine.ctx('user:wang', { reason: '合同变更' }), [change]);
    expect(ok.outcomes[0]?.status).toBe('applied');
  });

  it('changes one record twice in a batch, in order', async () => {
    const id = await create({ name: '两次' });
    const { outcomes } = await engine.door.write(engine.ctx(), [
      { op: 'update', object: 'customer', id, set: { level: 'A' } },
      { op: 'update', object: 'customer', id, set: { level: 'B' } },
    ]);
    expect(outcomes.map((o) => o.version)).toEqual([2, 3]);
    expect(await row(id)).toMatchObject({ level: 'B' });
  });
});

describe('undo', () => {
  it('gives old values and confidence back, and leaves what others wrote since', async () => {
    const id = await create({ name: '撤销', phone: '13800138000', level: 'A' });
    const [fresh0] = await db.query(sql`select cells from w_main.freshness where record = ${id}`);
    const edit = await engine.door.write(engine.ctx(), [
      { op: 'update', object: 'customer', id, set: { phone: '13900139000', level: 'B' } },
    ]);
    await engine.door.write(engine.ctx('user:li'), [{ op: 'update', object: 'customer', id, set: { level: 'C' } }]);
    const undone = await engine.door.undo(engine.ctx(), edit.changeSet ?? '');
    expect(undone).toMatchObject({ undone: 1, skippedCount: 1, skipped: [{ id, fields: ['level'] }] });
    expect(await row(id)).toMatchObject({ phone: '13800138000', level: 'C' });
    const [fresh1] = await db.query(sql`select cells from w_main.freshness where record = ${id}`);
    expect(fresh1?.cells).toEqual(fresh0?.cells);
    // and the undo is itself undone
    const redone = await engine.door.undo(engine.ctx(), undone.changeSet);
    expect(redone.undone).toBe(1);
    expect(await row(id)).toMatchObject({ phone: '13900139000', level: 'C' });
  });

  it('takes a whole creation back but keeps what was touched or is pointed at, and can bring it back', async () => {
    const made = await engine.door.write(
      engine.ctx(),
      Array.from({ length: 5 }, (_, i) => ({ op: 'create' as const, object: 'customer', set: { name: `导入${i}` } })),
    );
    const ids = made.outcomes.map((o) => o.id);
    await engine.door.write(engine.ctx('user:li'), [
      { op: 'update', object: 'customer', id: ids[0] ?? '', set: { level: 'A' } },
    ]);
    await engine.door.write(engine.ctx('user:li'), [
      { op: 'create', object: 'contact', set: { name: '王', customer: ids[1] } },
    ]);
    const undone = await engine.door.undo(engine.ctx(), made.changeSet ?? '');
    expect(undone.undone).toBe(3);
    expect(undone.skipped.map((entry) => entry.id).sort()).toEqual([ids[0], ids[1]].sort());
    const alive = async () =>
      (
        await db.query<{ id: string }>(
          sql`select id from w_main.customer where id = any(${ids}::uuid[]) and deleted_at is null`,
        )
      ).length;
    expect(await alive()).toBe(2);
    await engine.door.undo(engine.ctx(), undone.changeSet);
    expect(await alive()).toBe(5);
    await expect(engine.door.undo(engine.ctx(), undone.changeSet)).rejects.toMatchObject({
      code: 'change-set-not-undoable',
    });
  });

  it('restores what was deleted', async () => {
    const id = await create({ name: '删除' });
    const gone = await engine.door.write(engine.ctx(), [{ op: 'delete', object: 'customer', id, version: 1 }]);
    expect((await row(id)).deleted_at).not.toBeNull();
    await engine.door.undo(engine.ctx(), gone.changeSet ?? '');
    expect((await row(id)).deleted_at).toBeNull();
  });
});

it('tells this process what was committed', async () => {
  const id = await create({ name: '广播' });
  expect(engine.facts.at(-1)).toMatchObject({
    summary: { counts: { customer: { created: 1 } }, records: [['customer', id, expect.anything(), 1]] },
  });
});
