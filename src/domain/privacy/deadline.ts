export type Law = 'pipl' | 'gdpr';

/** Days off and on beside the weekends. */
export interface WorkCalendar {
  /** YYYY-MM-DD */
  holidays: readonly string[];
  workdays: readonly string[];
}

const DAY_MS = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

function isWorkday(day: string, { holidays, workdays }: WorkCalendar): boolean {
  if (workdays.includes(day)) return true;
  const weekday = new Date(startOf(day)).getUTCDay();
  return !holidays.includes(day) && weekday !== 0 && weekday !== 6;
}

/** PIPL names no term; 15 working days are what the regulators' rule for apps (2019, no. 191, VI) allows. Extended: as long again. */
const WORKING_DAYS = 15;
/** GDPR art. 12 (3): one month, two more where it is complex. */
const MONTHS = { first: 1, extended: 3 };

/** The last day on which a request can be answered in time. @param received YYYY-MM-DD; the day after is the first that counts */
export function deadline(law: Law, received: string, calendar: WorkCalendar, extended = false): string {
  if (law === 'gdpr') return monthsLater(received, extended ? MONTHS.extended : MONTHS.first);
  let left = extended ? WORKING_DAYS * 2 : WORKING_DAYS;
  let at = startOf(received);
  while (left > 0) {
    at += DAY_MS;
    if (isWorkday(dayOf(at), calendar)) left -= 1;
  }
  return dayOf(at);
}

/** The same day of a later month, its last where there is no such day (Regulation 1182/71, art. 3). */
function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

/** Days until then; negative when it is over. */
export const daysBetween = (today: string, due: string): number => Math.round((startOf(due) - startOf(today)) / DAY_MS);
