import type { ComponentType } from 'react';
import type { Filter } from '../../domain/filter/types.ts';
import type { ObjectDef } from '../../domain/schema/types.ts';

/** Shows conditions on records of an object in words, and edits them; screens hand them to features that have conditions. */
export interface ConditionTools {
  Words: ComponentType<{ object: ObjectDef; filter: Filter }>;
  Editor: ComponentType<{
    object: ObjectDef;
    /** Only what the record itself says. */
    own: boolean;
    label?: string;
    filter: Filter | undefined;
    onChange(next: Filter | undefined): void;
  }>;
}
