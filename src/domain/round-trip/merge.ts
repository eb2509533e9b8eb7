import { sameValue } from '../change/same-value.ts';
import type { FieldValue } from '../schema/types.ts';

/**
 * What became of one cell between an export and its return, by the rule of three-way merges (as diff3 has it): only who differs from the
 * common ancestor has changed anything.
 * `untouched`: the file says what was exported, whatever happened here since · `agreed`: both sides came to the same value ·
 * `change`: only the file differs · `conflict`: both differ, and from each other.
 */
export type Verdict = 'untouched' | 'agreed' | 'change' | 'conflict';

export function mergeCell(base: FieldValue, now: FieldValue, file: FieldValue): Verdict {
  if (sameValue(file, base)) return 'untouched';
  if (sameValue(file, now)) return 'agreed';
  return sameValue(now, base) ? 'change' : 'conflict';
}
