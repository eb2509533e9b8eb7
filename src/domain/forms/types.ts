import type { Label } from '../issue.ts';
import type { FieldValue } from '../schema/types.ts';

/** A test of what was answered to an earlier question. `values`: of one-of and none-of. */
export interface FormCondition {
  question: string;
  is: 'one-of' | 'none-of' | 'filled' | 'empty';
  values?: string[] | undefined;
}

export interface FormQuestion {
  /** Stable in the form; also the name of its box on the page. */
  id: string;
  object: string;
  field: string;
  /** Absent: as the field is called. */
  label?: Label | undefined;
  help?: Label | undefined;
  required?: boolean | undefined;
  /** Absent: always shown. */
  when?: { match: 'all' | 'any'; of: FormCondition[] } | undefined;
}

/** What an outsider is asked, and what becomes of it. */
export interface FormDesign {
  /** For the people inside; the source of what comes in through it. */
  name: string;
  title: Label;
  intro: Label;
  thanks: Label;
  /** What a submission becomes. */
  object: string;
  /** A second record that belongs to the first: the contact of a customer. */
  also?: string | undefined;
  questions: FormQuestion[];
  /** Written into every new record without being asked: where it came from. */
  fixed: { field: string; value: FieldValue }[];
  /** What one agrees to, in the words of the purpose. */
  consent?: { purpose: string } | undefined;
  /** create: a new record at once. review: somebody looks at each first. What looks like a record that is there is never created again. */
  outcome: 'create' | 'review';
  /** Last moment, ISO 8601. */
  closesAt?: string | undefined;
  /** Submissions at most. */
  most?: number | undefined;
  /** Accounts that are told of each. */
  tell: string[];
  /** Who looks after new records; absent: the rules for records without an owner. */
  owner?: string | undefined;
  /** Origins whose pages may show the form in a frame. */
  sites: string[];
  /** Submissions at most: of one address in ten minutes, of all in a minute. */
  perAddress: number;
  perMinute: number;
}

/** What was typed or chosen, by question. */
export type FormAnswers = Readonly<Record<string, readonly string[]>>;
