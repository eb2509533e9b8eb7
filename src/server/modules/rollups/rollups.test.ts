import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled, testDb } from '../../../../test/support/database.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { FieldInput } from '../../records/catalog/define.ts';
import { fillRollups, followRollups } from './index.ts';
import { field, over, rollupWorld } from './testing.ts';

let db: Db;
let world: Awaited<ReturnType<typeof rollupWorld>>;

beforeAll(async () => {
  db = await testDb();
  world = await rollupWorld(db);
});

describe('a roll-up', () => {
  it('leaves no trace: version, clock of changes and history stay, pages are told', async () => {
    const { engine, told, ctx, make, catchUp } = world;
    const [customer = ''] = await make('customer', [{ name: '无痕' }]);
    const state = async () =>
      db.query(sql`select version, updated_at, updated_by, (select count(*)::int from w_main.delta where record = ${customer}) as deltas
        from w_main.customer where id = ${customer}`);
    const before = await state();
    told.length = 0;
    await make('deal', [{ customer, amount: '5' }]);
    await catchUp();
    expect(await state()).toEqual(before);
    expect(told).toContain('customer');
    expect((await engine.read.get(await ctx(), 'customer', customer)).values).toMatchObject({
      deals: 1,
      total: '5',
      last_on: null,
    });
    told.length = 0;
    await catchUp();
    expect(told).toEqual([]);
  });

  it('starts at nothing for a record that nothing points to, and sorts and filters like any field', async () => {
    const { engine, ctx, make, catchUp } = world;
    const [poor = '', rich = ''] = await make('customer', [{ name: '零单' }, { name: '大单' }]);
    expect((await engine.read.get(await ctx(), 'customer', poor)).values).toMatchObject({
      deals: 0,
      total: '0',
      least: null,
    });
    await make('deal', [{ customer: rich, amount: '99999999' }]);
    await catchUp();
    const page = await engine.read.list(await ctx(), {
      object: 'customer',
      filter: { field: 'total', op: 'gte', value: '99999999' },
      sort: [{ field: 'total', dir: 'desc' }],
    });
    expect(page.rows.map(({ id }) => id)).toEqual([rich]);
  });

  it('is nobody’s to write, and has no past of its own', async () => {
    const { engine, ctx, make } = world;
    const [customer = ''] = await make('customer', [{ name: '只读' }]);
    for (const source of ['page', 'import', 'rule'] as const) {
      const acting = await ctx({ source, ...(source === 'rule' && { actor: 'system' }) });
      const { outcomes } = await engine.write.write(acting, [
        { op: 'update', object: 'customer', id: customer, set: { total: '1' } },
      ]);
      expect(outcomes[0]?.issues?.map(({ code }) => code)).toEqual(['field-readonly']);
    }
    const asOf = new Date().toISOString();
    const then = await engine.read.get(await ctx({ at: new Date(Date.now() + 1_000) }), 'customer', customer, { asOf });
    expect(then.values).toHaveProperty('name');
    expect(then.values).not.toHaveProperty('total');
    const past = { object: 'customer', asOf, filter: { field: 'total', op: 'gt', value: '0' } } as const;
    await expect(engine.read.list(await ctx({ at: new Date(Date.now() + 1_000) }), past)).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('is refused where it can’t be kept, and keeps what it looks at in plain and in use', async () => {
    const { engine } = world;
    const { createField, updateField } = engine.editor;
    const attempt = (rollup: NonNullable<FieldInput['rollup']>, object = 'customer') =>
      createField('main', object, field('attempt', 'text', { rollup })).then(
        () => 'made',
        (error: { code: string }) => error.code,
      );
    expect(await attempt({ of: 'part', via: 'deal', fn: 'count' })).toBe('rollup-relation');
    expect(await attempt({ ...over, fn: 'sum', field: 'name' })).toBe('rollup-field');
    expect(await attempt({ ...over, fn: 'last', field: 'state' })).toBe('rollup-by');
    expect(await attempt({ ...over, fn: 'count', filter: { field: 'on', op: 'within', value: { days: -30 } } })).toBe(
      'rollup-filter',
    );
    expect(await attempt({ ...over, fn: 'count', filter: { field: 'customer.name', op: 'eq', value: '甲' } })).toBe(
      'rollup-filter',
    );
    await expect(
      updateField('main', 'deal', 'name', { rollup: { of: 'part', via: 'deal', fn: 'count' } }),
    ).rejects.toMatchObject({ code: 'rollup-fixed' });
    await expect(updateField('main', 'deal', 'amount', { retired: true })).rejects.toMatchObject({
      code: 'rollup-uses',
    });
    await createField('main', 'customer', field('above', 'relation', { target: 'customer' }));
    await createField(
      'main',
      'customer',
      field('below', 'number', { rollup: { of: 'customer', via: 'above', fn: 'sum', field: 'deals' } }),
    );
    expect(await attempt({ of: 'customer', via: 'above', fn: 'sum', field: 'below' })).toBe('made');
    await expect(
      updateField('main', 'customer', 'below', {
        rollup: { of: 'customer', via: 'above', fn: 'sum', field: 'attempt' },
      }),
    ).rejects.toMatchObject({ code: 'rollup-circle' });
    await updateField('main', 'customer', 'attempt', { retired: true });
    await updateField('main', 'customer', 'below', { retired: true });
  });

  it('declared late, changed or brought back is worked out for all records in portions, whatever happens meanwhile', async () => {
    const { engine, deps, write, make, catchUp, expected, kept, filled } = world;
    const customers = await make(
      'customer',
      Array.from({ length: 1_200 }, (_, n) => ({ name: `批量${n}` })),
    );
    // One set about more records than one transaction takes: handed over to the filling.
    const deals = await make(
      'deal',
      customers.map((customer, n) => ({ customer, amount: String(n), on: '2026-05-01' })),
    );
    await settled(db);
    while (await followRollups(deps, 'main'));
    expect(filled()).toBeGreaterThan(0);
    await catchUp();
    expect(await kept()).toEqual(await expected());
    await engine.editor.createField(
      'main',
      'customer',
      field('most', 'money', { rollup: { ...over, fn: 'max', field: 'amount' } }),
    );
    await fillRollups(deps, 'main');
    const [middle] = await db.query<{ done: number; finished: boolean }>(
      sql`select done, finished_at is not null as finished from w_main.rollup_fill order by wanted_at desc limit 1`,
    );
    expect(middle).toMatchObject({ done: 500, finished: false });
    await write([{ op: 'update', object: 'deal', id: deals[3] ?? '', set: { amount: '777777' } }]);
    await catchUp();
    const most = async () =>
      (
        await db.query<{ n: number; top: string }>(
          sql`select count(most)::int as n, max(most)::text as top from w_main.customer where name like '批量%'`,
        )
      )[0];
    expect(await most()).toEqual({ n: 1_200, top: '777777' });
    await engine.editor.updateField('main', 'customer', 'most', { rollup: { ...over, fn: 'min', field: 'amount' } });
    await catchUp();
    expect(await most()).toEqual({ n: 1_200, top: '777777' });
    await engine.editor.updateField('main', 'customer', 'most', { retired: true });
    await write([{ op: 'update', object: 'deal', id: deals[4] ?? '', set: { amount: '888888' } }]);
    await catchUp();
    expect(await most()).toEqual({ n: 1_200, top: '777777' });
    await engine.editor.updateField('main', 'customer', 'most', { retired: false });
    await catchUp();
    expect(await most()).toEqual({ n: 1_200, top: '888888' });
  }, 120_000);
});
