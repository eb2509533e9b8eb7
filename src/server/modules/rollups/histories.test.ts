import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fillRollups, followRollups } from './index.ts';
import { rollupWorld, STATES } from './testing.ts';

let db: Db;
let world: Awaited<ReturnType<typeof rollupWorld>>;

beforeAll(async () => {
  db = await testDb();
  world = await rollupWorld(db);
});

describe('after any history of what points to them', () => {
  const place = fc.nat({ max: 30 });
  const money = fc.integer({ min: 1, max: 9_999 }).map((n) => String(n));
  const deal = fc.record({
    customer: fc.option(place),
    amount: fc.option(money),
    weight: fc.option(fc.integer({ min: 0, max: 5_000 }).map((n) => n / 1000)),
    on: fc.option(fc.integer({ min: 1, max: 28 }).map((n) => `2026-03-${String(n).padStart(2, '0')}`)),
    state: fc.option(fc.constantFrom(...STATES)),
  });
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('create' as const),
        deals: fc.array(deal, { minLength: 1, maxLength: 6 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), at: place, set: deal }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('part' as const), at: place, amount: money }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('move-part' as const), at: place, to: place }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), at: place }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('restore' as const), at: place }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), back: fc.nat({ max: 4 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), winner: place, loser: place }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  );

  it('every figure is what a fresh count gives, at both heights', async () => {
    const { engine, ctx, write, make, catchUp, expected, kept } = world;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const customers = await make('customer', [{ name: '甲' }, { name: '乙' }, { name: '丙' }]);
        const deals: string[] = [];
        const parts: string[] = [];
        const sets: string[] = [];
        const pick = (list: string[], n: number) => list[n % Math.max(1, list.length)];
        const keep = (changeSet: string | null) => void (changeSet && sets.push(changeSet));
        const ofDeal = (set: { customer: number | null }) => ({
          ...set,
          customer: set.customer === null ? null : pick(customers, set.customer),
        });
        for (const one of steps) {
          if (one.do === 'create') {
            const result = await write(
              one.deals.map((set) => ({ op: 'create', object: 'deal', set: ofDeal(set) })),
              { atomic: false },
            );
            keep(result.changeSet);
            deals.push(...result.outcomes.flatMap(({ id, status }) => (id && status === 'applied' ? [id] : [])));
          } else if (one.do === 'look') await catchUp();
          else if (one.do === 'undo') {
            const set = sets.at(-1 - one.back);
            if (set) await engine.write.undo(await ctx(), set).catch(() => null);
          } else if (one.do === 'merge') {
            const [winner, loser] = [pick(customers, one.winner), pick(customers, one.loser)];
            if (!winner || !loser || winner === loser) continue;
            const pointing = await db.query<{ id: string }>(
              sql`select id from w_main.deal where customer = ${loser} and deleted_at is null`,
            );
            const moves: Change[] = pointing.map(({ id }) => ({
              op: 'update',
              object: 'deal',
              id,
              set: { customer: winner },
            }));
            const gone: Change = { op: 'delete', object: 'customer', id: loser };
            const joining = { object: 'customer', records: [winner, loser] };
            keep(
              (await write([gone, ...moves], { kind: 'merge', joining, canonical: true }).catch(() => null))
                ?.changeSet ?? null,
            );
          } else if (one.do === 'part') {
            const deal = pick(deals, one.at);
            const result = await write([{ op: 'create', object: 'part', set: { deal, amount: one.amount } }], {
              atomic: false,
            });
            keep(result.changeSet);
            parts.push(...result.outcomes.flatMap(({ id, status }) => (id && status === 'applied' ? [id] : [])));
          } else if (one.do === 'move-part') {
            const [id, deal] = [pick(parts, one.at), pick(deals, one.to)];
            if (id && deal)
              keep((await write([{ op: 'update', object: 'part', id, set: { deal } }], { atomic: false })).changeSet);
          } else {
            const id = pick(deals, one.at);
            if (!id) continue;
            const change: Change =
              one.do === 'edit'
                ? { op: 'update', object: 'deal', id, set: ofDeal(one.set) }
                : { op: one.do, object: 'deal', id };
            keep((await write([change], { atomic: false })).changeSet);
          }
        }
        await catchUp();
        expect(await kept()).toEqual(await expected());
      }),
      { numRuns: 25 },
    );
  }, 240_000);

  it('also when several write, follow and fill at the same moment', async () => {
    const { deps, write, make, catchUp, expected, kept } = world;
    const customers = await make(
      'customer',
      Array.from({ length: 5 }, (_, n) => ({ name: `并发${n}` })),
    );
    const deals = await make(
      'deal',
      Array.from({ length: 40 }, (_, n) => ({ customer: customers[n % 5], amount: '10', on: '2026-03-01' })),
    );
    const writer = async (who: number) => {
      for (let n = 0; n < 25; n++) {
        const id = deals[(n * 7 + who) % 40];
        const set = { customer: customers[(n + who) % 5], amount: String(n + who), state: STATES[n % 3] };
        if (id) await write([{ op: 'update', object: 'deal', id, set }], { atomic: false });
      }
    };
    let writing = true;
    const follower = async () => {
      while (writing) await followRollups(deps, 'main');
    };
    const filler = async () => {
      while (writing) {
        await db.query(sql`update w_main.rollup_fill set after = null, finished_at = null`);
        await fillRollups(deps, 'main');
      }
    };
    const others = [follower(), follower(), filler()];
    await Promise.all([writer(0), writer(1), writer(2)]);
    writing = false;
    await Promise.all(others);
    await catchUp();
    expect(await kept()).toEqual(await expected());
  }, 120_000);
});
