/** Calendar arithmetic without a date library: days, wall clocks of a zone, both ways. */

export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `YYYY-MM-DD` */
export function dayText(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formats.set(timeZone, format);
  }
  return format;
}

// China has had no other offset since summer time ended in September 1991.
const CHINA = new Set(['Asia/Shanghai', 'Asia/Chongqing', 'PRC']);
const CHINA_FIXED_SINCE = Date.UTC(1992, 0, 1);

/** Offset of the zone from UTC at a moment, in milliseconds. */
function offsetAt(utc: number, timeZone: string): number {
  if (utc >= CHINA_FIXED_SINCE && CHINA.has(timeZone)) return 8 * 3_600_000;
  const part: Record<string, number> = {};
  let beforeChrist = false;
  for (const { type, value } of formatOf(timeZone).formatToParts(utc)) {
    if (type === 'era') beforeChrist = value === 'BC';
    else part[type] = Number(value);
  }
  const year = beforeChrist ? 1 - (part.year ?? 0) : (part.year ?? 0);
  const local = utcOf(year, part.month ?? 1, part.day ?? 1, part.hour ?? 0, part.minute ?? 0, part.second ?? 0);
  return local - Math.floor(utc / 1000) * 1000;
}

/** Date.UTC without its habit of reading years 0–99 as 19xx. */
function utcOf(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, millisecond = 0): number {
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, millisecond));
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** What a clock on the wall of the zone shows. */
export function wallAt(at: Date, timeZone: string): Wall {
  const utc = at.getTime();
  const local = new Date(utc + offsetAt(utc, timeZone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
}

/** `YYYY-MM-DD` of a moment in a zone. */
export function localDay(at: Date, timeZone: string): string {
  const wall = wallAt(at, timeZone);
  return dayText(wall.year, wall.month, wall.day);
}

/** Moment at which the zone's clocks show this. An hour skipped by summer time moves on, an hour lived twice is the first. */
export function momentOf(wall: Wall, timeZone: string): Date {
  const local = utcOf(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond);
  const first = local - offsetAt(local, timeZone);
  const earlier = local - offsetAt(first - 3_600_000 * 3, timeZone);
  if (earlier + offsetAt(earlier, timeZone) === local) return new Date(earlier);
  return new Date(local - offsetAt(first, timeZone));
}

export function momentUtc(wall: Wall): Date {
  return new Date(utcOf(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond));
}

/** The day `days` after a `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  const moved = new Date(utcOf(year, month, date + days));
  // setUTCFullYear has normalised overflow already
  return dayText(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}
