import { bad, excerpt, good, NOTHING, rawCode, SCIENTIFIC, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

/** Luhn (ISO/IEC 7812-1 annex B). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}

/**
 * Bank cards and accounts of firms, as digits. Cards (UnionPay 62 and the card schemes, 13–19 digits) must pass Luhn; accounts of firms have no common
 * check, so there nothing can be said.
 */
export const bankaccount: FieldType = {
  name: 'bankaccount',
  label: { zh: '银行账号', en: 'Bank account' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    if (typeof raw === 'number' && raw > Number.MAX_SAFE_INTEGER) return bad('digits-lost', { value: excerpt(raw) });
    const code = rawCode(raw);
    if (code === undefined || typeof raw === 'boolean') return bad('bank-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    if (SCIENTIFIC.test(code)) return bad('digits-lost', { value: code });
    const digits = code.replace(/[\s-]/g, '');
    if (!/^\d+$/.test(digits)) return bad('bank-form', { value: excerpt(code) });
    if (digits.length < 8 || digits.length > 32)
      return bad('bank-length', { length: digits.length, value: excerpt(digits) });
    // A text of 16 and more digits that ends in zeros went through Excel as a number.
    const wrecked = digits.length > 15 && /0{3,}$/.test(digits) ? warning('digits-doubtful', { value: digits }) : null;
    if (luhn(digits)) return good(digits, wrecked);
    if (/^62\d{14,17}$/.test(digits)) return bad('bank-check', { value: digits });
    if (/^(?:4\d{15}|5[1-5]\d{14}|3[47]\d{13})$/.test(digits))
      return good(digits, warning('bank-check-doubtful', { value: digits }), wrecked);
    return good(digits, wrecked);
  },
  format: (value) => (typeof value === 'string' ? value.replace(/(\d{4})(?=\d)/g, '$1 ') : ''),
};
