import { birthdaysOn } from './occasions.ts';

const DAY_MS = 86_400_000;
const shifted = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * The next time a yearly day comes, today included; those of 29 February on the 28th in common years.
 * @param day, today `YYYY-MM-DD`
 */
export function nextYearly(day: string, today: string): string {
  const date = day.slice(5);
  for (let ahead = 0; ahead <= 366; ahead++) {
    const next = shifted(today, ahead);
    if (next >= day && birthdaysOn(next).includes(date)) return next;
  }
  return day;
}

/** Whole days from one day to another; negative when it is past. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
