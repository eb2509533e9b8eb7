import { addDays, localDay, momentOf } from '../fields/calendar.ts';

/** A stretch of a day on the wall clock, `09:00` to `18:00`; `24:00` is midnight after. */
export interface Hours {
  from: string;
  to: string;
}

/** When the firm works. Data, so that an administrator changes it each autumn when the State Council announces the next year. */
export interface WorkCalendar {
  /** IANA zone of the wall clock. */
  timeZone: string;
  /** By weekday, 1 Monday … 7 Sunday, in order and apart; none: a day off. */
  week: Readonly<Record<string, readonly Hours[]>>;
  /** Days off, `YYYY-MM-DD`. */
  off: readonly string[];
  /** Days worked that would be free (调休): with the hours of that weekday, or of the first working weekday where it has none. */
  work: readonly string[];
}

/** Longest that is looked for working time; a calendar without any must not be walked for ever. */
const MOST_DAYS = 3_700;

/** 1 Monday … 7 Sunday. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** Hours worked on a day. @param day `YYYY-MM-DD` */
export function hoursOf(calendar: WorkCalendar, day: string): readonly Hours[] {
  const usual = calendar.week[String(weekdayOf(day))] ?? [];
  if (calendar.work.includes(day))
    return usual.length > 0
      ? usual
      : (Object.keys(calendar.week)
          .sort()
          .map((key) => calendar.week[key] ?? [])
          .find((hours) => hours.length > 0) ?? []);
  return calendar.off.includes(day) ? [] : usual;
}

interface Span {
  from: number;
  to: number;
}

const made = new WeakMap<WorkCalendar, Map<string, readonly Span[]>>();

/** Moments between which a day is worked. An hour that the clocks skip is not worked, one that they repeat is worked twice. */
function spansOf(calendar: WorkCalendar, day: string): readonly Span[] {
  const days = made.get(calendar) ?? new Map<string, readonly Span[]>();
  made.set(calendar, days);
  const known = days.get(day);
  if (known) return known;
  const spans = hoursOf(calendar, day)
    .map(({ from, to }) => ({ from: at(day, from, calendar.timeZone), to: at(day, to, calendar.timeZone) }))
    .filter(({ from, to }) => to > from);
  days.set(day, spans);
  return spans;
}

function at(day: string, time: string, timeZone: string): number {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return momentOf({ year, month, day: date, hour, minute, second: 0, millisecond: 0 }, timeZone).getTime();
}

/** Milliseconds worked between two moments; negative when `to` is the earlier. */
export function workBetween(calendar: WorkCalendar, from: Date, to: Date): number {
  if (to < from) return 0 - workBetween(calendar, to, from);
  let worked = 0;
  const last = localDay(to, calendar.timeZone);
  for (let day = localDay(from, calendar.timeZone); day <= last; day = addDays(day, 1))
    for (const span of spansOf(calendar, day))
      worked += Math.max(0, Math.min(span.to, to.getTime()) - Math.max(span.from, from.getTime()));
  return worked;
}

/**
 * The moment by which so many milliseconds have been worked since `from`: the earliest one, so that the end of a day is that day's closing time. Negative:
 * the latest moment from which on so many were worked until `from`. Nothing: `from` itself. null: there is not so much work in ten years.
 */
export function addWork(calendar: WorkCalendar, from: Date, milliseconds: number): Date | null {
  if (milliseconds === 0) return from;
  return milliseconds > 0 ? forward(calendar, from, milliseconds) : backward(calendar, from, -milliseconds);
}

function forward(calendar: WorkCalendar, from: Date, milliseconds: number): Date | null {
  let left = milliseconds;
  let day = localDay(from, calendar.timeZone);
  for (let n = 0; n < MOST_DAYS; n++, day = addDays(day, 1))
    for (const span of spansOf(calendar, day)) {
      const begin = Math.max(span.from, from.getTime());
      if (span.to <= begin) continue;
      if (span.to - begin >= left) return new Date(begin + left);
      left -= span.to - begin;
    }
  return null;
}

function backward(calendar: WorkCalendar, from: Date, milliseconds: number): Date | null {
  let left = milliseconds;
  let day = localDay(from, calendar.timeZone);
  for (let n = 0; n < MOST_DAYS; n++, day = addDays(day, -1))
    for (const span of spansOf(calendar, day).toReversed()) {
      const end = Math.min(span.to, from.getTime());
      if (end <= span.from) continue;
      if (end - span.from >= left) return new Date(end - left);
      left -= end - span.from;
    }
  return null;
}

/** Whether work is going on at a moment. */
export function isWorking(calendar: WorkCalendar, moment: Date): boolean {
  const now = moment.getTime();
  return spansOf(calendar, localDay(moment, calendar.timeZone)).some(({ from, to }) => from <= now && now < to);
}

/** What is wrong with hours as somebody typed them; null when nothing is. */
export function hoursIssue(hours: readonly Hours[]): 'hours-form' | 'hours-turned' | 'hours-overlap' | null {
  let last = -1;
  for (const { from, to } of hours) {
    const [begin, end] = [minutesOf(from), minutesOf(to)];
    if (begin === null || end === null) return 'hours-form';
    if (end <= begin) return 'hours-turned';
    if (begin < last) return 'hours-overlap';
    last = end;
  }
  return null;
}

function minutesOf(time: string): number | null {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 24 * 60 ? minutes : null;
}
