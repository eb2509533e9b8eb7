import { readAmount } from './amount.ts';
import { grouped, magnitude, round } from './decimal.ts';
import { bad, excerpt, good, NOTHING, rawCode, SCIENTIFIC, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

const SIGN: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', HKD: 'HK$' };

/** A decimal string without trailing zeros, `125000` or `0.5`, in the field's currency (CNY unless declared). */
export const money: FieldType = {
  name: 'money',
  label: { zh: '金额', en: 'Money' },
  kind: 'number',
  column: 'numeric',
  parse(raw, field) {
    const code = rawCode(raw);
    if (code === undefined || typeof raw === 'boolean') return bad('number-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    const amount = readAmount(code);
    if (!amount.ok) return bad(amount.code, { value: excerpt(code) });
    if (amount.percent) return bad('number-form', { value: excerpt(code) });
    const currency = field.currency ?? 'CNY';
    if (amount.currency && amount.currency !== currency)
      return bad('money-currency', { value: excerpt(code), currency });
    if (magnitude(amount.value) > 15) return bad('number-large', { value: excerpt(code) });
    const scale = field.scale ?? 2;
    const rounded = round(amount.value, scale);
    return good(
      rounded,
      rounded === amount.value ? null : warning('number-rounded', { value: rounded, scale }),
      typeof raw === 'string' && SCIENTIFIC.test(code)
        ? warning('number-scientific', { value: code, read: rounded })
        : null,
    );
  },
  format(value, field) {
    if (typeof value !== 'string') return '';
    const sign = SIGN[field.currency ?? 'CNY'] ?? `${field.currency} `;
    const least = value.includes('.') ? (field.scale ?? 2) : 0;
    return value.startsWith('-') ? `-${sign}${grouped(value.slice(1), least)}` : `${sign}${grouped(value, least)}`;
  },
};
