import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { matches } from '../../../domain/filter/matches.ts';
import type { Filter, Sort } from '../../../domain/filter/types.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { testEngine } from '../testing.ts';
import type { Query, ReadDoor, Row } from '../types.ts';
import { createReadDoor } from './door.ts';
import { environment } from './sample.ts';

type Values = Record<string, FieldValue>;
/** What the table was at each moment, kept beside the engine. */
interface Moment {
  at: Date;
  rows: Map<string, { version: number; values: Values; created: number }>;
}

let engine: Awaited<ReturnType<typeof testEngine>>;
let door: ReadDoor;
let catalog: Catalog;
let customer: ObjectDef;
const moments: Moment[] = [];
const start = Date.UTC(2026, 0, 1);
const NAMES = ['甲', '乙', '丙', '丁', 'Ab', null];

beforeAll(async () => {
  const db = await testDb();
  engine = await testEngine(db);
  door = createReadDoor({ db, catalog: engine.catalog, environment });
  let random = 42;
  const dice = (n: number): number => {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
    return (random >> 8) % n;
  };
  const value = (): Record<string, unknown> => ({
    name: NAMES[dice(5)],
    level: ['A', 'B', null][dice(3)],
    amount: [null, '1.5', '20', '3'][dice(4)],
    signed_on: [null, '2025-01-01', '2025-06-01'][dice(3)],
    tags: [null, ['x'], ['x', 'y']][dice(3)],
  });
  const rows: Moment['rows'] = new Map();
  const bin = new Map<string, { version: number; values: Values; created: number }>();
  for (let step = 0; step < 160; step++) {
    const at = new Date(start + step * 60_000);
    const ctx = engine.ctx('user:wang', { at, reason: 'test' });
    const ids = [...rows.keys()];
    const id = ids[dice(ids.length || 1)];
    const what = dice(10);
    if (step < 30 || what < 2 || id === undefined) {
      const created = await engine.door.write(ctx, [{ op: 'create', object: 'customer', set: value() }]);
      const [outcome] = created.outcomes;
      if (outcome) rows.set(outcome.id, { version: 1, values: { ...outcome.values }, created: step });
    } else if (what < 8) {
      const all = Object.entries(value());
      const set = Object.fromEntries(all.filter(() => dice(2) === 0));
      const { outcomes } = await engine.door.write(ctx, [{ op: 'update', object: 'customer', id, set }]);
      const before = rows.get(id);
      if (before && outcomes[0]?.status === 'applied')
        rows.set(id, {
          ...before,
          version: outcomes[0].version ?? 0,
          values: { ...before.values, ...outcomes[0].values },
        });
    } else if (what === 8) {
      const { outcomes } = await engine.door.write(ctx, [{ op: 'delete', object: 'customer', id }]);
      const before = rows.get(id);
      if (before && outcomes[0]?.status === 'applied') bin.set(id, { ...before, version: before.version + 1 });
      rows.delete(id);
    } else {
      const [back] = bin.keys();
      const before = back && bin.get(back);
      if (!back || !before) continue;
      const { outcomes } = await engine.door.write(ctx, [{ op: 'restore', object: 'customer', id: back }]);
      expect(outcomes[0]?.status).toBe('applied');
      rows.set(back, { ...before, version: before.version + 1 });
      bin.delete(back);
    }
    moments.push({ at, rows: new Map(rows) });
  }
  catalog = await engine.catalog.get('main');
  const found = catalog.objects.find((o) => o.name === 'customer');
  if (!found) throw new Error('no customer');
  customer = found;
}, 120_000);

const leaf: fc.Arbitrary<Filter> = fc.constantFrom<Filter>(
  { field: 'name', op: 'eq', value: '甲' },
  { field: 'name', op: 'in', value: ['乙', '丙', null] },
  { field: 'level', op: 'eq', value: 'A' },
  { field: 'level', op: 'empty' },
  { field: 'amount', op: 'gt', value: 2 },
  { field: 'amount', op: 'ne', value: '1.5' },
  { field: 'signed_on', op: 'lt', value: '2025-03-01' },
  { field: 'tags', op: 'hasAny', value: ['y'] },
  { field: 'tags', op: 'hasNone', value: ['y'] },
);
const filters = fc.oneof(
  leaf,
  fc.tuple(leaf, leaf).map((all): Filter => ({ all })),
  fc.tuple(leaf, leaf).map((any): Filter => ({ any })),
  leaf.map((not): Filter => ({ not })),
);
const sorts = fc.record({
  field: fc.constantFrom('name', 'level', 'amount', 'signed_on', '$created_at', '$id'),
  dir: fc.constantFrom<Sort['dir']>('asc', 'desc'),
});

