import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Kind } from '../../../domain/fields/types.ts';
import { matches } from '../../../domain/filter/matches.ts';
import { OPS, readLeaf } from '../../../domain/filter/meaning.ts';
import { findSubject } from '../../../domain/filter/subject.ts';
import type { Filter, FilterOp } from '../../../domain/filter/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';
import { filterSql, type SqlEnv } from './filter-sql.ts';
import {
  catalog,
  company,
  createSample,
  environment,
  insertRows,
  NOW,
  person,
  type SampleRow,
  WORKSPACE,
} from './sample.ts';

const USERS = ['u1', 'u2'];
const WORDS = ['华为', '深圳华为', 'ABC', 'abc公司', '100%', 'a_b', 'é', 'É', 'İ', 'Σ', 'ς', '\\', '𠮷田'];
const DAYS = ['2026-06-14', '2026-06-15', '2026-06-16', '2026-05-16', '2024-02-29', '1999-12-31'];
const MOMENTS = [
  '2026-06-15T04:00:00.000Z',
  '2026-06-14T16:00:00.000Z',
  '2026-06-14T15:59:59.999Z',
  '2026-05-16T04:00:00.000Z',
  '2027-01-01T00:00:00.000Z',
];
const CODES = ['A', 'A01', 'A011', 'A02', 'B', 'Z9'];
const TAGS = ['vip', '新', 'x"y', 'a,b'];

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });
const values = fc.record({
  name: orNull(fc.constantFrom(...WORDS)),
  amount: orNull(fc.constantFrom('0', '12.5', '-3', '99999999999999.99', '0.1')),
  score: orNull(fc.constantFrom(0, 0.1, -3, 12.5, 1e15)),
  stars: orNull(fc.constantFrom(1, 2, 5)),
  signed: orNull(fc.constantFrom(...DAYS)),
  seen: orNull(fc.constantFrom(...MOMENTS)),
  active: orNull(fc.boolean()),
  level: orNull(fc.constantFrom('A', 'B')),
  tags: orNull(fc.uniqueArray(fc.constantFrom(...TAGS))),
  industry: orNull(fc.constantFrom(...CODES)),
  owner: orNull(fc.constantFrom(...USERS)),
  phone: orNull(fc.constantFrom('13800138000', '0755-1234')),
  place: orNull(fc.constant({ lat: 1, lng: 2 })),
});

/** Operands by kind, often not fitting the operator: what can't be read is left out below. */
const OPERANDS: Record<Kind, FieldValue[]> = {
  text: [...WORDS, '华', 'b', '0755', null],
  number: [0, 0.1, 1, 2.5, -3, 12.5, '12.50', '0.1', '99999999999999.99', 1e15, 40_000, null],
  date: [...DAYS, ...MOMENTS, null],
  datetime: [...DAYS, ...MOMENTS, null],
  boolean: [true, false, null],
  choice: ['A', 'B', 'Z', null],
  set: [...TAGS, 'none'],
  tree: [...CODES, null],
  reference: [...USERS, '$me', 'user:u1', null],
  json: [null],
};
const names = [...company.fields.map((f) => f.name), '$created_at', '$created_by', '$id'];
const leaf: fc.Arbitrary<Filter> = fc
  .constantFrom(...names)
  .chain((name) => {
    const subject = findSubject(catalog, company, name);
    const kind = subject?.kind ?? 'text';
    return fc.record({
      field: fc.constant(name),
      kind: fc.constant(kind),
      op: fc.constantFrom<FilterOp>(...OPS[kind]),
    });
  })
  .chain(({ field, kind, op }) => {
    const operand = fc.constantFrom(...OPERANDS[kind]);
    const lists: FilterOp[] = ['in', 'notIn', 'hasAny', 'hasAll', 'hasNone', 'under'];
    const value: fc.Arbitrary<FieldValue | FieldValue[]> =
      op === 'within'
        ? fc.constantFrom(-30, -1, 0, 1, 250).map((days) => ({ days }))
        : op === 'between'
          ? fc.tuple(operand, operand)
          : lists.includes(op)
            ? fc.array(operand, { minLength: 1, maxLength: 4 })
            : operand;
    return value.map((v): Filter => ({ field, op, value: v }));
  })
  .filter((f) => 'field' in f && readable(f));

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('filter'), { maxLength: 3 }).map((all): Filter => ({ all })),
    fc.array(tie('filter'), { maxLength: 3 }).map((any): Filter => ({ any })),
    tie('filter').map((not): Filter => ({ not })),
  ),
}));

