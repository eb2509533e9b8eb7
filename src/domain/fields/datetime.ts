import { momentOf, momentUtc, wallAt } from './calendar.ts';
import { serialOrNull, serialText } from './date.ts';
import { readDay } from './day-reading.ts';
import { bad, excerpt, good, NOTHING, rawCode, warning } from './outcome.ts';
import { readClock } from './time-reading.ts';
import type { FieldType, Parsed, ParseEnv } from './types.ts';

const DAY = 86_400_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** ISO 8601 UTC with milliseconds, as Date.toISOString. Texts without a zone are meant in env.timeZone. */
export const datetime: FieldType = {
  name: 'datetime',
  label: { zh: '日期时间', en: 'Date and time' },
  kind: 'datetime',
  column: 'timestamptz',
  parse(raw, _field, env) {
    if (raw instanceof Date) return moment(raw);
    if (typeof raw === 'number') return numeric(raw, env);
    const code = rawCode(raw);
    if (code === undefined || typeof raw === 'boolean') return bad('date-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    if (serialText(code)) return numeric(Number(code), env);
    const found = readDay(code, env);
    if (!found.ok) return found;
    const clock = found.rest === '' ? { hour: 0, minute: 0, second: 0, millisecond: 0 } : readClock(found.rest);
    if (!clock) return bad('time-form', { value: excerpt(code) });
    const [year = 1, month = 1, day = 1] = found.day.split('-').map(Number);
    const wall = { year, month, day, ...clock };
    const at =
      clock.offset === undefined
        ? momentOf(wall, env.timeZone)
        : momentUtc({ ...wall, minute: wall.minute - clock.offset });
    return moment(at, ...found.warnings);
  },
  format(value, _field, _lang, env) {
    if (typeof value !== 'string') return '';
    const at = new Date(value);
    if (Number.isNaN(at.getTime())) return value;
    const w = wallAt(at, env.timeZone);
    const day = `${String(w.year).padStart(4, '0')}-${two(w.month)}-${two(w.day)}`;
    const fine =
      w.millisecond > 0
        ? `:${two(w.second)}.${String(w.millisecond).padStart(3, '0')}`
        : w.second > 0
          ? `:${two(w.second)}`
          : '';
    return `${day} ${two(w.hour)}:${two(w.minute)}${fine}`;
  },
};

/** Excel's serial with a fraction for the time of day, rounded to seconds as Excel shows them. */
function numeric(raw: number, env: ParseEnv): Parsed {
  const day = serialOrNull(raw);
  if (!day) return bad('date-form', { value: excerpt(raw) });
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  const second = Math.round(((raw % 1) * DAY) / 1000);
  const at = momentOf({ year, month, day: date, hour: 0, minute: 0, second, millisecond: 0 }, env.timeZone);
  return moment(at, warning('date-serial', { value: raw, day }));
}

function moment(at: Date, ...warnings: Parameters<typeof good>[1][]): Parsed {
  const time = at.getTime();
  if (!(time >= Date.UTC(1800, 0, 1) && time < Date.UTC(10_000, 0, 1)))
    return bad('date-range', { value: '', year: at.getUTCFullYear() || 0 });
  return good(at.toISOString(), ...warnings);
}
