import type { Filter } from '../filter/types.ts';

/**
 * Where a change that waits for a person is from, in the words of the inbox. One change may be of several: typed by a colleague and odd.
 * customer: his own answer · odd: an amount out of pattern · rule: held by a rule of the workspace · import · outside: another system ·
 * form · colleague: typed here.
 */
export const ORIGINS = ['customer', 'odd', 'rule', 'import', 'outside', 'form', 'colleague'] as const;
export type Origin = (typeof ORIGINS)[number];

/** Decides proposals without a person. The first rule of the list that fits a field counts; `hold` leaves it to people. */
export interface DecideRule {
  /** UUID; stays the same over versions, so that a decision can name it. */
  id: string;
  name: string;
  off?: boolean | undefined;
  /** Empty: from anywhere. */
  from: Origin[];
  /** Absent: any object; then neither fields nor a condition can be named. */
  object?: string | undefined;
  /** Empty: any field. */
  fields: string[];
  /** Least probability that the new value is right, 0..1. */
  confidence?: number | undefined;
  /** The record must match it. */
  filter?: Filter | undefined;
  /** Only where the field is empty, or its value past due. */
  only?: 'empty' | 'stale' | undefined;
  /** meant: write what was probably meant, where that is known. */
  action: 'accept' | 'meant' | 'reject' | 'hold';
}

/** Holds changes before they are written: they become proposals. All conditions must hold. */
export interface HoldRule {
  id: string;
  name: string;
  off?: boolean | undefined;
  object: string;
  /** Empty: any field. */
  fields: string[];
  /** Empty: from anywhere but the customer's own answers, which have a setting of their own. */
  from: HeldSource[];
  /** Who changes it; absent: anybody. */
  by?: 'member' | 'admin' | undefined;
  /** A number that is more than so many times the one before, or less than one such part of it. */
  times?: number | undefined;
  /** Whose word is worth less than this, 0..1. */
  trustBelow?: number | undefined;
  /** Only where a value is overwritten or cleared; filling in is free. */
  overwrites?: boolean | undefined;
  /** The record, as it is before the change, must match it: fields of its own only. */
  filter?: Filter | undefined;
}

export const HELD_SOURCES = ['import', 'outside', 'form', 'colleague'] as const satisfies Origin[];
export type HeldSource = (typeof HELD_SOURCES)[number];

export interface ReviewRules {
  decide: DecideRule[];
  hold: HoldRule[];
}

export const NO_RULES: ReviewRules = { decide: [], hold: [] };

/** Why a rule of the workspace held a value. */
export interface RuleHold {
  code: 'rule';
  rule: string;
  /** As it was called then. */
  name: string;
  /** The new number over the one before. */
  times?: number;
  /** What the author's word is worth, where that is why. */
  trust?: number;
}
