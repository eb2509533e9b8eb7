import { addDays } from '../fields/calendar.ts';

/** How often a check is drawn again by itself. */
export type Rhythm = 'week' | 'month' | 'quarter' | 'half';

const MONTHS: Record<Exclude<Rhythm, 'week'>, number> = { month: 1, quarter: 3, half: 6 };
/** 周五盘点: a stock-take closes the week. */
const FRIDAY = 5;

/** The first day of the rhythm after `day`: the next Friday, or the first of the next month, quarter or half year. Days as `YYYY-MM-DD`. */
export function nextDraw(rhythm: Rhythm, day: string): string {
  if (rhythm === 'week') {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return addDays(day, (FRIDAY - weekday + 7) % 7 || 7);
  }
  const [year = 1, month = 1] = day.split('-').map(Number);
  const months = MONTHS[rhythm];
  const next = Math.floor((month - 1) / months) * months + months;
  return `${year + Math.floor(next / 12)}-${String((next % 12) + 1).padStart(2, '0')}-01`;
}
