import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Kept figures of one field and segment, added up over the days of a span. */
export interface Kept {
  /** Days with a count. */
  days: number;
  /** Σ over days. */
  cells: number;
  expired: number;
  belief: number;
  /** ± of expired / cells at 90 %: days are drawn independently, so their errors add as squares. */
  error: number;
  confirmed: number;
  wrong: number;
  corrected: number;
}

export interface KeptField extends Kept {
  object: number;
  field: number;
  segment: string;
}

export interface KeptPerson extends Kept {
  person: string;
  customers: number;
  /** Σ over days of values that are empty. */
  missing: number;
}

/** From `first` up to and without `end`, days as `YYYY-MM-DD`. */
export interface Span {
  first: string;
  end: string;
}

const SUMS: Sql = sql`count(*) filter (where cells > 0)::int as days, sum(cells) as cells, sum(expired) as expired, sum(belief) as belief,
  coalesce(sqrt(sum((error * cells) ^ 2)) / nullif(sum(cells), 0), 0) as error,
  sum(confirmed)::int as confirmed, sum(wrong)::int as wrong, sum(corrected)::int as corrected`;

export function keptFields(on: Queryable, workspace: string, { first, end }: Span): Promise<KeptField[]> {
  return on.query<KeptField & Record<string, unknown>>(sql`
    select object, field, segment, ${SUMS} from ${tableOf(workspace, 'figure_field')}
    where day >= ${first}::date and day < ${end}::date group by object, field, segment order by object, field, segment`);
}

export function keptPersons(on: Queryable, workspace: string, { first, end }: Span): Promise<KeptPerson[]> {
  return on.query<KeptPerson & Record<string, unknown>>(sql`
    select person, coalesce(avg(customers) filter (where cells > 0), 0)::float8 as customers, sum(missing) as missing, ${SUMS}
    from ${tableOf(workspace, 'figure_person')} where day >= ${first}::date and day < ${end}::date group by person order by customers desc, person`);
}

export interface KeptDay {
  day: string;
  customers: number;
  total: number;
  whole: boolean;
  /** Shares of all values. */
  expired: number;
  belief: number;
  error: number;
}

/** The days of a span that were counted. */
export function keptDays(on: Queryable, workspace: string, { first, end }: Span): Promise<KeptDay[]> {
  return on.query<KeptDay & Record<string, unknown>>(sql`
    select to_char(d.day, 'YYYY-MM-DD') as day, d.customers, d.total::float8 as total, d.whole,
      coalesce(f.expired / nullif(f.cells, 0), 0) as expired, coalesce(f.belief / nullif(f.cells, 0), 0) as belief, coalesce(f.error, 0)::float8 as error
    from ${tableOf(workspace, 'figure_day')} d
      left join ${tableOf(workspace, 'figure_field')} f on f.day = d.day and f.object = 0 and f.field = 0 and f.segment = '*'
    where d.day >= ${first}::date and d.day < ${end}::date order by d.day`);
}

/** First day ever kept; null before any. */
export async function firstKept(on: Queryable, workspace: string): Promise<string | null> {
  const [row] = await on.query<{ day: string | null }>(
    sql`select to_char(min(day), 'YYYY-MM-DD') as day from ${tableOf(workspace, 'figure_day')}`,
  );
  return row?.day ?? null;
}

export async function segmentNames(on: Queryable, workspace: string): Promise<Map<string, { zh: string; en: string }>> {
  const rows = await on.query<{ segment: string; name: { zh: string; en: string } }>(
    sql`select segment, name from ${tableOf(workspace, 'figure_segment')}`,
  );
  return new Map(rows.map((row) => [row.segment, row.name]));
}