async function pages(query: Query): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await door.list(engine.ctx(), { ...query, page: { limit: 6, ...(after && { after }) } });
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

const pinyin = new Intl.Collator('zh-Hans-CN');

describe('a list as of a moment', () => {
  test('is the table as it was: rows, values, versions, filter, sort and pages', async () => {
    const env = { ...environment(), catalog, object: customer };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(moments.length - 1),
        fc.option(filters, { nil: null }),
        fc.option(sorts, { nil: null }),
        async (i, filter, sort) => {
          const moment = moments[i];
          if (!moment) throw new Error('no moment');
          const asOf = moment.at.toISOString();
          const query: Query = { object: 'customer', asOf, ...(filter && { filter }), ...(sort && { sort: [sort] }) };
          const rows = await pages(query);
          const expected = [...moment.rows].filter(
            ([, { values }]) => !filter || matches(filter, values, { ...env, now: moment.at }),
          );
          expect(rows.map((r) => r.id).sort()).toEqual(expected.map(([id]) => id).sort());
          for (const row of rows) {
            const was = moment.rows.get(row.id);
            expect(row.version).toBe(was?.version);
            for (const name of ['name', 'level', 'amount', 'signed_on', 'tags'])
              expect(row.values[name]).toEqual(was?.values[name] ?? null);
          }
          const key = (row: Row): FieldValue =>
            sort?.field === '$created_at'
              ? row.createdAt
              : sort && sort.field !== '$id'
                ? (row.values[sort.field] ?? null)
                : row.id;
          const way = sort?.dir === 'asc' ? 1 : -1;
          rows.slice(1).forEach((row, n) => {
            const before = rows[n];
            const [a, b] = [before ? key(before) : null, key(row)];
            if (b === null) return;
            expect(a).not.toBeNull();
            const order =
              sort?.field === 'amount'
                ? Number(a) - Number(b)
                : sort?.field === 'name'
                  ? pinyin.compare(String(a), String(b))
                  : String(a) < String(b)
                    ? -1
                    : String(a) > String(b)
                      ? 1
                      : 0;
            expect(order * way).toBeLessThanOrEqual(0);
          });
          const { count } = await door.list(engine.ctx(), { ...query, count: 'exact' });
          expect(count).toEqual({ value: expected.length, exact: true });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('gives one record, or that it was not there', async () => {
    const last = moments.at(-1);
    const [[id = '', was] = []] = [...(last?.rows ?? [])].filter(([, row]) => row.created > 40 && row.version > 2);
    const row = await door.get(engine.ctx(), 'customer', id, { asOf: last?.at.toISOString() ?? '' });
    expect(row.version).toBe(was?.version);
    await expect(
      door.get(engine.ctx(), 'customer', id, { asOf: new Date(start + 40 * 60_000).toISOString() }),
    ).rejects.toMatchObject({ code: 'record-unknown' });
  });

  test('counts by value', async () => {
    const moment = moments[120];
    const asOf = moment?.at.toISOString() ?? '';
    for (const name of ['level', 'tags']) {
      const expected = new Map<FieldValue, number>();
      for (const { values } of moment?.rows.values() ?? []) {
        const value = values[name] ?? null;
        for (const one of Array.isArray(value) ? value : [value]) expected.set(one, (expected.get(one) ?? 0) + 1);
      }
      const groups = await door.group(engine.ctx(), { object: 'customer', asOf }, name);
      expect(new Map(groups.map(({ value, count }) => [value, count]))).toEqual(expected);
    }
  });

  test('streams all of it', async () => {
    const moment = moments[100];
    const ids: string[] = [];
    for await (const rows of door.stream(engine.ctx(), { object: 'customer', asOf: moment?.at.toISOString() ?? '' }))
      ids.push(...rows.map((row) => row.id));
    expect(ids.sort()).toEqual([...(moment?.rows.keys() ?? [])].sort());
  });

  test.each<[string, Partial<Query>]>([
    ['the future', { asOf: '2999-01-01T00:00:00Z' }],
    ['freshness of the past', { filter: { field: '$freshness', op: 'lt', value: 0.5 } }],
    ['a sort on sets', { sort: [{ field: 'tags', dir: 'asc' }] }],
  ])('refuses %s', async (_what, query) => {
    const asOf = moments[50]?.at.toISOString() ?? '';
    await expect(door.list(engine.ctx(), { object: 'customer', asOf, ...query })).rejects.toMatchObject({
      status: 422,
    });
  });
});
