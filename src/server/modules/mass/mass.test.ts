import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { AppError } from '../../../contract/errors.ts';
import type { PlainAction } from '../../../contract/mass.ts';
import { createEngine } from '../../engine.ts';
import { beginRun, beginUndo } from './advance-run.ts';
import { moveRun, readRun } from './run-store.ts';
import { everythingOf, type MassWorld, massWorld } from './testing.ts';

let world: MassWorld;
let serial = 0;
beforeAll(async () => {
  world = await massWorld(await testDb());
});
beforeEach(() => {
  world.deps.portion = { set: 4, stream: 3 };
  world.narrow = (access) => access;
  world.at = new Date('2026-11-02T03:04:05.678Z');
});

/** So many customers with a tag of their own to find them by. */
async function customers(n: number, set: (i: number) => Record<string, unknown> = () => ({})) {
  const wechat = `group${++serial}`;
  const ids: string[] = [];
  for (let i = 0; i < n; i++)
    ids.push(await world.create('customer', { name: `公司${i}`, wechat, level: 'a', ...set(i) }));
  return { ids, target: { object: 'customer', filter: { field: 'wechat', op: 'eq' as const, value: wechat } } };
}

const column = async (ids: string[], name: string) =>
  (
    await world.db.query<{
      v: unknown;
    }>(sql`select to_jsonb(t) -> ${name} as v from unnest(${ids}::uuid[]) with ordinality as i(id, n)
    join w_main.customer t on t.id = i.id order by n`)
  ).map(({ v }) => v);

const deltasOf = async (changeSet: string | null) =>
  (
    await world.db.query<{ n: number }>(
      sql`select count(*)::int as n from w_main.delta where change_set = ${changeSet}`,
    )
  )[0]?.n;

const LEVEL_B: PlainAction = { kind: 'set', field: 'level', value: 'b' };

describe('the preview', () => {
  it('counts what will change, what is so already and what is refused, with samples, and changes nothing', async () => {
    const { ids, target } = await customers(9, (i) => ({ amount: i < 3 ? '100' : i < 5 ? '200' : null }));
    const run = await world.look(target, { kind: 'set', field: 'amount', value: '200' });
    expect(run.preview).toMatchObject({ change: 4, same: 2, refused: { 'reason-needed': 3 } });
    expect(run.preview?.samples[0]).toMatchObject({
      title: '公司5',
      changes: [{ field: 'amount', before: null, after: '200' }],
    });
    expect(await column(ids, 'version')).toEqual(Array(9).fill(1));
    expect((await world.look(target, { kind: 'set', field: 'amount', value: '200' }, '年审')).preview).toMatchObject({
      change: 7,
      refused: {},
    });
  });

  it('refuses at once what is wrong for all records alike', async () => {
    const ctx = await world.ctx();
    const issueOf = async (action: PlainAction, object = 'customer') => {
      const error = await world.deps.mass.plan(ctx, object, action).catch((e: unknown) => e);
      return error instanceof AppError ? error.issues?.[0]?.code : 'no error';
    };
    expect(await issueOf({ kind: 'set', field: 'code', value: 'P1' }, 'product')).toBe('mass-unique');
    expect(await issueOf({ kind: 'set', field: 'name', value: ' ' })).toBe('required');
    expect(await issueOf({ kind: 'set', field: 'mobile', value: '123' })).toMatch(/^phone-/);
    expect(await issueOf({ kind: 'set', field: 'number', value: 'C1' })).toBe('field-readonly');
    expect(await issueOf({ kind: 'append', field: 'name', value: 'x' })).toBe('mass-not-list');
    expect(await issueOf({ kind: 'replace', field: 'products', find: 'a', with: 'b' })).toBe('mass-not-text');
    expect(await issueOf({ kind: 'delete' }, 'interaction')).toBe('append-only');
    expect(
      await issueOf({ kind: 'set', field: 'customer', value: '01a00000-0000-7000-8000-000000000000' }, 'contact'),
    ).toBe('relation-unknown');
  });
});

