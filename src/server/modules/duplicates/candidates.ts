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
