import { beforeAll, describe, expect, it } from 'vitest';
import { type TestTagging, testTagging } from '../tagging/testing.ts';

interface Overview {
  version: number;
  computedAt: string | null;
  sums: boolean;
  octants: { octant: string | null; customers: number; deals: number | null; amount: string | null }[];
}
interface Moves {
  moves: { from: string | null; to: string | null; customers: number; ids: string[] }[];
}

const SETTINGS = { on: true, basis: 'orders', months: 12, thresholds: { count: 2, amount: 10_000, years: 1 } };

describe('the value of customers', { timeout: 60_000 }, () => {
  let t: TestTagging;
  const ids: Record<string, string> = {};
  const order = (customer: string, ordered_on: string, amount: number, status = 'done') =>
    t.make('sales_order', { customer: ids[customer], ordered_on, amount, status });
  const value = async (name: string) => {
    const { values } = await t.engine.read.get(await t.ctxOf('system'), 'customer', ids[name] ?? '');
    return values;
  };

  beforeAll(async () => {
    t = await testTagging();
    for (const name of ['a', 'b', 'c', 'none']) ids[name] = await t.make('customer', { name: `客户${name}` });
    await order('a', '2024-01-05', 4_000);
    await order('a', '2025-11-01', 9_000);
    await order('a', '2026-02-01', 3_000.5);
    await order('b', '2026-01-15', 50_000);
    await order('b', '2026-01-16', 50_000, 'cancelled');
    await order('c', '2023-05-01', 800_000);
    // A plan is no deal.
    await order('c', '2026-12-01', 800_000);
  });

  it('nothing is counted before somebody agreed to thresholds', async () => {
    await t.computeValue();
    expect(await value('a')).toMatchObject({ value_octant: null, deal_count: null });
    expect((await t.ask<Overview>('GET', '/value')).computedAt).toBeNull();
  });

  it('counts deals of the period, years since the first, and where that stands', async () => {
    await t.ask('PUT', '/value/settings', { settings: SETTINGS, version: 0 });
    await t.computeValue();
    expect(await value('a')).toMatchObject({
      ...{ value_octant: 'diamond', deal_count: 2, deal_amount: '12000.5' },
      ...{ first_deal_on: '2024-01-05', last_deal_on: '2026-02-01' },
    });
    expect(await value('b')).toMatchObject({ value_octant: 'potential', deal_count: 1, deal_amount: '50000' });
    expect(await value('c')).toMatchObject({ value_octant: 'old-friend', deal_count: 0, deal_amount: '0' });
    expect(await value('none')).toMatchObject({ value_octant: null, rfm: null });
    expect((await value('a')).rfm).toMatch(/^[1-5]-[1-5]-[1-5]$/);
    const overview = await t.ask<Overview>('GET', '/value');
    expect(overview.octants.find(({ octant }) => octant === 'diamond')).toEqual({
      ...{ octant: 'diamond', customers: 1, deals: 2 },
      amount: '12000.5',
    });
    expect(overview.octants.find(({ octant }) => octant === null)?.customers).toBe(1);
  });

  it('a second count writes nothing where nothing changed', async () => {
    const before = await t.engine.read.list(await t.ctxOf('system'), { object: 'customer', fields: [] });
    await t.computeValue();
    const after = await t.engine.read.list(await t.ctxOf('system'), { object: 'customer', fields: [] });
    expect(after.rows.map(({ id, version }) => [id, version])).toEqual(
      before.rows.map(({ id, version }) => [id, version]),
    );
  });

  it('people can’t set what is counted', async () => {
    const { outcomes } = await t.engine.write.write(await t.ctxOf(`user:${t.boss.id}`), [
      { op: 'update', object: 'customer', id: ids.a ?? '', set: { value_octant: 'watch' } },
    ]);
    expect(outcomes[0]?.issues?.[0]?.code).toBe('field-readonly');
  });

  it('tells how customers moved between two days', async () => {
    const from = '2026-03-03';
    t.later(10);
    await order('b', '2026-03-12', 1_000);
    await order('none', '2026-03-12', 100);
    await t.computeValue();
    const { moves } = await t.ask<Moves>('GET', `/value/moves?from=${from}&to=2026-03-13`);
    expect(moves).toHaveLength(4);
    expect(moves).toEqual(
      expect.arrayContaining([
        { from: 'potential', to: 'rising', customers: 1, ids: [ids.b] },
        { from: null, to: 'watch', customers: 1, ids: [ids.none] },
        { from: 'diamond', to: 'diamond', customers: 1, ids: [ids.a] },
        { from: 'old-friend', to: 'old-friend', customers: 1, ids: [ids.c] },
      ]),
    );
    const still = await t.ask<Moves>('GET', '/value/moves?from=2026-03-13&to=2026-03-13');
    expect(still.moves.every((one) => one.from === one.to)).toBe(true);
  });

  it('suggests thresholds once enough customers bought, and says what lies behind', async () => {
    const few = await t.ask<{ thresholds: unknown; buyers: number }>('GET', '/value/suggestion?basis=orders&months=12');
    expect(few).toMatchObject({ thresholds: null, buyers: 3 });
    for (let n = 0; n < 20; n++) {
      ids[`s${n}`] = await t.make('customer', { name: `小客户${n}` });
      for (let k = 0; k <= n % 3; k++) await order(`s${n}`, '2026-02-10', 1_000 * (n + 1));
    }
    const enough = await t.ask<{ thresholds: { count: number }; buyers: number; fourFifths: { share: number } }>(
      'GET',
      '/value/suggestion?basis=orders&months=12',
    );
    expect(enough.buyers).toBe(23);
    expect(enough.thresholds.count).toBe(2);
    expect(enough.fourFifths.share).toBeGreaterThan(0.3);
    expect((await t.seller({ method: 'GET', url: '/api/v1/value/suggestion?basis=orders&months=12' })).statusCode).toBe(
      403,
    );
  });

  it('whose roles mask amounts sees customers, not sums', async () => {
    const reply = await t.seller({ method: 'GET', url: '/api/v1/value' });
    expect(reply.statusCode).toBe(200);
    const { sums, octants } = reply.json() as Overview;
    expect(sums).toBe(false);
    expect(octants.every(({ amount }) => amount === null)).toBe(true);
  });
});
