import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { bad, excerpt, good, NOTHING, rawCode, SCIENTIFIC, warning } from './outcome.ts';
import type { FieldType, Parsed } from './types.ts';

/*
 * Canonical forms: mobile `13800138000` · landline `021-62345678` or `021-62345678-801` · 400/800 `400-810-8888` · service number `95588`
 * · outside China E.164 `+14155552671`, with extension `+14155552671-801`.
 * Chinese forms follow the numbering plan of the Ministry (电信网编号计划): area codes are 010, 02x and four digits from 03 on,
 * local numbers are 7 or 8 digits from 2 to 8. libphonenumber decides everything outside China and whether an area or prefix is in use.
 */
const LABEL =
  /^(?:手机号?码?|移动电话|联系电话|联系方式|电话号?码?|座机|固话|传真|tel|mobile|phone|cell|fax|[mt])\s*[.:：]?\s*/i;
const EXTENSION = /\s*(?:转|分机号?|ext(?:ension)?\.?|[x#*])\s*[:：]?\s*(\d{1,6})$/i;
const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^(010(?=\d{8}$)|02\d(?=\d{8}$)|0[3-9]\d\d)([2-8]\d{6,7})$/;
const LOCAL = /^[2-8]\d{6,7}$/;
const TOLL = /^([48]00)(\d{3})(\d{4})$/;
// +14155552671-801, our own canonical form
const FOREIGN_WHOLE = /^\+(?!86)\d{8,15}$/;
const SERVICE = /^(?:1[02]\d{3}|12\d{3}|11\d|123\d\d|95\d{3,6}|96\d{3,6}|1010\d{4}|10[016]\d{2,5})$/;
const JOIN = /[\s()（）.·_–—-]/g;

export const phone: FieldType = {
  name: 'phone',
  label: { zh: '电话', en: 'Phone' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    if (typeof raw === 'string' && MOBILE.test(raw)) return mobile(raw);
    const code = rawCode(raw);
    if (code === undefined || typeof raw === 'boolean') return bad('phone-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    if (SCIENTIFIC.test(code)) return bad('phone-scientific', { value: code });
    return readPhone(code.replace(/^(\d{7,})\.0+$/, '$1'));
  },
  format(value) {
    if (typeof value !== 'string') return '';
    const [number = '', extension] = value.startsWith('+') ? value.split('-') : [''];
    if (!number) return value;
    const shown = parsePhoneNumberFromString(number)?.formatInternational() ?? number;
    return extension ? `${shown} ext. ${extension}` : shown;
  },
};

function readPhone(input: string): Parsed {
  const text = input.replace(LABEL, '');
  const parts = text.split(/[/、,，;；|]|\s或\s|或/).filter((part) => part.replace(/\D/g, '').length >= 7);
  if (parts.length > 1) return bad('phone-several', { value: excerpt(text, 40), count: parts.length });
  const found = EXTENSION.exec(text);
  let extension = found?.[1];
  let body = (found ? text.slice(0, found.index) : text).replace(/[/、,，;；|]+$/, '').trim();
  if (!extension) {
    // 021-62345678-801: a last group after what is a whole number already
    const dash = /^(.*\d)\s*[-–—]\s*(\d{1,6})$/.exec(body);
    const whole = dash?.[1]?.replace(/\D/g, '').replace(/^(?:00)?86(?=0?\d{10})/, '') ?? '';
    if (
      dash?.[1] &&
      (LANDLINE.test(whole) ||
        LOCAL.test(whole) ||
        LANDLINE.test(`0${whole}`) ||
        TOLL.test(whole) ||
        FOREIGN_WHOLE.test(dash[1]))
    ) {
      body = dash[1];
      extension = dash[2];
    }
  }
  const noise = body.replace(/[\d\s()（）.·_+–—-]/g, '');
  if (noise !== '') return bad('phone-text', { value: excerpt(input), text: excerpt(noise, 12) });
  const international = /^\s*\(?(?:\+|00(?!0))/.test(body);
  const digits = body
    .replace(JOIN, '')
    .replaceAll('+', '')
    .replace(international ? /^00/ : /^$/, '');
  if (international && !digits.startsWith('86')) return foreign(digits, extension, input);
  const national =
    (international || /^86(?:1[3-9]\d{9}|0?10\d{8}|0?[2-9]\d{9,10})$/.test(digits)) && digits.startsWith('86');
  return chinese(national ? digits.slice(2).replace(/^\(?0\)?(?=1[3-9])/, '') : digits, extension, national, input);
}

function chinese(digits: string, extension: string | undefined, international: boolean, input: string): Parsed {
  // 013800138000: the 0 once dialled before mobiles of other cities
  const own = /^0(1[3-9]\d{9})$/.exec(digits)?.[1] ?? digits;
  if (MOBILE.test(own)) return extension ? bad('phone-mobile-extension', { value: excerpt(input) }) : mobile(own);
  const toll = TOLL.exec(digits);
  if (toll) return good(withExtension(`${toll[1]}-${toll[2]}-${toll[3]}`, extension));
  const fixed = LANDLINE.exec(digits);
  if (fixed) return landline(fixed, extension, false);
  // Excel drops the first 0 of a number; +86 is written without it. 10 and 11 digits from 3 on are no mobile either.
  const lost = LANDLINE.exec(`0${digits}`);
  if (lost && (international || inUse(`0${digits}`))) return landline(lost, extension, !international);
  if (SERVICE.test(digits) && !extension) return good(digits);
  if (/^1[3-9]/.test(digits) && digits.length >= 8)
    return bad('phone-length', { length: digits.length, value: excerpt(digits) });
  // Worth keeping, though nobody outside the city can dial it.
  if (LOCAL.test(digits)) return good(withExtension(digits, extension), warning('phone-area', { value: digits }));
  if (/^0[1-9]/.test(digits)) return bad('phone-landline', { value: excerpt(input) });
  return bad('phone-form', { value: excerpt(input) });
}

// Prefixes in use or assigned; others pass with a warning, since the Ministry opens new ones.
const PREFIX_IN_USE = /^1(?:3\d|4[014-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])/;

function mobile(digits: string): Parsed {
  return good(
    digits,
    PREFIX_IN_USE.test(digits) ? null : warning('phone-prefix', { value: digits, prefix: digits.slice(0, 3) }),
  );
}

function landline(match: RegExpExecArray, extension: string | undefined, repaired: boolean): Parsed {
  const [, area = '', local = ''] = match;
  const value = withExtension(`${area}-${local}`, extension);
  return good(
    value,
    repaired ? warning('phone-zero', { value }) : null,
    repaired || inUse(`${area}${local}`) ? null : warning('phone-area-unused', { value, area }),
  );
}

const known = new Map<string, boolean>();

/** libphonenumber's plan of China tells areas apart by their code and the first digits behind it; so much is remembered. */
function inUse(number: string): boolean {
  const key = `${number.slice(0, 6)}/${number.length}`;
  let used = known.get(key);
  if (used === undefined) {
    used = parsePhoneNumberFromString(number, 'CN')?.isValid() ?? false;
    known.set(key, used);
  }
  return used;
}

function foreign(digits: string, extension: string | undefined, input: string): Parsed {
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  if (!parsed?.isValid()) return bad('phone-international', { value: excerpt(input) });
  return good(withExtension(parsed.number, extension));
}

function withExtension(number: string, extension: string | undefined): string {
  return extension ? `${number}-${extension}` : number;
}
