import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { Sort } from '../../../domain/filter/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Query, ReadDoor, Row } from '../types.ts';
import { createReadDoor } from './door.ts';
import { catalog, company, createSample, ctx, environment, everything, insertRows, NOW, person } from './sample.ts';

const NAMES = ['张三', '李四', '王五', '阿里', 'Beta', 'alpha', '123', null];

let db: Db;
let door: ReadDoor;
let ids: string[];

beforeAll(async () => {
  db = await testDb();
  await createSample(db);
  door = createReadDoor({
    db,
    catalog: { get: async () => catalog },
    environment,
    names: async (_workspace, accounts) => Object.fromEntries(accounts.map((id) => [id, `name of ${id}`])),
  });
  ids = await insertRows(
    db,
    company,
    Array.from({ length: 120 }, (_, i) => ({
      at: new Date(NOW.getTime() - (i % 7) * 1000),
      values: {
        name: NAMES[i % NAMES.length] ?? null,
        score: i % 5 === 0 ? null : (i % 9) / 10,
        amount: i % 3 === 0 ? null : `${(i * 37) % 11}.5`,
        signed: i % 4 === 0 ? null : `2026-01-${String((i % 20) + 1).padStart(2, '0')}`,
        tags: i % 6 === 0 ? null : [`t${i % 4}`, 'x'],
        active: i % 2 === 0,
        level: i % 2 === 0 ? 'A' : 'B',
        owner: i % 10 === 0 ? 'u1' : 'u2',
        phone: '13800138000',
      },
    })),
  );
  await insertRows(db, company, [{ deleted: NOW, values: { name: 'gone' } }]);
});

async function pages(query: Query): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await door.list(ctx(), { ...query, page: { limit: 7, ...(after && { after }) } });
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

const pinyin = new Intl.Collator('zh-Hans-CN');
const order = (a: FieldValue | undefined, b: FieldValue | undefined, field: string): number => {
  if (field === 'name') return pinyin.compare(String(a), String(b));
  if (field === 'amount' || field === 'score') return Number(a) - Number(b);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
};

