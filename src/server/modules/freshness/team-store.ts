import sql from 'sql-template-tag';
import type { TeamView } from '../../../contract/team.ts';
import type { Duty, Team, TeamMember } from '../../../domain/freshness/duties.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { readSetting } from './settings.ts';

/** Working days of a week. */
const WEEK = 5;

/** The team as it is on the day of `now`. */
export interface TeamToday {
  team: Team;
  /** Number of the day in the workspace's time zone. */
  day: number;
  /** When it began. */
  midnight: Date;
  /** A day's minutes of everybody who has none of his own. */
  minutes: number;
}

interface Row extends Record<string, unknown> {
  /** null: there is nobody yet. */
  account: string | null;
  disabled: boolean;
  duties: Duty[] | null;
  daily_minutes: number | null;
  deputy: string | null;
  away: boolean;
  day: number;
  midnight: Date;
}

/** Who is there today, for what and for how long. Somebody whose account is closed is away for good. */
export async function readTeam(on: Queryable, workspace: string, now: Date, timeZone: string): Promise<TeamToday> {
  const [{ hoursPerWeek }, rows] = await Promise.all([
    readSetting(on, workspace, 'capacity'),
    queryHot<Row>(
      on,
      sql`select u.id::text as account, u.disabled, d.duties, d.daily_minutes, d.deputy,
        exists (select from ${tableOf(workspace, 'absence')} a where a.account = u.id::text and t.today between a.from_day and a.to_day) as away,
        t.today - date '2000-01-01' as day, date_trunc('day', t.at, t.zone) as midnight
      from (select at, zone, (at at time zone zone)::date as today from (select ${now}::timestamptz as at, ${timeZone}::text as zone) x) t
      left join auth."user" u on true left join ${tableOf(workspace, 'duty')} d on d.account = u.id::text`,
    ),
  ]);
  const minutes = defaultMinutes(hoursPerWeek);
  const members = rows.flatMap(({ account, duties, daily_minutes, away, disabled, deputy }): TeamMember[] =>
    account === null
      ? []
      : [{ account, duties: duties ?? [], minutes: daily_minutes ?? minutes, away: away || disabled, deputy }],
  );
  const [first] = rows;
  const team = new Map(members.map((member) => [member.account, member]));
  return { team, day: first?.day ?? 0, midnight: first?.midnight ?? now, minutes };
}

const defaultMinutes = (hoursPerWeek: number): number => (hoursPerWeek * 60) / WEEK;

/** Hours a week of somebody with so many minutes a day. */
export const hoursOfWeek = (minutes: number): number => (minutes * WEEK) / 60;

interface ViewRow extends Record<string, unknown> {
  account: string;
  name: string;
  disabled: boolean;
  duties: Duty[] | null;
  daily_minutes: number | null;
  deputy: string | null;
  absences: { from: string; to: string }[];
  away: boolean;
}

/** The team for those who arrange it; past absences are left out. */
export async function viewTeam(on: Queryable, workspace: string, now: Date, timeZone: string): Promise<TeamView> {
  const rows = await on.query<ViewRow>(sql`
    select u.id::text as account, u.name, u.disabled, d.duties, d.daily_minutes, d.deputy,
      coalesce(a.days, '[]') as absences, coalesce(a.away, false) as away
    from auth."user" u left join ${tableOf(workspace, 'duty')} d on d.account = u.id::text
    left join (
      select account, jsonb_agg(jsonb_build_object('from', from_day, 'to', to_day) order by from_day) as days, bool_or(from_day <= t.today) as away
      from ${tableOf(workspace, 'absence')}, (select (${now}::timestamptz at time zone ${timeZone})::date as today) t
      where to_day >= t.today group by account
    ) a on a.account = u.id::text
    order by u.disabled, u."createdAt", u.id`);
  const { hoursPerWeek } = await readSetting(on, workspace, 'capacity');
  return {
    defaultMinutes: defaultMinutes(hoursPerWeek),
    people: rows.map(({ daily_minutes: dailyMinutes, duties, ...row }) => ({
      ...row,
      duties: duties ?? [],
      dailyMinutes,
    })),
  };
}

export interface MemberSettings {
  duties: Duty[];
  dailyMinutes: number | null;
  deputy: string | null;
  absences: { from: string; to: string }[];
}

export async function saveMember(
  db: Db,
  workspace: string,
  account: string,
  { duties, dailyMinutes, deputy, absences }: MemberSettings,
  author: string,
): Promise<void> {
  await db.tx(async (tx) => {
    await tx.query(sql`
      insert into ${tableOf(workspace, 'duty')} (account, duties, daily_minutes, deputy, updated_by)
      values (${account}, ${duties}, ${dailyMinutes}, ${deputy === account ? null : deputy}, ${author})
      on conflict (account) do update set duties = excluded.duties, daily_minutes = excluded.daily_minutes, deputy = excluded.deputy,
        updated_at = now(), updated_by = excluded.updated_by`);
    await tx.query(sql`delete from ${tableOf(workspace, 'absence')} where account = ${account}`);
    await tx.query(sql`insert into ${tableOf(workspace, 'absence')} (account, from_day, to_day)
      select ${account}, "from", "to" from jsonb_to_recordset(${JSON.stringify(absences)}::jsonb) as x("from" date, "to" date)
      on conflict (account, from_day) do update set to_day = excluded.to_day`);
  });
}
