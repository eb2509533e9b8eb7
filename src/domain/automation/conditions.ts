import { fieldsIn } from '../filter/fields-in.ts';
import { isSystemName } from '../filter/subject.ts';
import type { Filter } from '../filter/types.ts';
import type { FieldValue } from '../schema/types.ts';
import type { Rule } from './types.ts';

export type Values = Record<string, FieldValue>;
/** Judges a record's values. */
export type Judge = (values: Values) => boolean;

/** Whether a condition needs nothing but the record's own values: then it is judged as they were at the change, in memory. */
export const isOwn = (filter: Filter): boolean =>
  fieldsIn(filter).every((name) => !name.includes('.') && !isSystemName(name)) && !asksFreshness(filter);

function asksFreshness(filter: Filter): boolean {
  if ('all' in filter) return filter.all.some(asksFreshness);
  if ('any' in filter) return filter.any.some(asksFreshness);
  if ('not' in filter) return asksFreshness(filter.not);
  return filter.op === 'stale' || filter.op === 'confidenceBelow';
}

/** A rule ready to judge changes: its own-field conditions made into functions. `now`: the condition is judged by the database, as things are now. */
export interface Prepared {
  rule: Rule;
  now: Filter | null;
  holds(before: Values | null, after: Values): boolean;
}

/** @param judge makes a function of a condition; throws where it can't be read, and such a rule holds for nothing */
export function prepareRule(rule: Rule, judge: (filter: Filter, object: string) => Judge): Prepared {
  const { when, if: condition } = rule;
  // What it counts says whether a record counts; the condition is about the one it points at.
  const asked = when.on === 'count' ? when.filter : condition;
  const own = asked && (when.on === 'count' || isOwn(asked)) ? asked : undefined;
  const after = own ? judge(own, when.object) : () => true;
  const before = when.on === 'changed' && when.before ? judge(when.before, when.object) : null;
  const becomes = when.on === 'changed' && when.becomes === true;
  return {
    rule,
    now: condition !== undefined && (when.on === 'count' || own === undefined) ? condition : null,
    holds(was, is) {
      if (!after(is)) return false;
      // A new record was nothing before: it became what it is, from nothing.
      if (was === null) return before === null;
      if (before && !before(was)) return false;
      return !(becomes && after(was));
    },
  };
}
