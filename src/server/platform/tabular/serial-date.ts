import type { DateCell } from './cell.ts';

/** How a number format shows a number: as a date, a time, a date with time, a duration, a code with leading zeros, or as it is. */
export type FormatKind =
  | { kind: 'number' }
  | { kind: 'date' | 'datetime' | 'time' }
  | { kind: 'zeros'; digits: number };

const NUMBER: FormatKind = { kind: 'number' };

/** Built-in formats of ECMA-376 18.8.30, with the East Asian ones (27–36, 50–58). */
export function builtinFormat(id: number): FormatKind {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58)
    return { kind: 'date' };
  if (id === 22) return { kind: 'datetime' };
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 55 || id === 56 || (id >= 45 && id <= 47))
    return { kind: 'time' };
  return NUMBER;
}

/** What a custom format code makes of a number: literals, colours and locales are ignored, then y m d h s decide. */
export function customFormat(code: string): FormatKind {
  if (/^0{2,20}$/.test(code)) return { kind: 'zeros', digits: code.length };
  const bare =
    code
      .split(';', 1)[0]
      ?.replace(/"[^"]*"|\\.|_.|\*./g, '')
      .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
      .replace(/general|am\/pm|a\/p|上午\/下午/gi, '')
      .replace(/e[+-]/gi, '') ?? '';
  const day = /[yd年日]|e{1,4}(?![+-])/i.test(bare) && !/[0#?]/.test(bare.replace(/\.0+/g, ''));
  const clock = /[hs]|\[m+\]/i.test(bare) && !/#/.test(bare);
  if (day && clock) return { kind: 'datetime' };
  if (clock) return { kind: 'time' };
  if (day || (/m/i.test(bare) && !/[0#?]/.test(bare))) return { kind: 'date' };
  return NUMBER;
}

const DAY = 86_400_000;
/** Serial numbers of 1904 workbooks start this many days later. */
export const DAYS_1904 = 1462;
const LAST_SERIAL = 2_958_466; // 10000-01-01

/**
 * A serial number as date cell; undefined when it is not a date (negative, after 9999).
 * The 1900 system has a 29 February 1900 that never was (serial 60), so days before it are one off.
 */
export function serialDate(
  stored: number,
  kind: 'date' | 'datetime' | 'time',
  date1904: boolean,
): DateCell | undefined {
  const serial = date1904 ? stored + DAYS_1904 : stored;
  if (!(serial >= 0) || serial >= LAST_SERIAL) return undefined;
  if (kind === 'time' && stored < 1) return { kind: 'date', text: clockText(stored), serial };
  const days = Math.floor(serial);
  // Seconds, because a day in binary fractions is never exact.
  const seconds = Math.round((serial - days) * 86_400);
  if (kind === 'time' && days < 32 && !date1904) return { kind: 'date', text: durationText(serial), serial };
  const text = dayText(days + (seconds === 86_400 ? 1 : 0), date1904);
  const clock = seconds === 0 || seconds === 86_400 || kind === 'date' ? '' : ` ${secondsText(seconds)}`;
  return { kind: 'date', text: text + clock, serial };
}

/** Tables repeat the same days over and over, and formatting one is slow. */
const knownDays = new Map<number, string>();

function dayText(days: number, date1904: boolean): string {
  const key = date1904 ? -days - 1 : days;
  let text = knownDays.get(key);
  if (text === undefined) {
    text = formatDay(days, date1904);
    if (knownDays.size < 50_000) knownDays.set(key, text);
  }
  return text;
}

function formatDay(days: number, date1904: boolean): string {
  if (days === 60 && !date1904) return '1900-02-29';
  const shifted = days < 60 && !date1904 ? days + 1 : days;
  const iso = new Date(Date.UTC(1899, 11, 30) + shifted * DAY).toISOString();
  return iso.slice(0, 10);
}

function clockText(fraction: number): string {
  const seconds = Math.round(fraction * 86_400);
  return secondsText(seconds);
}

const durationText = (serial: number): string => secondsText(Math.round(serial * 86_400));

function secondsText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** ISO 8601 text (`t="d"` cells) as date cell; undefined when it is none. */
export function isoDate(text: string): DateCell | undefined {
  const m = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?)?$/.exec(text.trim());
  if (!m) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = m;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const clock = `${hour}:${minute}:${second}`;
  const serial = (time - Date.UTC(1899, 11, 30)) / DAY;
  return { kind: 'date', text: `${year}-${month}-${day}${clock === '00:00:00' ? '' : ` ${clock}`}`, serial };
}