describe('a run', () => {
  it('changes what was found, also where the change takes it out of the query, as one change set told once', async () => {
    const { ids, target } = await customers(10);
    const filter = { all: [target.filter, { field: 'level', op: 'eq' as const, value: 'a' }] };
    const run = await world.run({ ...target, filter }, LEVEL_B);
    expect(run).toMatchObject({ state: 'done', found: 10, done: 10, counts: { change: 10, same: 0 } });
    expect(new Set(await column(ids, 'level'))).toEqual(new Set(['b']));
    const [set] = await world.db.query(
      sql`select kind, status, summary from w_main.change_set where id = ${run.change_set}`,
    );
    expect(set).toEqual({ kind: 'bulk', status: 'done', summary: { counts: { customer: { updated: 10 } } } });
    expect(await world.db.query(sql`select from w_main.mass_portion where run = ${run.id}`)).toEqual([]);
  });

  it('leaves no change set where nothing was to be done', async () => {
    const { target } = await customers(2);
    expect(await world.run(target, { kind: 'set', field: 'level', value: 'a' })).toMatchObject({
      state: 'done',
      change_set: null,
      counts: { same: 2 },
    });
  });

  it('goes on after a kill at any moment, without doubling', async () => {
    const { ids, target } = await customers(21);
    const { id } = await world.look(target, LEVEL_B);
    await beginRun(world.deps, 'main', id);
    // Each attempt dies inside the transaction of its third portion: what the transaction wrote goes with it.
    const { mass } = world.deps;
    let attempts = 0;
    for (;;) {
      attempts += 1;
      let portions = 0;
      world.deps.mass = {
        ...mass,
        apply: (ctx, plan, set, portion, alongside) =>
          mass.apply(ctx, plan, set, portion, async (tx, counts) => {
            await alongside(tx, counts);
            if (++portions === 3) throw new Error('killed');
          }),
      };
      const ended = await world.advance(id).catch(() => null);
      if (ended) break;
    }
    world.deps.mass = mass;
    expect(attempts).toBeGreaterThan(1);
    const run = await readRun(world.db, 'main', id);
    expect(run).toMatchObject({ state: 'done', done: 21, counts: { change: 21, same: 0 } });
    expect(await column(ids, 'version')).toEqual(Array(21).fill(2));
    expect(await deltasOf(run.change_set)).toBe(21);
  });

  it('is written once by two processes at once', async () => {
    const { ids, target } = await customers(40);
    const { id } = await world.look(target, LEVEL_B);
    await Promise.all([beginRun(world.deps, 'main', id), beginRun(world.deps, 'main', id)]);
    await Promise.all([world.advance(id), world.advance(id), world.advance(id)]);
    const run = await readRun(world.db, 'main', id);
    expect(run).toMatchObject({ state: 'done', done: 40, counts: { change: 40, same: 0 } });
    expect(await deltasOf(run.change_set)).toBe(40);
    expect(await column(ids, 'version')).toEqual(Array(40).fill(2));
  });

  it('stops where it is cancelled; what was done stays and can be undone', async () => {
    const { ids, target } = await customers(20);
    const { id } = await world.look(target, LEVEL_B);
    await beginRun(world.deps, 'main', id);
    const { mass } = world.deps;
    world.deps.mass = {
      ...mass,
      apply: async (...args) => {
        await mass.apply(...args);
        await moveRun(world.db, 'main', id, sql`cancel = true`, ['running']);
      },
    };
    const run = await world.advance(id);
    world.deps.mass = mass;
    expect(run.state).toBe('cancelled');
    const changed = (await column(ids, 'level')).filter((level) => level === 'b').length;
    expect(changed).toBe(run.counts.change);
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(20);
    await world.advance(await beginUndo(world.deps, await world.ctx(), String(run.change_set)));
    expect(new Set(await column(ids, 'level'))).toEqual(new Set(['a']));
  });

  it('touches only rows and fields that the person may', async () => {
    const { ids, target } = await customers(6, (i) => ({ owner: i < 2 ? 'li' : 'wang' }));
    const run = await world.look(target, LEVEL_B);
    expect(run.found).toBe(6);
    const own = { field: 'owner', op: 'eq' as const, value: 'li' };
    world.narrow = (access) => {
      const { customer } = access.objects;
      return customer
        ? {
            ...access,
            objects: {
              ...access.objects,
              customer: { ...customer, rows: own, fields: { '*': 'edit', amount: 'masked' } },
            },
          }
        : access;
    };
    await beginRun(world.deps, 'main', run.id);
    expect(await world.advance(run.id)).toMatchObject({ counts: { change: 2, refused: { 'record-unknown': 4 } } });
    expect((await column(ids, 'level')).filter((level) => level === 'b')).toHaveLength(2);
    const masked = world.deps.mass.plan(await world.ctx(), 'customer', { kind: 'set', field: 'amount', value: '1' });
    await expect(masked).rejects.toMatchObject({ issues: [{ code: 'field-forbidden' }] });
  });

  it('says so when its action stopped being possible, and keeps what was done', async () => {
    const { target } = await customers(3);
    const { id } = await world.look(target, LEVEL_B);
    world.narrow = (access) => {
      const { customer } = access.objects;
      return customer
        ? { ...access, objects: { ...access.objects, customer: { ...customer, actions: ['read'] } } }
        : access;
    };
    await beginRun(world.deps, 'main', id);
    const run = await world.advance(id);
    expect(run).toMatchObject({ state: 'failed', change_set: null, error: { code: 'invalid-input' } });
    expect(run.error?.message.zh).toContain('权限');
  });

  it('goes by the rules that hold changes: nobody gets past them by asking for many', async () => {
    const rule = {
      id: '01a00000-0000-7000-8000-000000000001',
      name: '等级先审',
      object: 'customer',
      fields: ['level'],
      from: [],
    };
    const save = (hold: (typeof rule)[], from: number) =>
      world.engine.rules.save('main', {
        author: 'user:li',
        reason: null,
        rules: { decide: [], hold },
        from,
        open: false,
      });
    const { ids, target } = await customers(5);
    await world.engine.rules.ready('main');
    const version = await save([rule], world.engine.rules.of('main').version);
    const run = await world.run(target, LEVEL_B);
    await save([], version);
    expect(run.counts).toMatchObject({ change: 0, refused: { 'mass-held': 5 } });
    expect(new Set(await column(ids, 'level'))).toEqual(new Set(['a']));
  });

  it('moves contacts along with a new owner, and back', async () => {
    const { ids, target } = await customers(3, () => ({ owner: 'wang' }));
    for (const customer of ids) await world.create('contact', { name: '张三', customer, mobile: '13800138000' });
    const owners = async () =>
      (
        await world.db.query<{ owner: string }>(
          sql`select distinct owner from w_main.freshness where bundle = any(${ids}::uuid[])`,
        )
      ).map(({ owner }) => owner);
    const run = await world.run(target, { kind: 'set', field: 'owner', value: 'li' });
    expect(await owners()).toEqual(['li']);
    await world.advance(await beginUndo(world.deps, await world.ctx(), String(run.change_set)));
    expect(await owners()).toEqual(['wang']);
    expect(await column(ids, 'owner')).toEqual(['wang', 'wang', 'wang']);
  });
});

