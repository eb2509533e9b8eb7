import { modeName, ruleName } from '../../../domain/access/explain.ts';
import { modeIn, type RoleObject } from '../../../domain/access/role.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { Label } from '../../../domain/issue.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';

/** Rows of a role in words: 本人负责、共享给他的. */
export function rowWords(said: RoleObject, label: (of: Label) => string, comma: string): string {
  return said.rows.map(({ rule }) => label(ruleName(rule))).join(comma);
}

export interface ModeCounts {
  edit: number;
  read: number;
  partly: number;
  hidden: number;
}

/** How many fields of the object are seen how. */
export function countModes(said: RoleObject, object: ObjectDef): ModeCounts {
  const counts: ModeCounts = { edit: 0, read: 0, partly: 0, hidden: 0 };
  for (const field of object.fields) {
    if (field.retired) continue;
    const { mode } = modeIn(said.fields, field);
    if (mode === 'masked' || mode === 'ranged') counts.partly += 1;
    else counts[mode] += 1;
  }
  return counts;
}

export const modeWord = (mode: FieldMode, label: (of: Label) => string): string => label(modeName(mode));