describe('pages', () => {
  const sortable = ['name', 'score', 'amount', 'signed', 'tags', 'active', '$created_at'];
  const sorts: fc.Arbitrary<Sort[]> = fc.uniqueArray(
    fc.record({ field: fc.constantFrom(...sortable), dir: fc.constantFrom<Sort['dir']>('asc', 'desc') }),
    { selector: (s) => s.field, maxLength: 3 },
  );

  test('together are every row once, sorted, empty values last, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(sorts, async (sort) => {
        const rows = await pages({ object: 'company', sort });
        expect(rows.map((r) => r.id).sort()).toEqual([...ids].sort());
        const at = (row: Row, field: string) => (field === '$created_at' ? row.createdAt : row.values[field]);
        rows.slice(1).forEach((row, i) => {
          const before = rows[i];
          for (const { field, dir } of sort) {
            const [a, b] = [before && at(before, field), at(row, field)];
            if (b === null && a === null) continue;
            if (b === null) return;
            expect(a).not.toBeNull();
            const way = order(a, b, field) * (dir === 'asc' ? 1 : -1);
            expect(way).toBeLessThanOrEqual(0);
            if (way < 0) return;
          }
          const way = (sort[0]?.dir ?? 'desc') === 'asc' ? 1 : -1;
          expect((String(before?.id) < row.id ? -1 : 1) * way).toBe(-1);
        });
        const offset = await door.list(ctx(), { object: 'company', sort, page: { offset: 90, limit: 20 } });
        expect(offset.rows.map((r) => r.id)).toEqual(rows.slice(90, 110).map((r) => r.id));
        const last = await door.list(ctx(), { object: 'company', sort, page: { offset: 115, limit: 20 } });
        expect(last.rows.map((r) => r.id)).toEqual(rows.slice(115).map((r) => r.id));
        expect(last.next).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('refuse a cursor of another order or one that was tampered with', async () => {
    const sort: Sort[] = [{ field: 'signed', dir: 'asc' }];
    const { next = '' } = await door.list(ctx(), { object: 'company', sort, page: { limit: 5 } });
    const forged = [
      Buffer.from(
        Buffer.from(next, 'base64url')
          .toString()
          .replace(/2026-\d\d-\d\d/, '2026-02-31'),
      ).toString('base64url'),
      Buffer.from(
        Buffer.from(next, 'base64url')
          .toString()
          .replace(/2026-\d\d-\d\d/, "'; drop"),
      ).toString('base64url'),
      'nonsense',
    ];
    for (const after of forged)
      await expect(door.list(ctx(), { object: 'company', sort, page: { after } })).rejects.toMatchObject({
        code: 'invalid-input',
        issues: [{ code: 'cursor' }],
      });
    await expect(
      door.list(ctx(), { object: 'company', sort: [{ field: 'name', dir: 'asc' }], page: { after: next } }),
    ).rejects.toMatchObject({ issues: [{ code: 'cursor' }] });
  });

  test('leave deleted rows to the recycle bin, count, and stream', async () => {
    const bin = await door.list(ctx(), { object: 'company', deleted: true, count: 'exact' });
    expect(bin.rows.map((r) => r.values.name)).toEqual(['gone']);
    expect(bin.rows[0]?.deletedAt).toBe(NOW.toISOString());
    expect(bin.count).toEqual({ value: 1, exact: true });
    const { count } = await door.list(ctx(), {
      object: 'company',
      filter: { field: 'level', op: 'eq', value: 'A' },
      count: 'capped',
    });
    expect(count).toEqual({ value: 60, exact: true });
    const streamed: string[] = [];
    for await (const rows of door.stream(ctx(), { object: 'company' })) streamed.push(...rows.map((r) => r.id));
    expect(streamed).toEqual([...ids].sort().reverse());
  });
});

describe('values', () => {
  test('come back in canonical form, with titles of related records and names of accounts', async () => {
    const values = {
      name: '华为',
      amount: '1234567890.12',
      score: 0.5,
      stars: 3,
      signed: '2026-02-28',
      seen: '2026-01-01T00:00:00.000Z',
      active: false,
      level: 'A',
      tags: ['a', 'b,c'],
      industry: 'A01',
      owner: 'u9',
      phone: '0755-1',
      place: { lat: 1.5 },
    };
    const [id = ''] = await insertRows(db, company, [{ values }]);
    expect((await door.get(ctx(), 'company', id)).values).toEqual(values);
    await insertRows(db, person, [{ values: { name: '任', company: id } }]);
    const people = await door.list(ctx(), { object: 'person' });
    expect(people.titles).toEqual({ [id]: '华为', u1: 'name of u1' });
    await db.pool.query(`delete from w_main.company where id = '${id}'`);
  });
});

describe('access', () => {
  const limited: Access = {
    admin: false,
    objects: {
      company: {
        rows: { field: 'owner', op: 'eq', value: 'u1' },
        actions: ['read'],
        fields: { '*': 'read', phone: 'masked', amount: 'ranged', score: 'hidden' },
      },
      person: { rows: true, actions: ['read'], fields: { '*': 'read' } },
    },
  };

  test('shows only rows in scope, masked and ranged values, nothing hidden', async () => {
    const page = await door.list(ctx(limited), { object: 'company', count: 'exact' });
    expect(page.count?.value).toBe(12);
    for (const row of page.rows) {
      expect(row.values.owner).toBe('u1');
      expect(row.values.phone).toBe('138****8000');
      expect(row.values).not.toHaveProperty('score');
      expect([null, '1–5', '5–10', '0–1', '10–50']).toContain(row.values.amount);
    }
    const other = (await door.list(ctx(), { object: 'company', filter: { field: 'owner', op: 'eq', value: 'u2' } }))
      .rows[0];
    await expect(door.get(ctx(limited), 'company', other?.id ?? '')).rejects.toMatchObject({ code: 'record-unknown' });
    const groups = await door.group(ctx(limited), { object: 'company' }, 'owner');
    expect(groups).toEqual([{ value: 'u1', count: 12 }]);
  });

  test.each<[string, Partial<Query>]>([
    ['filter by a masked field', { filter: { field: 'phone', op: 'startsWith', value: '138' } }],
    ['filter by a ranged field', { filter: { not: { field: 'amount', op: 'gt', value: 5 } } }],
    ['filter by a hidden field', { filter: { any: [{ field: 'score', op: 'gt', value: 0 }] } }],
    ['sort by a masked field', { sort: [{ field: 'phone', dir: 'asc' }] }],
    ['sort by a hidden field', { sort: [{ field: 'score', dir: 'asc' }] }],
  ])('refuses to %s', async (_what, query) => {
    await expect(door.list(ctx(limited), { object: 'company', ...query })).rejects.toMatchObject({ status: 422 });
  });

  test('refuses to group by or reach through a relation to what may not be read', async () => {
    await expect(door.group(ctx(limited), { object: 'company' }, 'phone')).rejects.toMatchObject({ status: 422 });
    await expect(
      door.list(ctx(limited), { object: 'person', filter: { field: 'company.score', op: 'gt', value: 0 } }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(
      door.list(ctx(limited), { object: 'person', sort: [{ field: 'company.phone', dir: 'asc' }] }),
    ).rejects.toMatchObject({ status: 422 });
  });

  test('keeps titles and paths of records out of scope from view', async () => {
    const [mine = '', theirs = ''] = await insertRows(db, company, [
      { values: { name: '我的', owner: 'u1' } },
      { values: { name: '别人的', owner: 'u2' } },
    ]);
    const people = await insertRows(db, person, [
      { values: { name: 'p', company: mine } },
      { values: { name: 'q', company: theirs } },
    ]);
    const page = await door.list(ctx(limited), { object: 'person', filter: { field: '$id', op: 'in', value: people } });
    expect(page.titles).toEqual({ [mine]: '我的', u1: 'name of u1' });
    const found = await door.list(ctx(limited), {
      object: 'person',
      filter: { field: 'company.name', op: 'contains', value: '的' },
    });
    expect(found.rows.map((r) => r.id)).toEqual([people[0]]);
    const sorted = await door.list(ctx(limited), {
      object: 'person',
      filter: { field: '$id', op: 'in', value: people },
      sort: [{ field: 'company.name', dir: 'asc' }],
    });
    expect(sorted.rows.map((r) => r.id)).toEqual(people);
  });

  test('has no objects for those without access', async () => {
    const none: Access = { admin: false, objects: {} };
    await expect(door.list(ctx(none), { object: 'company' })).rejects.toThrow(AppError);
    const noRead: Access = {
      ...everything,
      objects: { company: { rows: true, actions: ['create'], fields: { '*': 'edit' } } },
    };
    await expect(door.list(ctx(noRead), { object: 'company' })).rejects.toMatchObject({ status: 403 });
  });
});