describe('undo as one', () => {
  const actions: PlainAction[] = [
    LEVEL_B,
    { kind: 'set', field: 'size', value: 'xl' },
    { kind: 'set', field: 'email', value: null },
    { kind: 'set', field: 'short_name', value: '新名' },
    { kind: 'append', field: 'risk_tags', value: ['churn'] },
    { kind: 'set', field: 'last_followup_at', value: '2026-10-09T00:00:00Z' },
    { kind: 'set', field: 'registered_capital', value: '30' },
    { kind: 'verify', fields: ['email', 'mobile'], method: 'phone' },
    { kind: 'delete' },
  ];
  it.each(actions)('gives back what was there: %o', async (action) => {
    const { ids, target } = await customers(9, (i) => ({
      email: i % 2 ? 'a@example.com' : null,
      mobile: '13800138000',
      size: i % 3 ? 's' : null,
      short_name: '旧名',
      registered_capital: '12.50',
      last_followup_at: '2026-09-01T02:00:00Z',
    }));
    const strip = (all: unknown[]) =>
      (all as { row: { row: Record<string, unknown> }; freshness: Record<string, unknown>; entry: unknown }[]).map(
        ({ row, freshness, entry }) => {
          const { version: _, updated_at: __, updated_by: ___, ...values } = row.row;
          return { values, freshness, entry };
        },
      );
    const before = strip(await everythingOf(world.db, 'customer', ids, null));
    world.at = new Date('2026-11-03T00:00:00.000Z');
    const run = await world.run(target, action, '整理');
    expect(run.counts.change).toBeGreaterThan(0);
    expect(strip(await everythingOf(world.db, 'customer', ids, null))).not.toEqual(before);
    const undo = await world.advance(await beginUndo(world.deps, await world.ctx(), String(run.change_set)));
    expect(undo).toMatchObject({ state: 'done', counts: { change: run.counts.change } });
    expect(strip(await everythingOf(world.db, 'customer', ids, null))).toEqual(before);
    const sets = await world.db.query(
      sql`select status, undone_by = ${undo.change_set}::uuid as by_it from w_main.change_set where id = ${run.change_set}`,
    );
    expect(sets).toEqual([{ status: 'undone', by_it: true }]);
    await expect(beginUndo(world.deps, await world.ctx(), String(run.change_set))).rejects.toMatchObject({
      code: 'change-set-not-undoable',
    });
    // Undoing the undo: the operation is in force again.
    await world.advance(await beginUndo(world.deps, await world.ctx(), String(undo.change_set)));
    const [again] = await world.db.query<{ status: string }>(
      sql`select status from w_main.change_set where id = ${run.change_set}`,
    );
    expect(again?.status).toBe('done');
  });

  it('keeps what others changed since, field by field', async () => {
    const { ids, target } = await customers(5);
    const run = await world.run(target, LEVEL_B);
    const [first = '', second = ''] = ids;
    await world.engine.write.write(await world.ctx('user:zhao'), [
      { op: 'update', object: 'customer', id: first, set: { level: 'c' } },
      { op: 'update', object: 'customer', id: second, set: { email: 'z@example.com' } },
    ]);
    const undo = await world.advance(await beginUndo(world.deps, await world.ctx(), String(run.change_set)));
    expect(await column(ids, 'level')).toEqual(['c', 'a', 'a', 'a', 'a']);
    expect(await column([second], 'email')).toEqual(['z@example.com']);
    expect(undo.counts).toMatchObject({ change: 4, refused: { 'mass-touched': 1 } });
  });

  it('gives a check back to whom the record belongs again, also where the door takes it back', async () => {
    const { ids, target } = await customers(2, () => ({ owner: 'wang' }));
    const run = await world.run(target, { kind: 'set', field: 'owner', value: 'li' });
    await world.engine.write.undo(await world.ctx(), String(run.change_set));
    const rows = await world.db.query(
      sql`select distinct owner from w_main.freshness where record = any(${ids}::uuid[])`,
    );
    expect(rows).toEqual([{ owner: 'wang' }]);
  });

  it('is nobody else’s', async () => {
    const { target } = await customers(1);
    const run = await world.run(target, LEVEL_B);
    world.narrow = (access) => ({ ...access, admin: false });
    const other = await world.ctx('user:zhao');
    await expect(beginUndo(world.deps, other, String(run.change_set))).rejects.toMatchObject({
      code: 'change-set-unknown',
    });
  });
});

