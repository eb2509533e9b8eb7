import sql from 'sql-template-tag';
import { settled } from '../../../../test/support/database.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { FieldInput } from '../../records/catalog/define.ts';
import type { Ctx, WriteOptions } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace } from '../workspace/index.ts';
import { fillRollups, followRollups, type RollupDeps } from './index.ts';

const label = (text: string) => ({ zh: text, en: text });
export const field = (name: string, type: FieldInput['type'], more: Partial<FieldInput> = {}): FieldInput => ({
  ...{ name, type, label: label(name) },
  ...more,
});
export const STATES = ['open', 'done', 'cancelled'] as const;
const counted = { field: 'state', op: 'ne', value: 'cancelled' } as const;
export const over = { of: 'deal', via: 'customer' } as const;

interface Deal {
  customer: string | null;
  amount: string | null;
  weight: number | null;
  on: string | null;
  state: string | null;
  parts: number;
  id: string;
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

/** Customers, their deals, and the parts of these, with roll-ups of every kind at two heights; and figures worked out beside the engine. */
export async function rollupWorld(db: Db) {
  const engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  const object = (name: string, fields: FieldInput[]) =>
    engine.editor.createObject('main', { name, label: label(name), plural: label(name), title: 'name', fields });
  const options = STATES.map((value) => ({ value, label: label(value) }));
  await object('customer', [field('name', 'text', { required: true })]);
  await object('deal', [
    field('name', 'text'),
    field('customer', 'relation', { target: 'customer' }),
    field('amount', 'money'),
    field('weight', 'number', { scale: 3 }),
    field('on', 'date'),
    field('state', 'select', { options }),
  ]);
  await object('part', [
    field('name', 'text'),
    field('deal', 'relation', { target: 'deal' }),
    field('amount', 'money'),
  ]);
  const { createField } = engine.editor;
  await createField(
    'main',
    'deal',
    field('parts', 'money', { rollup: { of: 'part', via: 'deal', fn: 'sum', field: 'amount' } }),
  );
  const rollups: [string, NonNullable<FieldInput['rollup']>][] = [
    ['deals', { ...over, fn: 'count', filter: counted }],
    ['total', { ...over, fn: 'sum', field: 'amount', filter: counted }],
    ['weight', { ...over, fn: 'sum', field: 'weight' }],
    ['least', { ...over, fn: 'min', field: 'amount' }],
    ['last_on', { ...over, fn: 'max', field: 'on', filter: counted }],
    ['last_state', { ...over, fn: 'last', field: 'state', by: 'on' }],
    ['parts', { ...over, fn: 'sum', field: 'parts', filter: counted }],
  ];
  for (const [name, rollup] of rollups) await createField('main', 'customer', field(name, 'text', { rollup }));
  const told: string[] = [];
  let filled = 0;
  const deps: RollupDeps = {
    db,
    catalog: engine.catalog,
    env: engine.env,
    now: () => new Date(),
    tell: (_workspace, moved) => void told.push(...moved.keys()),
    fillSoon: async () => {
      filled += 1;
    },
  };

  const ctx = async (more: Partial<Ctx> = {}): Promise<Ctx> => ({
    ...{ workspace: 'main', actor: 'user:li', source: 'page', at: new Date(), lang: 'zh' },
    access: accessFor('admin', await engine.catalog.get('main')),
    ...more,
  });
  const write = async (changes: Change[], options: WriteOptions = {}) => {
    const result = await engine.write.write(await ctx(), changes, { reviewed: true, ...options });
    return result;
  };
  const make = async (object: string, sets: Record<string, unknown>[]) =>
    (await write(sets.map((set) => ({ op: 'create', object, set })))).outcomes.map(({ id }) => id ?? '');

  async function catchUp(): Promise<void> {
    await settled(db);
    while (await followRollups(deps, 'main'));
    while (await fillRollups(deps, 'main'));
  }

  /** Figures by arithmetic over what stands in the tables, with nothing of the engine's SQL. */
  async function expected() {
    const parts = await db.query<{ deal: string | null; amount: string | null }>(
      sql`select deal, amount::text as amount from w_main.part where deleted_at is null`,
    );
    const rows = await db.query<
      Omit<Deal, 'parts'> & Record<string, unknown>
    >(sql`select id, customer, amount::text as amount, weight,
      to_char("on", 'YYYY-MM-DD') as "on", state from w_main.deal where deleted_at is null`);
    const deals: Deal[] = rows.map((row) => ({
      ...row,
      parts: sum(parts.filter(({ deal }) => deal === row.id).map(({ amount }) => Number(amount ?? 0))),
    }));
    const customers = await db.query<{ id: string }>(sql`select id from w_main.customer order by id`);
    return {
      deals: Object.fromEntries(deals.map(({ id, parts: total }) => [id, total])),
      customers: customers.map(({ id }) => {
        const own = deals.filter(({ customer }) => customer === id);
        const live = own.filter(({ state }) => state !== 'cancelled');
        const amounts = (list: Deal[]) => list.flatMap(({ amount }) => (amount === null ? [] : [Number(amount)]));
        const dated = own
          .filter(({ on, state }) => on !== null && state !== null)
          .toSorted((a, b) => ((a.on ?? '') + a.id < (b.on ?? '') + b.id ? 1 : -1));
        return {
          id,
          deals: live.length,
          total: sum(amounts(live)),
          weight: sum(own.map((deal) => Math.round((deal.weight ?? 0) * 1000))) / 1000,
          least: amounts(own).length > 0 ? Math.min(...amounts(own)) : null,
          last_on:
            live
              .flatMap(({ on }) => on ?? [])
              .toSorted()
              .at(-1) ?? null,
          last_state: dated[0]?.state ?? null,
          parts: sum(live.map((deal) => deal.parts)),
        };
      }),
    };
  }

  async function kept() {
    const deals = await db.query<{ id: string; parts: string }>(
      sql`select id, parts::text as parts from w_main.deal where deleted_at is null`,
    );
    const customers = await db.query<
      Record<string, unknown>
    >(sql`select id, deals::int as deals, total::float8 as total, weight, least::float8 as least,
      to_char(last_on, 'YYYY-MM-DD') as last_on, last_state, parts::float8 as parts from w_main.customer order by id`);
    return { deals: Object.fromEntries(deals.map(({ id, parts }) => [id, Number(parts)])), customers };
  }

  return { engine, deps, told, ctx, write, make, catchUp, expected, kept, filled: () => filled };
}
