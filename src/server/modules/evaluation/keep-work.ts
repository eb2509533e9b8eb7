import sql from 'sql-template-tag';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Plans } from '../freshness/index.ts';

/**
 * Counts what was found in verifications and corrected on the way into the kept figures, per day, by field and segment, and by person: anew from
 * the first day on which something was found that is not counted yet. Undone finds count against themselves. Set-based over the findings of
 * those days; no history is read.
 */
export async function keepWork(
  tx: Tx,
  workspace: string,
  catalog: Catalog,
  plans: Plans,
  timeZone: string,
): Promise<void> {
  const observations = tableOf(workspace, 'observation');
  const state = tableOf(workspace, 'figure_state');
  const [late] = await tx.query<{ day: string | null; seq: string }>(sql`
    select to_char(min(at at time zone ${timeZone}::text), 'YYYY-MM-DD') as day, max(seq)::text as seq from ${observations}
    where seq > coalesce((select seq from ${state}), 0)`);
  if (!late?.day) return;
  const from = late.day;
  const segments = catalog.objects.flatMap((object) =>
    plans.objectPlan(workspace, object).segments.map(({ id, key }) => ({ object: object.id, number: id, key })),
  );
  for (const table of ['figure_field', 'figure_person'])
    await tx.query(sql`
      update ${tableOf(workspace, table)} set confirmed = 0, wrong = 0, corrected = 0
      where day >= ${from}::date and (confirmed, wrong, corrected) <> (0, 0, 0)`);
  // Grouped first as finely as either table needs: the rest is sums over some thousand rows.
  await tx.query(sql`
    with found as materialized (
      select (o.at at time zone ${timeZone}::text)::date as day, f.object, o.field, f.segment, o.actor,
        coalesce(sum(o.weight) filter (where o.how = 'v' and o.outcome = 'r'), 0) as confirmed,
        coalesce(sum(o.weight) filter (where o.how = 'v' and o.outcome <> 'r'), 0) as wrong,
        coalesce(sum(o.weight) filter (where o.how = 'w'), 0) as corrected
      from ${observations} o join ${tableOf(workspace, 'freshness')} f on f.record = o.record
      where o.at >= (${from}::date::timestamp at time zone ${timeZone}::text) and o.how in ('v', 'w')
      group by 1, 2, 3, 4, 5
    ), keyed as (
      select o.*, coalesce(s.key, '') as key from found o
        left join jsonb_to_recordset(${JSON.stringify(segments)}::jsonb) as s(object int, number int, key text)
          on s.object = o.object and s.number = o.segment
    ), fields as (
      insert into ${tableOf(workspace, 'figure_field')} (day, object, field, segment, confirmed, wrong, corrected)
      select day, coalesce(object, 0), coalesce(field, 0), coalesce(key, '*'), sum(confirmed), sum(wrong), sum(corrected) from keyed
      group by grouping sets ((day, object, field, key), (day, object, field), (day, object, key), (day))
      on conflict (day, object, field, segment) do update
        set confirmed = excluded.confirmed, wrong = excluded.wrong, corrected = excluded.corrected
    )
    insert into ${tableOf(workspace, 'figure_person')} (day, person, confirmed, wrong, corrected)
    select day, regexp_replace(actor, '^user:', ''), sum(confirmed), sum(wrong), sum(corrected) from found group by 1, 2
    on conflict (day, person) do update
      set confirmed = excluded.confirmed, wrong = excluded.wrong, corrected = excluded.corrected`);
  await tx.query(
    sql`insert into ${state} (seq) values (${late.seq}) on conflict (one) do update set seq = excluded.seq`,
  );
}