const env = { ...environment(), now: NOW, me: 'u1' };

function readable(f: Extract<Filter, { field: string }>): boolean {
  const subject = findSubject(catalog, company, f.field);
  return subject !== null && 'meaning' in readLeaf(f, subject, env);
}

describe('a filter means the same in SQL and in memory', () => {
  let db: Db;
  let rows: (SampleRow & { id: string })[];
  const sqlEnv: SqlEnv = { ...env, workspace: WORKSPACE, catalog };

  beforeAll(async () => {
    db = await testDb();
    await createSample(db);
    rows = fc.sample(values, { numRuns: 300, seed: 7 }).map((v, i) => ({
      id: randomUUID(),
      at: new Date(MOMENTS[i % MOMENTS.length] ?? NOW),
      values: v,
    }));
    await insertRows(db, company, rows);
  });

  async function check(f: Filter): Promise<'all' | 'some' | 'none'> {
    const found = await db.query<{ id: string }>(
      sql`select t.id from ${tableOf(WORKSPACE, 'company')} t where ${filterSql(f, company, 't', sqlEnv)}`,
    );
    const expected = rows.filter(({ id, at, values: v }) =>
      matches(
        f,
        { ...v, $id: id, $created_at: at?.toISOString() ?? null, $created_by: 'user:u1' },
        { ...env, catalog, object: company },
      ),
    );
    expect(found.map((r) => r.id).sort()).toEqual(expected.map((r) => r.id).sort());
    return expected.length === 0 ? 'none' : expected.length < rows.length ? 'some' : 'all';
  }

  test('for random filters over random rows', async () => {
    await fc.assert(
      fc.asyncProperty(filter, async (f) => void (await check(f))),
      { numRuns: 700 },
    );
  });

  test('for every operator, each telling rows apart', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(leaf, async (f) => {
      if ((await check(f)) === 'some' && 'field' in f) seen.add(f.op);
    });
    await fc.assert(property, { numRuns: 1500 });
    // The property says nothing about an operator that never told rows apart.
    const used = new Set(Object.values(OPS).flat());
    expect([...used].filter((op) => !seen.has(op))).toEqual([]);
  });

  test('through a relation, where a missing or deleted related record counts as empty', async () => {
    const [huawei = '', gone = ''] = await insertRows(db, company, [
      { values: { name: '华为' } },
      { values: { name: '华为' }, deleted: NOW },
    ]);
    const [a, b, c] = await insertRows(db, person, [
      { values: { name: 'a', company: huawei } },
      { values: { name: 'b', company: gone } },
      { values: { name: 'c' } },
    ]);
    const ids = async (f: Filter): Promise<string[]> => {
      const found = await db.query<{ id: string }>(
        sql`select t.id from ${tableOf(WORKSPACE, 'person')} t where ${filterSql(f, person, 't', sqlEnv)}`,
      );
      return found.map((r) => r.id).sort();
    };
    expect(await ids({ field: 'company.name', op: 'eq', value: '华为' })).toEqual([a]);
    expect(await ids({ field: 'company.name', op: 'ne', value: '华为' })).toEqual([b, c].sort());
    expect(await ids({ field: 'company.name', op: 'empty' })).toEqual([b, c].sort());
    expect(await ids({ field: 'company.name', op: 'notEmpty' })).toEqual([a]);
  });
});
