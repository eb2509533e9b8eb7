import { plain } from './text.ts';

/** A telephone number for comparing: digits only, extension and country code off. */
export interface Phone {
  /** Area code and local number; the whole number for mobiles. */
  national: string;
  /** Area code without the leading 0; '' for mobiles and when not given. */
  area: string;
  local: string;
}

/** Two-digit area codes of China (010, 020–029); all others have three digits. */
function areaLength(national: string): number {
  return /^(?:10|2\d)/.test(national) ? 2 : 3;
}

/**
 * Reads a number as people type it: +86, 0086, brackets, spaces, extension, full width, a number that Excel made a decimal.
 * National numbers outside China are kept as their digits. Null when there are fewer than 5 digits.
 */
export function parsePhone(raw: string): Phone | null {
  let text = plain(raw).replace(/^'+/, '').replace(/\.0$/, '').trim();
  let tries = 0;
  while (tries++ < 2) {
    const shorter = text.replace(/\s*(?:转|分机号?|ext\.?|x|#|,|;)\s*:?\s*\d{1,6}$/, '');
    if (shorter.replace(/\D/g, '').length >= 6) text = shorter;
  }
  // 0571-87654321-802: a third group after area code and number is an extension.
  const grouped = /^(\(?0\d{2,3}\)?[-\s]?\d{7,8})[-\s]\d{1,5}$/.exec(text);
  if (grouped !== null) text = grouped[1] ?? text;
  let digits = text.replace(/\D/g, '');
  const plus = text.trimStart().startsWith('+');
  digits = digits.replace(/^00(?=[1-9]\d{9})/, '');
  const china = plus && digits.startsWith('86');
  if (/^86(?:1[3-9]\d{9}|0?\d{2,3}\d{7,8})$/.test(digits) && (plus || digits.length >= 12)) digits = digits.slice(2);
  else if (/^1[2-9]\d{9}$/.test(digits) && plus) digits = digits.slice(1); // +1 North America
  if (/^01[3-9]\d{9}$/.test(digits)) digits = digits.slice(1);
  if (digits.length > 15) digits = /^1[3-9]/.test(digits) ? digits.slice(0, 11) : digits.slice(0, 15);
  if (digits.length < 5) return null;
  if (/^1[3-9]\d{9}$/.test(digits)) return { national: digits, area: '', local: digits };
  const chinese = /^0?(?:10|2\d|[3-9]\d{2})\d{7,8}$/.test(digits) && (digits.startsWith('0') || china);
  if (chinese) {
    const rest = digits.replace(/^0/, '');
    const n = areaLength(rest);
    return { national: `0${rest}`, area: rest.slice(0, n), local: rest.slice(n) };
  }
  const trunk = digits.replace(/^0+(?=\d{6})/, '');
  const local = trunk.length > 8 ? trunk.slice(-7) : trunk;
  return { national: trunk, area: trunk.slice(0, trunk.length - local.length), local };
}
