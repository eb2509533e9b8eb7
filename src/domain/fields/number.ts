import type { FieldDef } from '../schema/types.ts';
import { readAmount } from './amount.ts';
import { decimal, grouped, magnitude, round } from './decimal.ts';
import { bad, excerpt, good, NOTHING, rawCode, warning } from './outcome.ts';
import type { FieldType, Parsed } from './types.ts';

// Beyond this a fraction is noise of binary arithmetic.
const FINEST = 12;

/** Shared by number and percent: an exact reading as a JavaScript number. */
export function readNumber(raw: unknown, field: FieldDef, percentSign: 'allowed' | 'refused'): Parsed {
  const code = rawCode(raw);
  if (code === undefined || typeof raw === 'boolean') return bad('number-form', { value: excerpt(raw) });
  if (code === '') return NOTHING;
  const amount = readAmount(code);
  if (!amount.ok) return bad(amount.code, { value: excerpt(code) });
  if (amount.currency || (amount.percent && percentSign === 'refused'))
    return bad('number-form', { value: excerpt(code) });
  // Beyond 15 digits a double can't tell neighbours apart.
  if (magnitude(amount.value) > 15) return bad('number-large', { value: excerpt(code) });
  const rounded = round(amount.value, field.scale ?? FINEST);
  const changed = rounded !== amount.value && field.scale !== undefined;
  return good(
    Number(rounded),
    changed ? warning('number-rounded', { value: rounded, scale: field.scale ?? FINEST }) : null,
  );
}

/** Up to 15 digits, as Excel keeps. */
export const number: FieldType = {
  name: 'number',
  label: { zh: '数字', en: 'Number' },
  kind: 'number',
  column: 'double precision',
  parse: (raw, field) => readNumber(raw, field, 'refused'),
  format: (value) => (typeof value === 'number' ? grouped(decimal(String(value)) ?? '') : ''),
};
