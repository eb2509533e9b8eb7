import pg from 'pg';

// Object ids of pg_type.dat.
const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const DATE_ARRAY = 1182;
const TIMESTAMP = 1114;
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

const parsers = new Map<number, (text: string) => unknown>([
  [INT8, wholeNumber],
  [INT8_ARRAY, arrayOf(wholeNumber)],
  // A date is a day, not a moment: a Date would shift it by the time zone.
  [DATE, asIs],
  [DATE_ARRAY, arrayOf(asIs)],
  [TIMESTAMP, asIs],
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
