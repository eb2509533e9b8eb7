import type { Filter } from '../filter/types.ts';
import type { FieldValue } from '../schema/types.ts';

/** Things that are told beside the values of a record. */
export const EVENTS = ['evidence', 'answered', 'duplicate'] as const;
export type EventName = (typeof EVENTS)[number];

/**
 * What wakes a rule. `object` is always the object of the record that the rule is about, but for `count`, where that is the record the relation
 * `of` points at.
 */
export type When =
  | { on: 'created'; object: string; imports?: boolean }
  | {
      on: 'changed';
      object: string;
      /** Empty: any field. */
      fields: string[];
      /** The record before must match: “from …”. Own fields only. */
      before?: Filter;
      /** Only when the condition holds now and did not before. */
      becomes?: boolean;
      /** New records too. */
      created?: boolean;
      /** Imports wake it too. */
      imports?: boolean;
    }
  | { on: 'deleted'; object: string }
  | {
      on: 'event';
      object: string;
      event: EventName;
      /** Kinds of evidence; empty: all. */
      kinds?: string[];
    }
  | {
      /** So many records of `object` that point at one record within `days`; again when as many days have passed. */
      on: 'count';
      object: string;
      of: string;
      /** Which of them count. Own fields only. */
      filter?: Filter;
      atLeast: number;
      days: number;
      /** Field that says when one happened; absent: when it was entered. */
      at?: string;
    }
  | {
      /** No record of `by` points at the record since `days`; counted from the last one, or from when the record was entered. */
      on: 'silence';
      object: string;
      by: string;
      of: string;
      filter?: Filter;
      days: number;
      at?: string;
      hour: number;
    }
  | {
      /** `days` after the date in `field` (before it when negative), at this hour. */
      on: 'date';
      object: string;
      field: string;
      days: number;
      hour: number;
      /** The day of each year: birthdays. */
      yearly?: boolean;
    }
  | {
      /** The field has had its value for `days`. */
      on: 'still';
      object: string;
      field: string;
      days: number;
      hour: number;
    }
  | { on: 'every'; object: string; every: 'day' | 'week'; weekday?: number; hour: number };

type WhenName = When['on'];

/** Who is meant. */
export type Whom =
  | { who: 'owner' }
  /** The owner's manager; administrators where there is none. */
  | { who: 'manager' }
  | { who: 'person'; account: string }
  | { who: 'role'; role: string };

/** Texts may hold `{field}`, `{relation.field}`, `{before.field}`; never code. */
export type Then =
  | {
      do: 'task';
      title: string;
      to: Whom;
      /** Days until it is due; at the end of that workday. */
      dueDays?: number;
      priority?: 'high' | 'middle' | 'low';
      kind?: string;
      remark?: string;
    }
  | { do: 'notify'; to: Whom; text: string }
  | {
      do: 'set';
      field: string;
      value: FieldValue;
      /** Relation: the record it points at is meant instead. */
      on?: string;
      /** Only where nothing stands yet. */
      onlyEmpty?: boolean;
    }
  | { do: 'tag'; field: string; add: string[]; remove: string[]; on?: string }
  | { do: 'propose'; field: string; value: FieldValue; on?: string }
  | { do: 'assign'; to: { who: 'person'; account: string } | { who: 'team'; team: string; by: 'even' | 'load' } }
  | {
      do: 'webhook';
      /** Absent: all that are on. */
      channel?: string;
    }
  | {
      do: 'mail';
      /** Field with the address. */
      field: string;
      subject: string;
      text: string;
      /** What the person must not have said no to. */
      purpose: string;
    };

export interface Rule {
  /** UUID. */
  id: string;
  name: string;
  off?: boolean;
  when: When;
  /** The record must match. */
  if?: Filter;
  steps: Then[];
  /** Account whose permissions it has at most: who saved it last. */
  author: string;
  /** The preset it was made from. */
  preset?: string;
}

/** The object of the record that the rule is about and acts on. `target` finds where a relation points. */
export function subjectOf(when: When, target: (object: string, relation: string) => string | undefined): string | null {
  return when.on === 'count' ? (target(when.object, when.of) ?? null) : when.object;
}

/** Rules that the clock wakes, not a change. */
const TIMED: readonly WhenName[] = ['date', 'every', 'silence', 'still'];
export const isTimed = (when: When): boolean => TIMED.includes(when.on);
