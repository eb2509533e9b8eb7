import pg from 'pg';

// Object ids of pg_type.dat.
const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const DATE_ARRAY = 1182;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const NUMERIC_ARRAY = 1231;

/** A number where JavaScript holds it exactly, else the digits. */
const wholeNumber = (text: string): number | string => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
};

interface ArrayParser {
  create(text: string, element: (entry: string | null) => unknown): { parse(): unknown[] };
}
// @types/pg describes another version of it.
const arrayParser = pg.types.arrayParser as unknown as ArrayParser;

const arrayOf = (element: (text: string) => unknown) => {
  return (text: string) => arrayParser.create(text, (entry) => (entry === null ? null : element(entry))).parse();
};
const asIs = (text: string) => text;

/** A text array as PostgreSQL writes it, such as {a,"b c",NULL}. */
export const textArray = (text: string): (string | null)[] =>
  arrayParser.create(text, (entry) => entry).parse() as (string | null)[];

const twoDigits = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;

/**
 * A moment such as 2026-11-22 09:41:02.123456+00. Ours come in UTC and in years of four digits, and every row has several: those are read by
 * place, a tenth of the time of the driver's regular expression; any other by the driver.
 */
function moment(text: string): unknown {
  const zone = text.length - 3;
  if (zone < 19 || text.charCodeAt(4) !== 45 || !text.endsWith('+00')) return pg.types.getTypeParser(TIMESTAMPTZ)(text);
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  if (year < 100) return pg.types.getTypeParser(TIMESTAMPTZ)(text);
  const milliseconds = zone > 20 ? Number(text.slice(20, Math.min(23, zone)).padEnd(3, '0')) : 0;
  const [month, day] = [twoDigits(text, 5) - 1, twoDigits(text, 8)];
  return new Date(
    Date.UTC(year, month, day, twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17), milliseconds),
  );
}

const parsers = new Map<number, (text: string) => unknown>([
  [INT8, wholeNumber],
  [INT8_ARRAY, arrayOf(wholeNumber)],
  // A date is a day, not a moment: a Date would shift it by the time zone.
  [DATE, asIs],
  [DATE_ARRAY, arrayOf(asIs)],
  [TIMESTAMP, asIs],
  [TIMESTAMPTZ, moment],
  [NUMERIC_ARRAY, arrayOf(asIs)],
]);

/**
 * How values come out of PostgreSQL: int8 → number (string beyond 2^53), numeric → string, date → 'YYYY-MM-DD',
 * timestamptz → Date, timestamp → string, json/jsonb → parsed, bytea → Buffer.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(id: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers.get(id);
    return own ?? pg.types.getTypeParser(id, format);
  },
};
