import type { Label } from '../issue.ts';
import type { FieldValue } from '../schema/types.ts';

export type Values = Record<string, FieldValue>;

/** What is known of one value when rules compare it with another's. Epoch seconds. */
export interface Clock {
  changedAt: number;
  /** null: nobody ever looked. */
  verifiedAt: number | null;
  /** 0..1 now; null for fields that are not tracked. */
  confidence: number | null;
}

/** A record that takes part in a merge. */
export interface Member {
  id: string;
  /** ISO 8601. */
  createdAt: string;
  values: Values;
  /** By field name; absent: nothing is known but the record's age. */
  clocks: Record<string, Clock>;
  /** How many other records point to it. */
  references: number;
}

/** `all`: the union of lists. */
export type Origin = string;
export const ALL = 'all';

/** Which value of a field survives, whose it is, and why. */
export interface Survivor {
  field: string;
  from: Origin;
  value: FieldValue;
  reason: SurvivalReason;
  /** The members don't agree: shown first. */
  differs: boolean;
  /** Member whose freshness cell goes with the value. */
  cellFrom: string;
}

export type SurvivalReason = keyof typeof SURVIVAL_REASONS;

export const SURVIVAL_REASONS = {
  same: { zh: '各条一致', en: 'All agree' },
  only: { zh: '只有这条有值', en: 'The only value there is' },
  union: { zh: '合并全部选项', en: 'All entries together' },
  newest: { zh: '最近更新', en: 'Changed last' },
  trusted: { zh: '可信度最高', en: 'Most trusted' },
  complete: { zh: '最完整', en: 'Most complete' },
  verified: { zh: '最近核实', en: 'Verified last' },
  kept: { zh: '保留主记录的值', en: "The surviving record's own" },
  chosen: { zh: '人工选择', en: 'Chosen by hand' },
} as const satisfies Record<string, Label>;
