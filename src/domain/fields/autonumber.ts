import { localDay } from './calendar.ts';
import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';

/** Filled by the engine; a number that an import brings from another system is kept as it is. */
export const autonumber: FieldType = {
  name: 'autonumber',
  label: { zh: '自动编号', en: 'Automatic number' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    const code = rawCode(raw);
    if (code === undefined) return bad('not-text');
    if (code === '') return NOTHING;
    return code.length <= 64 ? good(code) : bad('too-long', { max: 64, length: code.length, value: excerpt(code) });
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};

const TOKEN = /\{(yyyymmdd|yyyymm|yyyy|yy|mm|dd|serial)(?::(\d{1,2}))?\}/g;

function dayOf(date: Date | string, timeZone: string): string {
  return typeof date === 'string' ? date.slice(0, 10) : localDay(date, timeZone);
}

/** The part of a pattern before serials: `CUST{yyyymmdd}-{serial:4}` on 2026-11-21 → `CUST20261121-`. Serials restart per prefix. */
export function numberPrefix(pattern: string, date: Date | string, timeZone = 'Asia/Shanghai'): string {
  return rendered(pattern, dayOf(date, timeZone), '');
}

/** `CUST{yyyymmdd}-{serial:4}`, 2026-11-21, 7 → `CUST20261121-0007`. A serial longer than its width is not cut. `date` is a moment, or a local day `YYYY-MM-DD`. */
export function renderNumber(pattern: string, date: Date | string, serial: number, timeZone = 'Asia/Shanghai'): string {
  return rendered(pattern, dayOf(date, timeZone), serial);
}

function rendered(pattern: string, day: string, serial: number | ''): string {
  const [yyyy = '', mm = '', dd = ''] = day.split('-');
  const parts: Record<string, string> = {
    yyyymmdd: yyyy + mm + dd,
    yyyymm: yyyy + mm,
    yyyy,
    yy: yyyy.slice(2),
    mm,
    dd,
  };
  return pattern.replace(TOKEN, (_, token: string, width?: string) =>
    token === 'serial' ? (serial === '' ? '' : String(serial).padStart(Number(width ?? 1), '0')) : (parts[token] ?? ''),
  );
}
