import sql from 'sql-template-tag';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Plans } from '../freshness/index.ts';

/**
 * Counts what was found in verifications and corrected on the way, per day since `from`, into the kept figures: by field and segment, and by
 * person. Undone finds count against themselves. Set-based over the findings of those days; no history is read.
 */
export async function keepWork(
  tx: Tx,
  workspace: string,
  catalog: Catalog,
  plans: Plans,
  timeZone: string,
  from: string,
): Promise<void> {
  const segments = catalog.objects.flatMap((object) =>
    plans.objectPlan(workspace, object).segments.map(({ id, key }) => ({ object: object.id, number: id, key })),
  );
  const found = sql`
    select (o.at at time zone ${timeZone}::text)::date as day, f.object, o.field, coalesce(s.key, '') as segment,
      regexp_replace(o.actor, '^user:', '') as person,
      case when o.how = 'v' and o.outcome = 'r' then o.weight else 0 end as confirmed,
      case when o.how = 'v' and o.outcome <> 'r' then o.weight else 0 end as wrong,
      case when o.how = 'w' then o.weight else 0 end as corrected
    from ${tableOf(workspace, 'observation')} o join ${tableOf(workspace, 'freshness')} f on f.record = o.record
      left join jsonb_to_recordset(${JSON.stringify(segments)}::jsonb) as s(object int, number int, key text)
        on s.object = f.object and s.number = f.segment
    where o.at >= (${from}::date::timestamp at time zone ${timeZone}::text) and o.how in ('v', 'w')`;
  for (const table of ['figure_field', 'figure_person'])
    await tx.query(sql`
      update ${tableOf(workspace, table)} set confirmed = 0, wrong = 0, corrected = 0
      where day >= ${from}::date and (confirmed, wrong, corrected) <> (0, 0, 0)`);
  await tx.query(sql`
    insert into ${tableOf(workspace, 'figure_field')} (day, object, field, segment, confirmed, wrong, corrected)
    select day, coalesce(object, 0), coalesce(field, 0), coalesce(segment, '*'), sum(confirmed), sum(wrong), sum(corrected) from (${found}) o
    group by grouping sets ((day, object, field, segment), (day, object, field), (day, object, segment), (day))
    on conflict (day, object, field, segment) do update
      set confirmed = excluded.confirmed, wrong = excluded.wrong, corrected = excluded.corrected`);
  await tx.query(sql`
    insert into ${tableOf(workspace, 'figure_person')} (day, person, confirmed, wrong, corrected)
    select day, person, sum(confirmed), sum(wrong), sum(corrected) from (${found}) o group by day, person
    on conflict (day, person) do update
      set confirmed = excluded.confirmed, wrong = excluded.wrong, corrected = excluded.corrected`);
}
