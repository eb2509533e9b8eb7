import type { Issue } from '../issue.ts';
import { addDays, dayText, isDay, localDay } from './calendar.ts';
import { excerpt, warning } from './outcome.ts';
import type { ParseEnv } from './types.ts';

/** A day at the start of a text, and what follows it (a time of day). */
export type Day = { ok: true; day: string; rest: string; warnings: Issue[] } | { ok: false; issue: Issue };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const WEEKDAY =
  /^\s*[,，(（]?\s*(?:星期|周|礼拜)[一二三四五六日天][)）]?|^\s*\(?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\)?\b/i;
const LEADING_WEEKDAY = /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)/i;

const YEAR_FIRST = /^(\d{4})\s*([-/.年_\s])\s*(\d{1,2})\s*([-/.月_\s])\s*(\d{1,2})(?:\s*[日号號])?(?!\d)/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?!\d)/;
const SHORT_CHINESE = /^(\d{2})年\s*(\d{1,2})月\s*(\d{1,2})[日号]?(?!\d)/;
const DAY_MONTH_NAME = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th)?[\\s-]*(?:of\\s+)?${MONTH}[\\s,-]*(\\d{4}|\\d{2})(?!\\d)`,
  'i',
);
const MONTH_NAME_DAY = new RegExp(`^${MONTH}[\\s-]*(\\d{1,2})(?:st|nd|rd|th)?\\s*[,\\s-]\\s*(\\d{4})(?!\\d)`, 'i');
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/;
const RELATIVE: Record<string, number> = {
  今天: 0,
  今日: 0,
  today: 0,
  昨天: -1,
  昨日: -1,
  yesterday: -1,
  前天: -2,
  明天: 1,
  明日: 1,
  tomorrow: 1,
  后天: 2,
};
const HAN_DIGITS = '〇一二三四五六七八九';

/** `text` is narrowed. Refuses what has two readings (03/04/2024) or lacks a part. */
export function readDay(text: string, env: ParseEnv): Day {
  const iso = /^\d{4}-\d{2}-\d{2}$/.exec(text) !== null;
  const input = iso ? text : plainDigits(text).replace(LEADING_WEEKDAY, '');
  const first = YEAR_FIRST.exec(input) ?? COMPACT.exec(input);
  if (first) {
    const parts = first.length > 4 ? [first[1], first[3], first[5]] : [first[1], first[2], first[3]];
    return made(Number(parts[0]), Number(parts[1]), Number(parts[2]), input.slice(first[0].length), text);
  }
  const chinese = SHORT_CHINESE.exec(input);
  if (chinese) {
    const year = fullYear(Number(chinese[1]), env);
    return made(year, Number(chinese[2]), Number(chinese[3]), input.slice(chinese[0].length), text, twoDigit(year));
  }
  const named = DAY_MONTH_NAME.exec(input) ?? MONTH_NAME_DAY.exec(input);
  if (named) {
    const dayFirst = /^\d/.test(input);
    const [day, name] = dayFirst ? [named[1], named[2]] : [named[2], named[1]];
    const short = named[3]?.length === 2;
    const year = short ? fullYear(Number(named[3]), env) : Number(named[3]);
    const month = MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
    return made(year, month, Number(day), input.slice(named[0].length), text, short ? twoDigit(year) : undefined);
  }
  const last = YEAR_LAST.exec(input);
  if (last) {
    const [a, b] = [Number(last[1]), Number(last[3])];
    const rest = input.slice(last[0].length);
    if (a > 12 || a === b) return made(Number(last[4]), b, a, rest, text);
    if (b > 12) return made(Number(last[4]), a, b, rest, text);
    return refused('date-ambiguous', {
      value: excerpt(text),
      one: dayText(Number(last[4]), a, b),
      other: dayText(Number(last[4]), b, a),
    });
  }
  const word = /^[a-z]+|^[\u4e00-\u9fff]{2}/i.exec(input)?.[0].toLowerCase() ?? '';
  const shift = RELATIVE[word];
  if (shift !== undefined)
    return {
      ok: true,
      day: addDays(localDay(env.now, env.timeZone), shift),
      rest: input.slice(word.length).trim(),
      warnings: [],
    };
  if (/^\d{1,2}\s*(?:[-/.]\s*\d{1,2}|月\s*\d{1,2}\s*[日号]?)$/.test(input))
    return refused('date-no-year', { value: excerpt(text) });
  if (/^\d{4}\s*(?:[-/.]\s*\d{1,2}|年\s*(?:\d{1,2}\s*月)?)?$/.test(input))
    return refused('date-no-day', { value: excerpt(text) });
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)/.test(input)) return refused('date-short-year', { value: excerpt(text) });
  return refused('date-form', { value: excerpt(text) });
}

/** Excel's serial of the 1900 system to a day; the days before March 1900 are off by its leap year bug and refused. */
export function serialDay(serial: number): string | null {
  return serial >= 61 && serial < 2_958_466 ? addDays('1899-12-30', Math.floor(serial)) : null;
}

const refused = (code: string, params: Issue['params']): Day => ({
  ok: false,
  issue: { code, ...(params ? { params } : {}) },
});
const twoDigit = (year: number): Issue => warning('date-two-digit-year', { year });

function made(year: number, month: number, day: number, rest: string, text: string, note?: Issue): Day {
  if (!isDay(year, month, day)) return refused('date-impossible', { value: excerpt(text) });
  if (year < 1800) return refused('date-range', { value: excerpt(text), year });
  const after = rest.replace(WEEKDAY, '').trim();
  return { ok: true, day: dayText(year, month, day), rest: after, warnings: note ? [note] : [] };
}

/** A two-digit year is the one within 80 years back and 20 ahead. */
function fullYear(short: number, env: ParseEnv): number {
  const now = env.now.getUTCFullYear();
  const guess = now - (now % 100) + short;
  return guess > now + 20 ? guess - 100 : guess;
}

/** 二〇二四年三月十五日 → 2024年3月15日 */
function plainDigits(text: string): string {
  if (!/[〇零一二三四五六七八九十]/.test(text) || !/年/.test(text)) return text;
  return text
    .replace(/[〇零○一二三四五六七八九]{4}(?=年)/, (year) => [...year].map(hanDigit).join(''))
    .replace(/([一二三四五六七八九十]{1,3})(?=[月日号])/g, (n) => String(hanNumber(n)));
}

const hanDigit = (c: string): number => (c === '零' || c === '○' ? 0 : HAN_DIGITS.indexOf(c));

function hanNumber(text: string): number {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text];
  const ten = text.includes('十') ? (tens ? hanDigit(tens) : 1) * 10 : 0;
  return ten + (ones ? hanDigit(ones) : 0);
}
