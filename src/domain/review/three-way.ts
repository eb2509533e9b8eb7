import type { FieldValue } from '../schema/types.ts';

/** How a proposed value stands to what the record says now. */
export type Standing = 'clean' | 'changed' | 'already';

/**
 * Three-way comparison of one field.
 * @param base what stood there when it was proposed
 * @returns already: the record says so by now · changed: it says something third · clean: as it was
 */
export function standingOf(base: FieldValue, now: FieldValue, wanted: FieldValue): Standing {
  if (same(now, wanted)) return 'already';
  return same(base, now) ? 'clean' : 'changed';
}

/** Nothing, '' and an empty list are the same nothing; the order of a list and of parts does not matter. */
export function same(a: FieldValue, b: FieldValue): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (Array.isArray(a) && Array.isArray(b)) return canonical([...a].sort()) === canonical([...b].sort());
  return canonical(plain(a)) === canonical(plain(b));
}

export const isEmpty = (value: FieldValue | undefined): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** 12.50 is 12.5, whether PostgreSQL or JavaScript wrote it. */
const plain = (value: FieldValue): FieldValue =>
  typeof value === 'string' && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;

const canonical = (value: FieldValue): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
