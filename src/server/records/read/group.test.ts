import { beforeAll, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { ReadDoor } from '../types.ts';
import { createReadDoor } from './door.ts';
import { catalog, company, createSample, ctx, environment, everything, insertRows } from './sample.ts';

let door: ReadDoor;

beforeAll(async () => {
  const db = await testDb();
  await createSample(db);
  door = createReadDoor({ db, catalog: { get: async () => catalog }, environment });
  const values = [
    { level: 'A', amount: '0.1', owner: 'u1' },
    { level: 'A', amount: '0.2', owner: 'u1' },
    { level: 'B', amount: null, owner: 'u1' },
    { level: 'B', amount: '5', owner: 'u2' },
    { level: null, amount: '9007199254740993', owner: 'u1' },
  ];
  await insertRows(
    db,
    company,
    values.map((one) => ({ values: { name: 'x', ...one } })),
  );
});

test('sums stand beside counts, exactly, and only of what the query finds', async () => {
  const filter = { field: 'owner', op: 'eq', value: 'u1' } as const;
  const groups = await door.group(ctx(), { object: 'company', filter }, 'level', 10, 'amount');
  expect(groups).toHaveLength(3);
  expect(groups).toEqual(
    expect.arrayContaining([
      { value: 'A', count: 2, sum: '0.3' },
      { value: 'B', count: 1, sum: '0' },
      { value: null, count: 1, sum: '9007199254740993' },
    ]),
  );
});

test('what may not be read in every row is not added up, nor what is no number', async () => {
  const masked = {
    ...everything,
    admin: false,
    objects: {
      ...everything.objects,
      company: { ...everything.objects.company, fields: { '*': 'read', amount: 'masked' } },
    },
  } as never;
  await expect(door.group(ctx(masked), { object: 'company' }, 'level', 10, 'amount')).rejects.toMatchObject({
    status: 422,
  });
  await expect(door.group(ctx(), { object: 'company' }, 'level', 10, 'name')).rejects.toMatchObject({ status: 422 });
});
