import sql, { join } from 'sql-template-tag';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Records taken per key: a key that more share is of a common name, and the others tell. */
const PER_KEY = 40;
const MOST_KEYS = 24;

/** Records that share keys with one, those that share most first. */
export async function findCandidates(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  keys: readonly number[],
  limit: number,
): Promise<string[]> {
  if (keys.length === 0) return [];
  const entries = tableOf(workspace, 'match_entry');
  const parts = keys
    .slice(0, MOST_KEYS)
    .map(
      (key) =>
        sql`(select record from ${entries} where keys @> array[${key}::int] and object = ${object.id}::int limit ${PER_KEY})`,
    );
  const rows = await on.query<{ record: string }>(sql`
    select record from (${join(parts, ' union all ')}) found group by record order by count(*) desc, record limit ${limit}`);
  return rows.map(({ record }) => record);
}

/** For each record, by its place, those of the object that share most keys with it. */
export async function findForEach(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  keys: readonly (readonly number[])[],
  limit: number,
): Promise<Map<number, string[]>> {
  const flat = keys.flatMap((own, n) => own.map((key) => ({ n, key })));
  if (flat.length === 0) return new Map();
  const entries = tableOf(workspace, 'match_entry');
  const rows = await on.query<{ n: number; record: string }>(sql`
    select n, record from (
      select l.n, e.record, row_number() over (partition by l.n order by count(*) desc, e.record) as place
      from unnest(${flat.map(({ n }) => n)}::int[], ${flat.map(({ key }) => key)}::int[]) l(n, key)
      cross join lateral (
        select record from ${entries} where keys @> array[l.key] and object = ${object.id}::int limit ${PER_KEY}
      ) e
      group by l.n, e.record
    ) found where place <= ${limit} order by n, place`);
  const found = new Map<number, string[]>();
  for (const { n, record } of rows) found.set(n, [...(found.get(n) ?? []), record]);
  return found;
}

/** Table match_entry: one row per living record. */
export async function saveKeys(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  entries: readonly { record: string; keys: number[] }[],
): Promise<void> {
  if (entries.length === 0) return;
  await on.query(sql`insert into ${tableOf(workspace, 'match_entry')} as e (record, object, keys)
    select x.record, ${object.id}::int, x.keys from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as x(record uuid, keys int[])
    on conflict (record) do update set keys = excluded.keys where e.keys <> excluded.keys`);
}
