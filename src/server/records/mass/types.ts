import type { MassAction } from '../../../contract/mass.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Draft } from '../write/types.ts';

/** What is done to each record of a run, after reading: validated once, allowed to this actor. */
export type MassPlan =
  | (Planned & {
      kind: 'value';
      action: Extract<MassAction, { kind: 'set' | 'append' | 'remove' }>;
      field: FieldDef;
      value: FieldValue;
    })
  | (Planned & { kind: 'verify'; action: Extract<MassAction, { kind: 'verify' }>; fields: FieldDef[] })
  | (Planned & { kind: 'life'; action: Extract<MassAction, { kind: 'delete' | 'restore' }> })
  | (Planned & { kind: 'respell'; action: Extract<MassAction, { kind: 'standardise' }>; fields: FieldDef[] })
  | (Planned & { kind: 'replace'; action: Extract<MassAction, { kind: 'replace' }>; field: FieldDef });

/** Plans that say in SQL what becomes of a record; the others read each. */
export type SetPlan = Extract<MassPlan, { kind: 'value' | 'verify' | 'life' }>;

export function isSetPlan(plan: MassPlan): plan is SetPlan {
  return plan.kind === 'value' || plan.kind === 'verify' || plan.kind === 'life';
}

interface Planned {
  object: ObjectDef;
  /**
   * `set`: one statement per portion does it. `stream`: each record goes through the write door, because what becomes of it takes more than SQL knows
   * (search entries, a parent's owner, the field's own parser).
   */
  path: 'set' | 'stream';
  /** Rules of the workspace may hold values of this author: each goes by them. Otherwise whoever starts it has seen the preview. */
  held: boolean;
  /** Due dates follow from what is changed: they are planned anew behind each portion. */
  replans: boolean;
  /** As the door's own steps want it: relations that are pointed at. */
  draft: Draft;
}

/** Records of one portion, with the versions at which they were found. */
export interface Portion {
  records: string[];
  versions: number[];
}

/** What became of records, or would: `refused` by code of issue. */
export interface MassCounts {
  change: number;
  same: number;
  refused: Record<string, number>;
  /** standardise: `field rule` → values. */
  rules?: Record<string, number>;
}

export const NONE: MassCounts = { change: 0, same: 0, refused: {} };

export function addCounts(a: MassCounts, b: MassCounts): MassCounts {
  const rules = sum(a.rules ?? {}, b.rules ?? {});
  return {
    change: a.change + b.change,
    same: a.same + b.same,
    refused: sum(a.refused, b.refused),
    ...(Object.keys(rules).length > 0 && { rules }),
  };
}

function sum(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const total = { ...a };
  for (const [key, n] of Object.entries(b)) total[key] = (total[key] ?? 0) + n;
  return total;
}

/** One record as the preview shows it. */
export interface MassSample {
  id: string;
  title: string;
  changes: { field: string; before: FieldValue; after: FieldValue }[];
}
