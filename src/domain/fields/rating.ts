import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';

/** Whole stars, 0 to `max` (5 unless declared). */
export const rating: FieldType = {
  name: 'rating',
  label: { zh: '评分', en: 'Rating' },
  kind: 'number',
  column: 'int',
  parse(raw, field) {
    const code = rawCode(raw);
    const max = typeof field.max === 'number' ? field.max : 5;
    if (code === undefined || typeof raw === 'boolean') return bad('rating-form', { value: excerpt(raw), max });
    if (code === '') return NOTHING;
    const stars = /^(★*)☆*$/.exec(code);
    const digits = /^(\d{1,3})(?:\.0+)?\s*(?:星|分|stars?)?$/i.exec(code);
    const value = stars ? (stars[1]?.length ?? 0) : digits ? Number(digits[1]) : Number.NaN;
    if (!(value <= max)) return bad('rating-form', { value: excerpt(code), max });
    return good(value);
  },
  format: (value) => (typeof value === 'number' ? '★'.repeat(Math.max(0, Math.min(value, 20))) || '0' : ''),
};
