import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { subjectIssue } from '../../../domain/filter/validate.ts';
import type { Octant } from '../../../domain/value/index.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { CUSTOMER, type ValueDeps } from './compute-value.ts';

export interface Move {
  from: Octant | null;
  to: Octant | null;
  customers: number;
  /** The first hundred. */
  ids: string[];
}

const FIELD = 'value_octant';

/**
 * Between which corners customers in sight moved from one moment to another, from the history that every record has. Records that were not there at the
 * beginning come from nowhere.
 */
export async function readMoves(
  deps: Pick<ValueDeps, 'db' | 'read' | 'catalog'>,
  ctx: Ctx,
  from: Date,
  to: Date,
): Promise<Move[]> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), CUSTOMER);
  const field = object.fields.find(({ name, retired }) => name === FIELD && !retired);
  const issue = field && subjectIssue({ is: 'field', object, field, kind: 'text' }, ctx.access, FIELD);
  if (!field || issue) throw new AppError('forbidden');
  const { table, where } = await deps.read.select(ctx, { object: CUSTOMER });
  // The first value replaced after a moment is what stood there then.
  const former = (at: Date): Sql => sql`select distinct on (d.record) d.record, d.before->>${FIELD} as was
    from ${tableOf(ctx.workspace, 'delta')} d
    where d.object = ${object.id}::int and d.at > ${at}::timestamptz and d.kind = 'u' and d.before ? ${FIELD}
    order by d.record, d.version`;
  return deps.db.query<Move & Record<string, unknown>>(sql`
    with a as (${former(from)}), b as (${former(to)}),
    moved as (select t.id, case when t.created_at > ${from}::timestamptz then null when a.record is null then t.value_octant else a.was end as "from",
        case when t.created_at > ${to}::timestamptz then null when b.record is null then t.value_octant else b.was end as "to"
      from ${table} t left join a on a.record = t.id left join b on b.record = t.id where ${where})
    select "from", "to", count(*)::int as customers, (array_agg(id order by id))[1:100] as ids from moved
    where "from" is not null or "to" is not null group by 1, 2 order by 3 desc`);
}