describe('standardising what is there', () => {
  it('counts per rule, changes spelling only, moves no clock, and is undone as one', async () => {
    const { ids, target } = await customers(7);
    // As an older rule, or somebody with SQL, left it.
    await world.db.query(
      sql`update w_main.customer set mobile = '+86 138-0013-8000', name = '华为(上海)公司' where id = any(${ids.slice(0, 3)}::uuid[])`,
    );
    await world.db.query(
      sql`update w_main.customer set phone = 'abc', short_name = '臺灣電子' where id = any(${ids.slice(3, 5)}::uuid[])`,
    );
    const run = await world.look(target, { kind: 'standardise', simplify: true });
    expect(run.preview).toMatchObject({
      change: 5,
      same: 2,
      rules: { 'mobile phone': 3, 'name brackets': 3, 'phone invalid': 2, 'short_name simplified': 2 },
    });
    const cells = () =>
      world.db.query(
        sql`select record, cells, base_at from w_main.freshness where record = any(${ids}::uuid[]) order by record`,
      );
    const before = await cells();
    await beginRun(world.deps, 'main', run.id);
    const written = await world.advance(run.id);
    expect(written).toMatchObject({ state: 'done', counts: { change: 5, same: 2 } });
    expect((await column(ids, 'mobile')).slice(0, 4)).toEqual(['13800138000', '13800138000', '13800138000', null]);
    expect(await column(ids.slice(3, 4), 'short_name')).toEqual(['台湾电子']);
    expect(await cells()).toEqual(before);
    const [set] = await world.db.query<{ kind: string }>(
      sql`select kind from w_main.change_set where id = ${written.change_set}`,
    );
    expect(set?.kind).toBe('standardise');
    await world.advance(await beginUndo(world.deps, await world.ctx(), String(written.change_set)));
    expect(await column(ids.slice(0, 1), 'mobile')).toEqual(['+86 138-0013-8000']);
  });

  it('goes on reading where it was stopped', async () => {
    const { ids, target } = await customers(8);
    await world.db.query(sql`update w_main.customer set mobile = '+86 138-0013-8000' where id = any(${ids}::uuid[])`);
    const abort = new AbortController();
    const { mass } = world.deps;
    world.deps.mass = {
      ...mass,
      lookAt: (...args) => {
        abort.abort();
        return mass.lookAt(...args);
      },
    };
    const { id } = await world.look(target, { kind: 'standardise' }).catch(() => ({ id: '' }));
    expect(id).not.toBe('');
    world.deps.mass = mass;
    expect((await world.advance(id)).preview).toMatchObject({ change: 8 });
  });
});

it('another process reads the same run', async () => {
  const { target } = await customers(2);
  const { id } = await world.look(target, LEVEL_B);
  const other = createEngine(world.db);
  await beginRun({ ...world.deps, ...other, mass: other.mass(world.db) }, 'main', id);
  expect(await world.advance(id)).toMatchObject({ state: 'done', counts: { change: 2 } });
});
