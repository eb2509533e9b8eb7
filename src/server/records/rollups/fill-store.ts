import sql from 'sql-template-tag';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';

/** How far a roll-up has been worked out for the records that were there already. */
export interface Fill {
  field: number;
  /** Record up to which it is done; null: none yet. */
  after: string | null;
  done: number;
  total: number;
  finished: boolean;
  [column: string]: unknown;
}

/** Has roll-ups worked out for all records, from the beginning. Portions lock their row, so that one under way can't go on behind this. */
export async function wantFill(
  on: Queryable,
  workspace: string,
  fields: readonly Pick<FieldDef, 'id' | 'object'>[],
): Promise<void> {
  for (const { id, object } of fields.toSorted((a, b) => a.id - b.id))
    await on.query(sql`insert into ${tableOf(workspace, 'rollup_fill')} as f (field, total)
      select ${id}, greatest(reltuples, 0)::int from pg_class where oid = ${tableOf(workspace, object).sql}::regclass
      on conflict (field) do update set after = null, done = 0, total = excluded.total, finished_at = null, wanted_at = now()`);
}

export function listFills(on: Queryable, workspace: string): Promise<Fill[]> {
  return on.query<Fill>(sql`select field, after, done, total, finished_at is not null as finished
    from ${tableOf(workspace, 'rollup_fill')} order by field`);
}
