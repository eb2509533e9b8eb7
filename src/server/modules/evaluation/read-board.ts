import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { boardSchema } from '../../../contract/evaluation.ts';
import { addDays, localDay } from '../../../domain/fields/calendar.ts';
import { type BoardInput, boardOf } from '../../../domain/statistics/board.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { readSetting, viewTeam } from '../freshness/index.ts';
import { type KeptPerson, keptDays, keptPersons } from './read-figures.ts';

type Board = z.output<typeof boardSchema>;

/** Random checks older than this say little of how right values are today. */
const CHECK_DAYS = 180;

/** The board of the last `days` days, as far as the caller may see it. */
export async function readBoard(db: Db, ctx: Ctx, timeZone: string, days: number): Promise<Board> {
  const { workspace } = ctx;
  const last = localDay(ctx.at, timeZone);
  const span = { first: addDays(last, 1 - days), end: addDays(last, 1) };
  const [{ shown }, team, kept, counted, looks] = await Promise.all([
    readSetting(db, workspace, 'board'),
    viewTeam(db, workspace, ctx.at, timeZone),
    keptPersons(db, workspace, span),
    keptDays(db, workspace, span),
    looksOfOthers(db, workspace, ctx.at),
  ]);
  const figures = new Map(kept.map((row) => [row.person, row]));
  const people = team.people.flatMap(({ account, name, disabled, dailyMinutes }) => {
    const row = figures.get(account);
    if (disabled || !row || row.customers === 0) return [];
    return [{ name, row, input: inputOf(row, dailyMinutes ?? team.defaultMinutes, looks.get(account)) }];
  });
  const lines = new Map(boardOf(people.map(({ input }) => input)).map((line) => [line.id, line]));
  const me = ctx.actor.replace(/^user:/, '');
  const all = ctx.access.admin || (ctx.access.acts ?? []).includes('quality');
  const sees = ({ id, list }: { id: string; list: 'red' | 'black' | null }): boolean =>
    all || (shown !== 'managers' && id === me) || (shown === 'praise' && list === 'red');
  return {
    first: span.first,
    last,
    kept: counted.length,
    shown,
    all,
    lines: people
      .flatMap(({ name, row, input }) => {
        const line = lines.get(input.id);
        if (!line || !sees(line)) return [];
        const { id, ...rest } = line;
        const asked = row.cells + row.missing;
        return {
          ...rest,
          person: id,
          name,
          mine: id === me,
          customers: Math.round(row.customers),
          minutes: input.minutes,
          expired: input.expired,
          complete: row.missing > 0 ? row.cells / asked : null,
          freshness: row.cells > 0 ? row.belief / row.cells : null,
        };
      })
      .sort((a, b) => b.customers - a.customers || a.name.localeCompare(b.name, 'zh')),
  };
}

function inputOf(row: KeptPerson, minutes: number, looks: Looks | undefined): BoardInput {
  return {
    id: row.person,
    days: row.days,
    customers: row.customers,
    minutes,
    expired: { value: row.cells > 0 ? row.expired / row.cells : 0, error: row.error },
    looks: looks ?? { checked: 0, right: 0 },
  };
}

interface Looks extends Record<string, unknown> {
  checked: number;
  right: number;
}

/** First looks at values of random checks, by somebody else than whom the record fell to; by that person. */
async function looksOfOthers(on: Queryable, workspace: string, now: Date): Promise<Map<string, Looks>> {
  const rows = await on.query<Looks & { person: string }>(sql`
    select person, count(*)::int as checked, (count(*) filter (where outcome = 'r'))::int as right from (
      select distinct on (c.id, o.record, o.field) i.person, o.outcome, o.actor
      from ${tableOf(workspace, 'check_campaign')} c
        join ${tableOf(workspace, 'check_item')} i on i.campaign = c.id
        join ${tableOf(workspace, 'observation')} o on o.record = i.record
        join ${tableOf(workspace, 'object_def')} b on b.name = c.object
        join ${tableOf(workspace, 'field_def')} f on f.object_id = b.id and f.id = o.field and f.name = any(c.fields)
      where c.kind = 'random' and c.at > ${now}::timestamptz - make_interval(days => ${CHECK_DAYS}) and o.weight = 1 and o.how in ('v', 'w')
        and o.at > c.at and (c.closed_at is null or o.at <= c.closed_at) and i.person <> ''
      order by c.id, o.record, o.field, o.at
    ) looks where regexp_replace(actor, '^user:', '') <> person group by person`);
  return new Map(rows.map(({ person, checked, right }) => [person, { checked, right }]));
}
