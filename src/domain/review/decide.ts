import type { DecideRule, Origin } from './types.ts';

/** One field of a proposal, as a rule looks at it. */
export interface Candidate {
  origins: readonly Origin[];
  object: string;
  field: string;
  /** Probability that the new value is right, 0..1. */
  confidence: number;
  /** The field was empty, or its value past due, when the proposal came. */
  empty: boolean;
  stale: boolean;
  /** What was probably meant is known. */
  meant: boolean;
}

/** The rule that counts for a field: the first that fits. `meets` says whether the record matches the condition of a rule. */
export function ruleFor(
  rules: readonly DecideRule[],
  candidate: Candidate,
  meets: (rule: DecideRule) => boolean,
): DecideRule | null {
  return rules.find((rule) => fits(rule, candidate) && (rule.filter === undefined || meets(rule))) ?? null;
}

function fits(rule: DecideRule, one: Candidate): boolean {
  if (rule.off) return false;
  if (rule.from.length > 0 && !rule.from.some((origin) => one.origins.includes(origin))) return false;
  if (rule.object !== undefined && rule.object !== one.object) return false;
  if (rule.fields.length > 0 && !rule.fields.includes(one.field)) return false;
  if (rule.confidence !== undefined && one.confidence < rule.confidence) return false;
  if (rule.only === 'empty' && !one.empty) return false;
  if (rule.only === 'stale' && !one.stale) return false;
  return rule.action !== 'meant' || one.meant;
}

/** What people decided about a field, if anybody has. */
export type Verdict = 'accepted' | 'rejected' | null;

/** What a rule would have done to past proposals, and what people did. Counts of fields. */
export interface Trial {
  accept: number;
  reject: number;
  /** Of those it would have accepted: rejected by people; of those it would have rejected: accepted by people. */
  acceptedAgainst: number;
  rejectedAgainst: number;
  /** Left to people. */
  hold: number;
  /** Nobody has decided yet on so many of those it would have decided. */
  undecided: number;
}

export const NO_TRIAL: Trial = { accept: 0, reject: 0, acceptedAgainst: 0, rejectedAgainst: 0, hold: 0, undecided: 0 };

/** Adds one field to a trial; null: no rule fits, people decide. */
export function tried(trial: Trial, then: DecideRule['action'] | null, verdict: Verdict): Trial {
  if (then === null || then === 'hold') return { ...trial, hold: trial.hold + 1 };
  const accepts = then !== 'reject';
  return {
    ...trial,
    accept: trial.accept + (accepts ? 1 : 0),
    reject: trial.reject + (accepts ? 0 : 1),
    acceptedAgainst: trial.acceptedAgainst + (accepts && verdict === 'rejected' ? 1 : 0),
    rejectedAgainst: trial.rejectedAgainst + (!accepts && verdict === 'accepted' ? 1 : 0),
    undecided: trial.undecided + (verdict === null ? 1 : 0),
  };
}
