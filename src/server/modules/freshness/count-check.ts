import sql from 'sql-template-tag';
import type { Accuracy } from '../../../domain/freshness/spot-check.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { surveyAccuracy } from '../../../domain/statistics/survey.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** A row of table check_campaign. */
export interface CampaignRow extends Record<string, unknown> {
  id: string;
  name: string;
  object: string;
  fields: string[];
  kind: 'random' | 'recheck' | 'census' | 'stocktake';
  at: Date;
  author: string;
  closed_at: Date | null;
  precision: number;
  population: number;
  records: number;
  days: number | null;
  repeats: 'week' | 'month' | 'quarter' | 'half' | null;
  next_at: Date | null;
  per_person: number | null;
  result: CheckFigures | null;
}

/** What was found since the draw; people by id. */
export interface CheckFigures {
  done: number;
  checked: number;
  right: number;
  accuracy: Accuracy | null;
  byField: { field: string; checked: number; right: number }[];
  byPerson: { actor: string; checked: number }[];
  byOwner: { person: string; records: number; done: number }[];
  byVerifier: { actor: string; checked: number; right: number }[];
}

interface Sums extends Record<string, unknown> {
  by: number;
  field: number | null;
  actor: string | null;
  person: string | null;
  before: string | null;
  done: number;
  checked: number;
  right: number;
}

/** Bits of grouping(field, actor, person, before): 0 where it is grouped by. */
const BY = { field: 0b0111, actor: 0b1011, person: 0b1101, before: 0b1110, all: 0b1111 };

/**
 * The figures of a check: the first look at each value after the draw counts, in a re-check by somebody else. Set-based; a census of a million
 * records is counted by what was looked at.
 */
export async function countCheck(
  on: Queryable,
  workspace: string,
  catalog: Catalog,
  row: CampaignRow,
): Promise<CheckFigures> {
  const object = catalog.objects.find((one) => one.name === row.object);
  const fields = (object?.fields ?? []).filter((field) => row.fields.includes(field.name));
  const items = tableOf(workspace, 'check_item');
  const looks = sql`
    select distinct on (o.record, o.field) o.record, o.field, o.actor, i.person, coalesce(i.before, '') as before, (o.outcome = 'r')::int as right
    from ${items} i join ${tableOf(workspace, 'observation')} o on o.record = i.record
    where i.campaign = ${row.id}::uuid and o.field = any(${fields.map((field) => field.id)}::int[]) and o.weight = 1 and o.how in ('v', 'w')
      and o.at > ${row.at}::timestamptz and (${row.closed_at}::timestamptz is null or o.at <= ${row.closed_at}::timestamptz)
      and (i.before is null or o.actor <> i.before)
    order by o.record, o.field, o.at`;
  const sums = await on.query<Sums>(sql`
    select grouping(field, actor, person, before) as by, field, actor, person, before,
      count(distinct record)::int as done, count(*)::int as checked, sum("right")::int as right
    from (${looks}) l group by grouping sets ((), (field), (actor), (person), (before)) order by checked desc`);
  const [spread] = await on.query<{ rr: number; rc: number; cc: number }>(sql`
    select coalesce(sum(r * r), 0)::float8 as rr, coalesce(sum(r * c), 0)::float8 as rc, coalesce(sum(c * c), 0)::float8 as cc
    from (select sum("right") as r, count(*) as c from (${looks}) l group by record) records`);
  const asked = await on.query<{ person: string; records: number }>(sql`
    select person, count(*)::int as records from ${items} where campaign = ${row.id}::uuid group by person order by records desc, person limit 200`);
  const of = (by: number) => sums.filter((sum) => sum.by === by);
  const [all] = of(BY.all);
  const { done, checked, right } = { done: all?.done ?? 0, checked: all?.checked ?? 0, right: all?.right ?? 0 };
  const { rr, rc, cc } = { rr: 0, rc: 0, cc: 0, ...spread };
  // Only a random draw speaks of what was not looked at.
  const population = row.precision > 0 ? row.population : done;
  return {
    done,
    checked,
    right,
    accuracy: surveyAccuracy({ records: done, checked, right, rr, rc, cc }, population),
    byField: fields.map((field) => {
      const mine = of(BY.field).find((sum) => sum.field === field.id);
      return { field: field.name, checked: mine?.checked ?? 0, right: mine?.right ?? 0 };
    }),
    byPerson: of(BY.actor).map((sum) => ({ actor: sum.actor ?? '', checked: sum.checked })),
    byOwner: asked.map(({ person, records }) => ({
      person,
      records,
      done: of(BY.person).find((sum) => sum.person === person)?.done ?? 0,
    })),
    byVerifier: of(BY.before).flatMap((sum) =>
      sum.before ? [{ actor: sum.before, checked: sum.checked, right: sum.right }] : [],
    ),
  };
}
