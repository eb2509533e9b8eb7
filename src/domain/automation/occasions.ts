import { addDays, localDay, momentOf } from '../fields/calendar.ts';
import type { When } from './types.ts';

type Timed<On> = Extract<When, { on: On }>;

/** Longest time that is made up for after a stop: older occasions are history. */
export const MOST_DAYS_BACK = 62;

const at = (day: string, hour: number, timeZone: string): Date => {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return momentOf({ year, month, day: date, hour, minute: 0, second: 0, millisecond: 0 }, timeZone);
};

/** Local days whose `hour` lies in (after, until], oldest first, not further back than MOST_DAYS_BACK. An hour that summer time skips counts when clocks have passed it. */
export function daysDue(after: Date, until: Date, hour: number, timeZone: string): string[] {
  const last = localDay(until, timeZone);
  const earliest = addDays(last, -MOST_DAYS_BACK);
  const start = localDay(after, timeZone);
  const days: string[] = [];
  for (let day = start < earliest ? earliest : start; day <= last; day = addDays(day, 1)) {
    const moment = at(day, hour, timeZone);
    if (moment > after && moment <= until) days.push(day);
  }
  return days;
}

/** One occasion of a rule: the day it fires on, with the days that the field must have (YYYY-MM-DD, or MM-DD where it returns each year). */
export interface Occasion {
  day: string;
  dates: string[];
}

/** Occasions of a date rule within (after, until]. */
export function dateOccasions(when: Timed<'date'>, after: Date, until: Date, timeZone: string): Occasion[] {
  return daysDue(after, until, when.hour, timeZone).map((day) => {
    const date = addDays(day, -when.days);
    return { day, dates: when.yearly ? daysOfYear(date) : [date] };
  });
}

/** Who was born on a leap day has his day on 28 February of other years. */
function daysOfYear(date: string): string[] {
  const day = date.slice(5);
  const leap = addDays(`${date.slice(0, 4)}-02-28`, 1).endsWith('-02-29');
  return day === '02-28' && !leap ? ['02-28', '02-29'] : [day];
}

/** Days within (after, until] on which a rule that returns is due. */
export function everyOccasions(when: Timed<'every'>, after: Date, until: Date, timeZone: string): string[] {
  return daysDue(after, until, when.hour, timeZone).filter(
    (day) => when.every === 'day' || weekdayOf(day) === (when.weekday ?? 1),
  );
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekdayOf(day: string): number {
  return ((Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000) + 3) % 7) + 1;
}

/** The end of a workday so many days from now. */
export function dueMoment(now: Date, days: number, timeZone: string): Date {
  return at(addDays(localDay(now, timeZone), days), 18, timeZone);
}
