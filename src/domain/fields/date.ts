import { dayText, localDay, momentUtc } from './calendar.ts';
import { readDay, serialDay } from './day-reading.ts';
import { bad, excerpt, good, NOTHING, rawCode, warning } from './outcome.ts';
import { readClock } from './time-reading.ts';
import type { FieldType, Parsed } from './types.ts';

/** A numeric cell: 20240305 is a day written together; 45356 is Excel's serial, read with a warning. */
export function serialOrNull(raw: number): string | null {
  return raw > 10_000 && raw < 100_000 ? serialDay(raw) : null;
}

/** The same saved as text, by CSV exports: five digits are no other date. 1954 to 2099, where people's dates lie. */
export function serialText(code: string): string | null {
  return /^[2-7]\d{4}(?:\.\d+)?$/.test(code) && Number(code) < 73_051 ? serialDay(Number(code)) : null;
}

/** `YYYY-MM-DD` */
export const date: FieldType = {
  name: 'date',
  label: { zh: '日期', en: 'Date' },
  kind: 'date',
  column: 'date',
  parse(raw, _field, env): Parsed {
    if (raw instanceof Date) {
      return Number.isNaN(raw.getTime()) ? bad('date-form', { value: '' }) : within(localDay(raw, env.timeZone));
    }
    if (typeof raw === 'number') {
      const day = serialOrNull(raw);
      if (day) return good(day, warning('date-serial', { value: raw, day }));
    }
    const code = rawCode(raw);
    if (code === undefined || typeof raw === 'boolean') return bad('date-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    const serial = serialText(code);
    if (serial) return good(serial, warning('date-serial', { value: code, day: serial }));
    const found = readDay(code, env);
    if (!found.ok) return found;
    if (found.rest === '') return good(found.day, ...found.warnings);
    const clock = readClock(found.rest);
    if (!clock) return bad('date-form', { value: excerpt(code) });
    // A moment with a zone (an API's) is the day it is here.
    if (clock.offset !== undefined) {
      const [year = 1, month = 1, day = 1] = found.day.split('-').map(Number);
      const moment = momentUtc({ year, month, day, ...clock, minute: clock.minute - clock.offset });
      return within(localDay(moment, env.timeZone));
    }
    const midnight = clock.hour + clock.minute + clock.second === 0;
    return good(
      found.day,
      ...found.warnings,
      midnight ? null : warning('date-time-dropped', { value: excerpt(code), day: found.day }),
    );
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};

function within(day: string): Parsed {
  return day >= dayText(1800, 1, 1) && day.length === 10
    ? good(day)
    : bad('date-range', { value: day, year: Number(day.slice(0, 4)) });
}
