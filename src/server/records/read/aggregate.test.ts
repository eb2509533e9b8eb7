import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { AggregateWish, Dimension, Measure, ReadDoor } from '../types.ts';
import { createReadDoor } from './door.ts';
import { catalog, company, createSample, ctx, environment, everything, insertRows, NOW, person } from './sample.ts';

let db: Db;
let door: ReadDoor;
let companies: string[];

interface Values {
  [field: string]: FieldValue;
}

const COMPANIES: Values[] = Array.from({ length: 90 }, (_, i) => ({
  name: `公司${i}`,
  amount: i % 3 === 0 ? null : `${(i * 37) % 101}.25`,
  score: i % 5 === 0 ? null : i % 9,
  signed: i % 4 === 0 ? null : `2026-${String((i % 12) + 1).padStart(2, '0')}-28`,
  // The last of the year in China, the day before in UTC.
  seen: i % 2 === 0 ? '2025-12-31T17:00:00.000Z' : '2026-05-31T15:30:00.000Z',
  active: i % 2 === 0,
  level: i % 7 === 0 ? null : i % 2 === 0 ? 'A' : 'B',
  tags: i % 6 === 0 ? null : [`t${i % 4}`, 'x'],
  industry: ['A011', 'A02', 'B', null][i % 4] ?? null,
  owner: i % 10 === 0 ? 'u1' : 'u2',
  phone: '13800138000',
}));
const PEOPLE = Array.from({ length: 60 }, (_, i) => ({ name: `人${i}`, company: i % 8 === 0 ? null : i % 90 }));

beforeAll(async () => {
  db = await testDb();
  await createSample(db);
  door = createReadDoor({
    db,
    catalog: { get: async () => catalog },
    environment,
    names: async (_workspace, ids) => Object.fromEntries(ids.map((id) => [id, `name of ${id}`])),
  });
  companies = await insertRows(
    db,
    company,
    COMPANIES.map((values) => ({ values })),
  );
  await insertRows(db, company, [{ deleted: NOW, values: { name: 'gone', level: 'A', amount: '1000000' } }]);
  await insertRows(
    db,
    person,
    PEOPLE.map(({ name, company: of }) => ({
      values: { name, company: of === null ? null : (companies[of] ?? null) },
    })),
  );
});

const ask = (wish: AggregateWish, object = 'company', access: Access = everything) =>
  door.aggregate(ctx(access), { object }, wish);
const issuesOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(AppError);
  return (error as AppError).issues?.map(({ code }) => code);
};

/** The same by hand, over plain objects. */
function byHand(by: Dimension[], measures: Measure[]) {
  const keysOf = (row: Values): FieldValue[][] => {
    let found: FieldValue[][] = [[]];
    for (const { field } of by) {
      const value = row[field] ?? null;
      const each: FieldValue[] = Array.isArray(value) ? value : [value];
      found = found.flatMap((keys) => each.map((one) => [...keys, one]));
    }
    return found;
  };
  const groups = new Map<string, { keys: FieldValue[]; rows: Values[] }>();
  for (const row of COMPANIES)
    for (const keys of keysOf(row)) {
      const group = groups.get(JSON.stringify(keys)) ?? { keys, rows: [] };
      group.rows.push(row);
      groups.set(JSON.stringify(keys), group);
    }
  const figure = ({ fn, field }: Measure, rows: Values[]): number | null => {
    const values = rows.flatMap((row) => (field === undefined ? [1] : row[field] === null ? [] : [Number(row[field])]));
    if (fn === 'count') return values.length;
    if (values.length === 0) return null;
    const sum = values.reduce((a, b) => a + b, 0);
    return fn === 'sum'
      ? sum
      : fn === 'average'
        ? sum / values.length
        : fn === 'least'
          ? Math.min(...values)
          : Math.max(...values);
  };
  const figures = (rows: Values[]) => measures.map((measure) => figure(measure, rows));
  return new Map([...groups].map(([name, { keys, rows }]) => [name, { keys, values: figures(rows) }]));
}

const close = (value: unknown): unknown => (value === null ? null : Number(Number(value).toFixed(6)));

