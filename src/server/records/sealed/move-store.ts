import sql, { type Sql } from 'sql-template-tag';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';

/** Row of table sealing_move: how far the values of a field are on their way. */
export interface StoredMove {
  field: number;
  direction: 'in' | 'out';
  at: Date;
  phase: 'waiting' | 'moving' | 'checking';
  /** Milliseconds in this phase. */
  age: number;
  reached: string;
  done: number;
  total: number;
  error: string | null;
  [column: string]: unknown;
}

/** A field begins to move; where it is going stands in `field.moving`. */
export async function beginMove(tx: Tx, workspace: string, field: FieldDef): Promise<void> {
  if (!field.moving) return;
  const table = tableOf(workspace, field.object);
  await tx.query(sql`insert into ${tableOf(workspace, 'sealing_move')} (field, direction, at, by, total)
    select ${field.id}, ${field.moving}, now(), 'system', greatest(reltuples, 0)::int
    from pg_class where oid = ${table.sql}::regclass
    on conflict (field) do nothing`);
}

export function listMoves(on: Queryable, workspace: string): Promise<StoredMove[]> {
  return on.query<StoredMove>(sql`select field, direction, at, phase, reached, done, total, error,
      (extract(epoch from clock_timestamp() - since) * 1000)::float8 as age
    from ${tableOf(workspace, 'sealing_move')} order by at, field`);
}

export async function saveMove(on: Queryable, workspace: string, field: number, set: Sql): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'sealing_move')} set ${set} where field = ${field}`);
}

export async function endMove(on: Queryable, workspace: string, field: number): Promise<void> {
  await on.query(sql`delete from ${tableOf(workspace, 'sealing_move')} where field = ${field}`);
}
