import sql, { type Sql } from 'sql-template-tag';
import { dateOccasions, everyOccasions, type Rule } from '../../../domain/automation/index.ts';
import { addDays } from '../../../domain/fields/calendar.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { momentSql } from './count-window.ts';
import type { FindDeps } from './deps.ts';

/** A record for which a rule that the clock wakes fires. */
export interface Due {
  id: string;
  /** Unique for the rule. */
  cause: string;
  /** Local day it fires on. */
  day: string;
}

/** Records due within a time, asked for portion by portion in the order of their ids; null: nothing can be due in it. */
export type DuePortion = (after: string | null, limit: number) => Promise<Due[]>;

/** @param ctx the rule's: its conditions are judged as things are now, for the records its author reaches */
export async function dueWithin(
  deps: FindDeps,
  ctx: Ctx,
  rule: Rule,
  catalog: Catalog,
  span: { after: Date; until: Date },
): Promise<DuePortion | null> {
  const { when } = rule;
  const object = findObject(catalog, when.object);
  if (!object) return null;
  const { timeZone } = deps.env(ctx);
  const selected = async (): Promise<{ table: Sql; where: Sql }> =>
    deps.read.select(ctx, { object: object.name, ...(rule.if && { filter: rule.if }) });
  const rows = (statement: Sql) => deps.db.query<{ id: string; day: string; mark: string }>(statement);
  const start = (after: string | null): Sql => sql`t.id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid`;

  if (when.on === 'every') {
    // Days that were missed are made up for by the last of them: its condition is judged now.
    const day = everyOccasions(when, span.after, span.until, timeZone).at(-1);
    if (day === undefined) return null;
    const { table, where } = await selected();
    return async (after, limit) =>
      (
        await rows(
          sql`select t.id, ${day}::text as day, '' as mark from ${table} t where ${where} and ${start(after)} order by t.id limit ${limit}`,
        )
      ).map(({ id }) => ({ id, day, cause: `${id}:every:${day}` }));
  }
  if (when.on === 'date') {
    const occasions = dateOccasions(when, span.after, span.until, timeZone);
    const field = findField(object, when.field);
    if (occasions.length === 0 || !field) return null;
    const { table, where } = await selected();
    const column = sql`t.${ident(field.name)}`;
    const day = field.type === 'date' ? column : sql`(${column} at time zone ${timeZone})::date`;
    const dates = JSON.stringify(occasions.flatMap((one) => one.dates.map((date) => ({ day: one.day, date }))));
    const mark = when.yearly ? sql`to_char(${day}, 'MM-DD')` : sql`to_char(${day}, 'YYYY-MM-DD')`;
    // A plain comparison lets an index of the field be used.
    const near = when.yearly
      ? sql`true`
      : nearSql(
          column,
          field.type === 'date',
          occasions.flatMap((one) => one.dates),
          timeZone,
        );
    return async (after, limit) =>
      (
        await rows(sql`select t.id, o.day, o.date as mark from ${table} t join jsonb_to_recordset(${dates}::jsonb) as o(day text, date text) on o.date = ${mark}
        where ${where} and ${near} and ${start(after)} order by t.id limit ${limit}`)
      ).map(({ id, day: on }) => ({
        id,
        day: on,
        cause: `${id}:date:${on}`,
      }));
  }
  if (when.on !== 'silence' && when.on !== 'still') return null;
  const days = dateOccasions({ ...when, on: 'date', field: '' }, span.after, span.until, timeZone);
  if (days.length === 0) return null;
  const { table, where } = await selected();
  const dates = days.map((one) => one.dates[0] ?? '');
  const by = when.on === 'silence' ? findObject(catalog, when.by) : object;
  if (!by) return null;
  const statement =
    when.on === 'silence'
      ? await silenceSql(deps, ctx, when, object, by, timeZone, dates)
      : stillSql(ctx, when.field, object, timeZone, dates);
  return async (after, limit) =>
    (
      await rows(sql`with silent as (${statement}) select t.id, silent.day, silent.mark from silent join ${table} t on t.id = silent.id
      where ${where} and ${start(after)} order by t.id limit ${limit}`)
    ).map(({ id, day, mark }) => ({
      id,
      day: addDays(day, when.days),
      cause: `${id}:${when.on}:${mark}`,
    }));
}

function nearSql(column: Sql, isDate: boolean, dates: string[], timeZone: string): Sql {
  const sorted = dates.toSorted();
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  if (isDate) return sql`${column} between ${first}::date and ${last}::date`;
  return sql`${column} >= (${first}::timestamp at time zone ${timeZone}) and ${column} < (${addDays(last, 1)}::timestamp at time zone ${timeZone})`;
}

/** First moment of the first day, and the one after the last. */
function spanOf(dates: string[], timeZone: string): { from: Sql; to: Sql } {
  const sorted = dates.toSorted();
  const moment = (day: string) => sql`(${day}::timestamp at time zone ${timeZone})`;
  return { from: moment(sorted[0] ?? ''), to: moment(addDays(sorted.at(-1) ?? '', 1)) };
}

/** Of records with a last moment, those on whose local day it lies. */
const onDays = (records: Sql, dates: string[], timeZone: string): Sql => sql`
  select x.id, to_char(x.last at time zone ${timeZone}, 'YYYY-MM-DD') as day, to_char(x.last at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as mark
  from (${records}) x where to_char(x.last at time zone ${timeZone}, 'YYYY-MM-DD') = any(${dates}::text[])`;

/** Records whose field got its value on one of these local days. */
function stillSql(ctx: Ctx, field: string, object: ObjectDef, timeZone: string, dates: string[]): Sql {
  const { from, to } = spanOf(dates, timeZone);
  const own = tableOf(ctx.workspace, object.name);
  const delta = tableOf(ctx.workspace, 'delta');
  return onDays(
    sql`select c.id, greatest(o.created_at, (select max(d.at) from ${delta} d where d.record = c.id and d.before ? ${field})) as last
      from (select id from ${own} where created_at >= ${from} and created_at < ${to}
        union select record from ${delta} where object = ${object.id} and at >= ${from} and at < ${to} and before ? ${field}) c
      join ${own} o on o.id = c.id`,
    dates,
    timeZone,
  );
}

/** Records whose last contact, or their own beginning, lies on one of these local days. */
async function silenceSql(
  deps: FindDeps,
  ctx: Ctx,
  when: Extract<Rule['when'], { on: 'silence' }>,
  object: ObjectDef,
  by: ObjectDef,
  timeZone: string,
  dates: string[],
): Promise<Sql> {
  const { table, where } = await deps.read.select(ctx, {
    object: by.name,
    ...(when.filter && { filter: when.filter }),
  });
  const moment = momentSql(by, when.at, timeZone);
  const { from, to } = spanOf(dates, timeZone);
  const of = sql`t.${ident(when.of)}`;
  const own = tableOf(ctx.workspace, object.name);
  return onDays(
    sql`select c.id, greatest(o.created_at, (select max(${moment}) from ${table} t where ${of} = c.id and ${where})) as last
      from (select id from ${own} where created_at >= ${from} and created_at < ${to}
        union select ${of} from ${table} t where ${of} is not null and ${moment} >= ${from} and ${moment} < ${to} and ${where}) c
      join ${own} o on o.id = c.id`,
    dates,
    timeZone,
  );
}