describe('figures', () => {
  const dimension = fc.constantFrom<Dimension>(
    { field: 'level' },
    { field: 'active' },
    { field: 'owner' },
    { field: 'tags' },
    { field: 'industry' },
  );
  const measure = fc.constantFrom<Measure>(
    { fn: 'count' },
    { fn: 'count', field: 'score' },
    { fn: 'sum', field: 'amount' },
    { fn: 'average', field: 'score' },
    { fn: 'least', field: 'amount' },
    { fn: 'most', field: 'score' },
  );

  test('are those counted by hand, in every combination', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(dimension, { maxLength: 2, selector: ({ field }) => field }),
        fc.uniqueArray(measure, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
        async (by, measures) => {
          const { rows } = await ask({ by, measures });
          const found = new Map(
            rows.map((row) => [JSON.stringify(row.keys), { ...row, values: row.values.map(close) }]),
          );
          const wanted = new Map(
            [...byHand(by, measures)].map(([name, row]) => [name, { ...row, values: row.values.map(close) }]),
          );
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('have totals over each dimension and over everything', async () => {
    const measures: Measure[] = [{ fn: 'count' }, { fn: 'average', field: 'score' }, { fn: 'most', field: 'score' }];
    const { totals } = await ask({ by: [{ field: 'level' }, { field: 'active' }], measures });
    const [levels] = [byHand([{ field: 'level' }], measures)];
    const over = (place: number) => totals.filter((one) => one.over.length === 1 && one.over[0] === place);
    expect(
      over(1)
        .map(({ keys, values }) => [keys[0], values.map(close)])
        .sort(),
    ).toEqual([...levels.values()].map(({ keys, values }) => [keys[0], values.map(close)]).sort());
    expect(over(0)).toHaveLength(2);
    const [all] = byHand([], measures).values();
    expect(totals.find((one) => one.over.length === 2)?.values.map(close)).toEqual(all?.values.map(close));
  });

  test('fall into periods of the workspace’s calendar', async () => {
    const months = async (field: string, bucket: Dimension['bucket']) => {
      const wish = { by: [{ field, ...(bucket && { bucket }) }], measures: [{ fn: 'count' as const }] };
      return (await ask(wish)).rows.map(({ keys, values }) => [keys[0], values[0]]);
    };
    expect(await months('seen', 'month')).toEqual([
      ['2026-01-01', 45],
      ['2026-05-01', 45],
    ]);
    expect(await months('seen', 'year')).toEqual([['2026-01-01', 90]]);
    expect(await months('seen', 'week')).toEqual([
      ['2025-12-29', 45],
      ['2026-05-25', 45],
    ]);
    const quarters = await months('signed', 'quarter');
    expect(quarters.map(([key]) => key)).toEqual(['2026-01-01', '2026-04-01', '2026-07-01', '2026-10-01', null]);
  });

  test('of trees by level, of related records, with names', async () => {
    const count: Measure[] = [{ fn: 'count' }];
    const top = await ask({ by: [{ field: 'industry', level: 1 }], measures: count });
    const wanted: Record<string, number> = {};
    for (const { industry } of COMPANIES) {
      const key = industry === null ? 'null' : String(industry).charAt(0);
      wanted[key] = (wanted[key] ?? 0) + 1;
    }
    expect(Object.fromEntries(top.rows.map(({ keys, values }) => [String(keys[0]), values[0]]))).toEqual(wanted);
    const related = await ask({ by: [{ field: 'company.level' }], measures: count }, 'person');
    const levels = PEOPLE.map(({ company: of }) => (of === null ? null : (COMPANIES[of]?.level ?? null)));
    for (const { keys, values } of related.rows)
      expect(values[0]).toBe(levels.filter((level) => level === (keys[0] ?? null)).length);
    const owners = await ask({ by: [{ field: 'owner' }], measures: count });
    expect(owners.titles).toEqual({ u1: 'name of u1', u2: 'name of u2' });
    const whose = await ask({ by: [{ field: 'company' }], measures: count, limit: 3 }, 'person');
    expect([whose.rows.length, whose.more]).toEqual([3, true]);
  });

  test('money stays exact', async () => {
    const { rows } = await ask({ by: [], measures: [{ fn: 'sum', field: 'amount' }] });
    const cents = COMPANIES.reduce(
      (sum, { amount }) => sum + (amount === null ? 0 : Math.round(Number(amount) * 100)),
      0,
    );
    expect(rows[0]?.values[0]).toBe((cents / 100).toFixed(2));
  });
});

describe('figures tell nothing that could not be read', () => {
  const limited = (more: Partial<NonNullable<Access['objects']['company']>>): Access => ({
    admin: false,
    objects: {
      company: { rows: true, actions: ['read'], fields: { '*': 'read' }, ...more },
      person: { rows: true, actions: ['read'], fields: { '*': 'read' } },
    },
  });

  test('rows out of sight don’t count, of related ones neither', async () => {
    const mine = limited({ rows: { field: 'owner', op: 'eq', value: 'u1' } });
    const { rows } = await ask({ by: [], measures: [{ fn: 'count' }] }, 'company', mine);
    expect(rows[0]?.values[0]).toBe(9);
    const people = await ask({ by: [{ field: 'company.owner' }], measures: [{ fn: 'count' }] }, 'person', mine);
    expect(people.rows.map(({ keys }) => keys[0]).sort()).toEqual([null, 'u1'].sort());
  });

  test('fields that are hidden, masked or ranged can’t be grouped or summed', async () => {
    for (const mode of ['hidden', 'masked', 'ranged'] as const) {
      const access = limited({ fields: { '*': 'read', level: mode, amount: mode } });
      const code = mode === 'hidden' ? 'filter-field' : 'filter-access';
      expect(await issuesOf(ask({ by: [{ field: 'level' }], measures: [{ fn: 'count' }] }, 'company', access))).toEqual(
        [code],
      );
      expect(await issuesOf(ask({ by: [], measures: [{ fn: 'sum', field: 'amount' }] }, 'company', access))).toEqual([
        code,
      ]);
      const through = { by: [{ field: 'company.level' }], measures: [{ fn: 'count' as const }] };
      expect(await issuesOf(ask(through, 'person', access))).toEqual([code]);
    }
  });

  test('what is encrypted is no group and no figure', async () => {
    const sealed = company.fields.map((one) => (one.name === 'name' ? { ...one, encrypted: true } : one));
    const objects = [{ ...company, fields: sealed }, person];
    const closed = createReadDoor({ db, catalog: { get: async () => ({ version: 2, objects }) }, environment });
    const wishes: [object: string, wish: AggregateWish][] = [
      ['company', { by: [{ field: 'name' }], measures: [{ fn: 'count' }] }],
      ['company', { by: [], measures: [{ fn: 'count', field: 'name' }] }],
      ['person', { by: [{ field: 'company.name' }], measures: [{ fn: 'count' }] }],
    ];
    for (const [object, wish] of wishes)
      expect(await issuesOf(closed.aggregate(ctx(), { object }, wish))).toEqual(['group-encrypted']);
  });

  test('what can’t be answered says why', async () => {
    const count: Measure[] = [{ fn: 'count' }];
    expect(await issuesOf(ask({ by: [{ field: 'seen' }], measures: count }))).toEqual(['aggregate-bucket']);
    expect(await issuesOf(ask({ by: [{ field: 'place' }], measures: count }))).toEqual(['group-field']);
    expect(await issuesOf(ask({ by: [{ field: 'nothing' }], measures: count }))).toEqual(['filter-field']);
    expect(await issuesOf(ask({ by: [], measures: [{ fn: 'sum', field: 'name' }] }))).toEqual(['aggregate-number']);
    expect(await issuesOf(ask({ by: [], measures: [{ fn: 'sum' }] }))).toEqual(['aggregate-number']);
    expect(await issuesOf(ask({ by: [], measures: [] }))).toEqual(['aggregate-size']);
    const past = door.aggregate(
      ctx(),
      { object: 'company', asOf: '2026-01-01T00:00:00Z' },
      { by: [], measures: count },
    );
    expect(await issuesOf(past)).toEqual(['aggregate-past']);
  });
});

describe('with a replica', () => {
  const asked = { by: [{ field: 'level' }], measures: [{ fn: 'count' as const }] };
  const over = (replica: Db) =>
    createReadDoor({ db, replica, catalog: { get: async () => catalog }, environment }).aggregate(
      ctx(),
      { object: company.name },
      asked,
    );

  test('figures are read there', async () => {
    const seen: string[] = [];
    const replica: Db = {
      ...db,
      query: (statement, name) => {
        seen.push(statement.text);
        return db.query(statement, name);
      },
    };
    expect(await over(replica)).toEqual(await door.aggregate(ctx(), { object: company.name }, asked));
    expect(seen).toHaveLength(1);
  });

  test('that is away or behind, they are read here', async () => {
    const replica: Db = { ...db, query: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    expect(await over(replica)).toEqual(await door.aggregate(ctx(), { object: company.name }, asked));
  });
});
