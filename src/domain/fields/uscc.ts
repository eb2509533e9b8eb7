import { bad, excerpt, good, NOTHING, rawCode, SCIENTIFIC, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

/** GB 32100-2015 法人和其他组织统一社会信用代码: 31 characters (no I, O, S, V, Z), weights 3^i mod 31. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LOOK_ALIKE: Record<string, string> = { I: '1', O: '0', S: '5', V: 'U', Z: '2' };

/** A remainder of 0 gives 31 − 0 = 31, which stands for character 0: 1 code in 31 (stdnum refuses these). */
export function usccCheck(first17: string): string {
  let sum = 0;
  let weight = 1;
  for (const c of first17) {
    sum += ALPHABET.indexOf(c) * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] ?? '';
}

function valid(code: string): boolean {
  return FORM.test(code) && code[17] === usccCheck(code.slice(0, 17));
}
const FORM = /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/;

export const uscc: FieldType = {
  name: 'uscc',
  label: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    if (typeof raw === 'number' && raw > Number.MAX_SAFE_INTEGER) return bad('digits-lost', { value: excerpt(raw) });
    const input = rawCode(raw)?.toUpperCase();
    if (input === undefined || typeof raw === 'boolean') return bad('uscc-form', { value: excerpt(raw) });
    if (input === '') return NOTHING;
    if (SCIENTIFIC.test(input)) return bad('digits-lost', { value: input });
    const code = input.replace(/[\s-]/g, '');
    if (valid(code)) return good(code);
    if (/^\d{15}$/.test(code) || /^\d{13}$/.test(code)) return bad('uscc-old', { value: code });
    if (/^[0-9A-Z]{8}-?[0-9X]$/.test(code)) return bad('uscc-organisation', { value: code });
    if (code.length !== 18) return bad('uscc-length', { length: code.length, value: excerpt(code) });
    const repaired = code.replace(/[IOSVZ]/g, (c) => LOOK_ALIKE[c] ?? c);
    if (repaired !== code && valid(repaired)) return good(repaired, warning('uscc-repaired', { value: repaired }));
    const wrong = /[^0-9A-HJ-NP-RTUWXY]/.exec(code);
    if (wrong) return bad('uscc-character', { value: excerpt(code), character: wrong[0] });
    return bad(FORM.test(code) ? 'uscc-check' : 'uscc-form', { value: code });
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
