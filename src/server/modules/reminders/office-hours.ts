import type { ReminderSettings } from '../../../contract/reminders.ts';
import { localDay, wallAt } from '../../../domain/fields/calendar.ts';

type Hours = Pick<ReminderSettings, 'quiet' | 'workdaysOnly' | 'holidays' | 'workdays'>;

/** May people be disturbed at this moment, by the clock on their wall? */
export function mayDisturb(at: Date, timeZone: string, hours: Hours): boolean {
  return isWorkday(localDay(at, timeZone), hours) && !isQuiet(at, timeZone, hours.quiet);
}

/** Quiet from `from` until before `to`, over midnight when `from` is later; equal times: never quiet. */
export function isQuiet(at: Date, timeZone: string, { from, to }: Hours['quiet']): boolean {
  const { hour, minute } = wallAt(at, timeZone);
  const now = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  if (from === to) return false;
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** 调休 makes Sundays workdays, so those named as workdays win over weekend and holiday. */
export function isWorkday(day: string, { workdaysOnly, holidays, workdays }: Omit<Hours, 'quiet'>): boolean {
  if (!workdaysOnly || workdays.includes(day)) return true;
  return !holidays.includes(day) && weekdayOf(day) <= 5;
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** Monday of the week a day lies in. */
export function mondayOf(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - (weekdayOf(day) - 1) * 86_400_000).toISOString().slice(0, 10);
}
