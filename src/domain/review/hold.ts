import type { FieldValue } from '../schema/types.ts';
import { isEmpty } from './three-way.ts';
import type { HeldSource, HoldRule, Origin, RuleHold } from './types.ts';

/** Who changes something, through what. */
export interface Author {
  origin: Origin;
  admin: boolean;
}

/** A new value of one field, as a rule looks at it. */
export interface Held {
  object: string;
  field: string;
  before: FieldValue;
  after: FieldValue;
  /** What the author's word is worth, 0..1. */
  trust: number;
}

/** The rules that can hold anything of this author; none for most, so that writing costs nothing more. */
export function rulesFor(rules: readonly HoldRule[], { origin, admin }: Author): HoldRule[] {
  return rules.filter(
    (rule) =>
      !rule.off &&
      isHeldSource(origin) &&
      (rule.from.length === 0 || rule.from.includes(origin)) &&
      (rule.by === undefined || (rule.by === 'admin') === admin),
  );
}

const isHeldSource = (origin: Origin): origin is HeldSource =>
  origin === 'import' || origin === 'outside' || origin === 'form' || origin === 'colleague';

/** The first rule that holds the value back, with why; null when it may be written. `meets`: the record matches the rule's condition. */
export function holdBy(rules: readonly HoldRule[], one: Held, meets: (rule: HoldRule) => boolean): RuleHold | null {
  for (const rule of rules) {
    if (rule.object !== one.object) continue;
    if (rule.fields.length > 0 && !rule.fields.includes(one.field)) continue;
    if (rule.overwrites && isEmpty(one.before)) continue;
    const times = timesOf(one.before, one.after);
    if (rule.times !== undefined && !isBeyond(times, rule.times)) continue;
    if (rule.trustBelow !== undefined && one.trust >= rule.trustBelow) continue;
    if (rule.filter !== undefined && !meets(rule)) continue;
    return {
      code: 'rule',
      rule: rule.id,
      name: rule.name,
      ...(rule.times !== undefined && times !== null && { times }),
      ...(rule.trustBelow !== undefined && { trust: one.trust }),
    };
  }
  return null;
}

/** The new number over the one before; null where there is no such thing. */
export function timesOf(before: FieldValue, after: FieldValue): number | null {
  if (isEmpty(before) || isEmpty(after)) return null;
  const [from, to] = [Number(before), Number(after)];
  return from > 0 && to > 0 ? to / from : null;
}

const isBeyond = (times: number | null, limit: number): boolean =>
  times !== null && (times > limit || times < 1 / limit);
