import { arabic, plain } from './text.ts';

/** A calendar date, possibly only partly known: unknown parts are 0. */
export interface PartialDate {
  year: number;
  month: number;
  day: number;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function made(year: number, month: number, day: number): PartialDate | null {
  return year >= 1000 && year <= 2999 && month >= 0 && month <= 12 && day >= 0 && day <= 31
    ? { year, month, day }
    : null;
}

/**
 * Reads the usual ways to write a date: 1986-09-09, 19860909, 9/9/1986 (day first unless that is impossible), 9 Sep 1986, 1986年9月9日,
 * 1986, c. 1986. Nothing is validated against the calendar: 31 June compares as what it says. Null when there is no year.
 */
export function parseDate(raw: string): PartialDate | null {
  const text = arabic(plain(raw))
    .replace(/[t ]\d{1,2}:\d{2}.*$/, '')
    .trim();
  let m = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (m !== null) return made(Number(m[1]), Number(m[2]), Number(m[3]));
  m = /(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})?)?/.exec(text);
  if (m !== null) return made(Number(m[1]), Number(m[2]), Number(m[3] ?? 0));
  m = /(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})/.exec(text);
  if (m !== null) {
    const [x, y] = [Number(m[1]), Number(m[2])];
    return y > 12 ? made(Number(m[3]), x, y) : made(Number(m[3]), y, x);
  }
  m = /(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3})[a-z]*\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})/.exec(text);
  if (m !== null) {
    const month = MONTHS.indexOf(m[2] ?? '') + 1;
    if (month > 0) return made(Number(m[4]), month, Number(m[1] ?? m[3] ?? 0));
  }
  m = /(?:^|\D)(1\d{3}|20\d{2})(?:\D|$)/.exec(text);
  return m === null ? null : made(Number(m[1]), 0, 0);
}

export function dateText(d: PartialDate): string {
  return `${String(d.year).padStart(4, '0')}${String(d.month).padStart(2, '0')}${String(d.day).padStart(2, '0')}`;
}
