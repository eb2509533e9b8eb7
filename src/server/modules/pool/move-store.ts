import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Row of table pool_move. */
export interface PoolMove {
  at: Date;
  object: string;
  record: string;
  kind: 'warned' | 'returned' | 'taken' | 'given' | 'given-up';
  before: string | null;
  after: string | null;
  rule: string | null;
  /** `YYYY-MM-DD` */
  due: string | null;
  actor: string;
  [column: string]: unknown;
}

export async function insertMoves(on: Queryable, workspace: string, moves: readonly PoolMove[]): Promise<void> {
  if (moves.length === 0) return;
  const rows = moves.map((move) => ({ ...move, id: uuidv7() }));
  await on.query(sql`insert into ${tableOf(workspace, 'pool_move')} (id, at, object, record, kind, before, after, rule, due, actor)
    select x.id, x.at, x.object, x.record, x.kind, x.before, x.after, x.rule, x.due, x.actor
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, at timestamptz, object text, record uuid, kind text,
      before text, after text, rule uuid, due date, actor text)`);
}

/** Newest first. */
export function movesOf(on: Queryable, workspace: string, record: string): Promise<PoolMove[]> {
  return on.query<PoolMove>(sql`select m.at, object, record, kind, before, after, rule, to_char(due, 'YYYY-MM-DD') as due, actor
    from ${tableOf(workspace, 'pool_move')} m where record = ${record} order by m.at desc limit 100`);
}
