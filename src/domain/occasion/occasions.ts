/** Days on which everybody is greeted; birthdays are each person's own. */
export type Holiday = 'spring-festival' | 'mid-autumn' | 'national-day';
export type Occasion = Holiday | 'birthday';

const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });

/**
 * New moons within minutes of midnight in Beijing that ICU puts on the wrong day (2027: 23:56, 2030: 00:07); GB/T 33661-2017 decides. Compared up to
 * 2040.
 */
const CORRECTED: Readonly<Record<string, Holiday | null>> = {
  '2027-02-06': 'spring-festival',
  '2027-02-07': null,
  '2030-02-02': null,
  '2030-02-03': 'spring-festival',
};

/** Holiday on a day, or null. @param day `YYYY-MM-DD` */
export function holidayOn(day: string): Holiday | null {
  const known = CORRECTED[day];
  if (known !== undefined) return known;
  const parts = new Map(lunar.formatToParts(new Date(`${day}T00:00:00Z`)).map(({ type, value }) => [type, value]));
  // A leap month is written `8bis`: its festival was the month before.
  const date = `${parts.get('month')}/${parts.get('day')}`;
  if (date === '1/1') return 'spring-festival';
  if (date === '8/15') return 'mid-autumn';
  return day.endsWith('-10-01') ? 'national-day' : null;
}

/** `MM-DD` of birthdays that are celebrated on a day: in common years those of 29 February on the 28th. @param day `YYYY-MM-DD` */
export function birthdaysOn(day: string): string[] {
  const [year = 0, month, date] = day.split('-').map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && date === 28 && !leap ? ['02-28', '02-29'] : [day.slice(5)];
}

/** The day after. @param day `YYYY-MM-DD` */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
