import { isDay, localDay } from './calendar.ts';
import { bad, excerpt, good, NOTHING, rawCode, SCIENTIFIC, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

/** GB 11643-1999 公民身份号码: 6 digits of place, 8 of birth, 3 of order, check character by ISO 7064 MOD 11-2. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(
    ' ',
  ),
);
const CHECK = '10X98765432';

export function idCheck(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(first17[i]) * (2 ** (17 - i) % 11);
  return CHECK[sum % 11] ?? '';
}

export const idcard: FieldType = {
  name: 'idcard',
  label: { zh: '身份证号', en: 'ID card number' },
  kind: 'text',
  column: 'text',
  parse(raw, _field, env) {
    if (typeof raw === 'number' && raw > Number.MAX_SAFE_INTEGER) return bad('digits-lost', { value: excerpt(raw) });
    const code = rawCode(raw)?.toUpperCase();
    if (code === undefined || typeof raw === 'boolean') return bad('idcard-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    if (SCIENTIFIC.test(code)) return bad('digits-lost', { value: code });
    const digits = code.replace(/[\s-]/g, '').replace(/[×*]$/, 'X');
    const old = /^\d{15}$/.test(digits);
    const full = old ? upgraded(digits) : digits;
    if (!/^\d{17}[\dX]$/.test(full))
      return /^\d+X?$/.test(digits)
        ? bad('idcard-length', { length: digits.length, value: excerpt(digits) })
        : bad('idcard-form', { value: excerpt(code) });
    if (!PROVINCES.has(full.slice(0, 2))) return bad('idcard-place', { value: full, place: full.slice(0, 2) });
    const [year, month, day] = [Number(full.slice(6, 10)), Number(full.slice(10, 12)), Number(full.slice(12, 14))];
    const born = `${full.slice(6, 10)}-${full.slice(10, 12)}-${full.slice(12, 14)}`;
    if (!isDay(year, month, day) || year < 1850 || born > localDay(env.now, env.timeZone))
      return bad('idcard-birth', { value: full, born });
    const check = idCheck(full.slice(0, 17));
    if (full[17] !== check) return bad('idcard-check', { value: full });
    return good(full, old ? warning('idcard-upgraded', { value: full }) : null);
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};

/** First generation numbers had a two-digit year; order numbers 996–999 were kept for those born before 1900. */
function upgraded(digits: string): string {
  const century = /99[6-9]$/.test(digits) ? '18' : '19';
  const first17 = digits.slice(0, 6) + century + digits.slice(6);
  return first17 + idCheck(first17);
}
