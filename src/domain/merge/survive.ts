import type { FieldDef, FieldValue } from '../schema/types.ts';
import { entriesOf, isList, listOf, same } from './list-value.ts';
import { ALL, type Clock, type Member, type Survivor } from './types.ts';

/** Which record of a group the others should go into: the one most others point to, then the fullest, then the oldest. */
export function proposeWinner(members: readonly Member[]): string {
  const filled = (member: Member) => Object.values(member.values).filter((value) => value !== null).length;
  const [best] = [...members].sort(
    (a, b) => b.references - a.references || filled(b) - filled(a) || (a.createdAt < b.createdAt ? -1 : 1),
  );
  return best?.id ?? '';
}

/**
 * The value of each field after a merge, by the rule the field declares (`survive`), lists as a union; without a rule the winner's own, blanks
 * filled. `choices` (field → id of a member, or `all` for lists) go before the rules; a choice that would empty a required field does not count.
 * @param fields living fields of the object
 */
export function survivorship(
  fields: readonly FieldDef[],
  members: readonly Member[],
  winner: string,
  choices: Readonly<Record<string, string>> = {},
): Survivor[] {
  const ids = new Set(members.map((member) => member.id));
  // The winner first: it wins where a rule can't tell.
  const ordered = [...members].sort((a, b) => Number(b.id === winner) - Number(a.id === winner));
  return fields.map((field) => survive(field, ordered, choices[field.name], ids));
}

function survive(field: FieldDef, members: Member[], choice: string | undefined, ids: Set<string>): Survivor {
  const { name } = field;
  // A record that points to one it becomes would point to itself.
  const seen = (member: Member): FieldValue => {
    const value = member.values[name] ?? null;
    return field.type === 'relation' && typeof value === 'string' && ids.has(value) ? null : value;
  };
  const [first] = members;
  if (!first) throw new Error('a merge has members');
  const differs = members.some((member) => !same(seen(member), seen(first)));
  const of = (member: Member, reason: Survivor['reason']): Survivor => {
    const value = seen(member);
    const holders = members.filter((other) => same(seen(other), value));
    return { field: name, from: member.id, value, reason, differs, cellFrom: freshest(holders, name, member).id };
  };
  const chosen = members.find((member) => member.id === choice);
  if (chosen && differs && !(field.required && seen(chosen) === null)) return of(chosen, 'chosen');
  if (!differs) return of(first, 'same');
  const held = members.filter((member) => seen(member) !== null);
  const [only] = held;
  if (held.length === 1 && only) return of(only, 'only');
  if (isList(field)) {
    const entries = new Map(held.flatMap((member) => [...entriesOf(seen(member))]));
    const cellFrom = freshest(held, name, held[0] ?? first).id;
    const reason = choice === ALL ? 'chosen' : 'union';
    return { field: name, from: ALL, value: listOf(field, entries), reason, differs, cellFrom };
  }
  const kept = seen(first) === null ? undefined : first;
  if (field.readonly || !field.survive)
    return kept
      ? of(kept, 'kept')
      : of(
          best(held, (member) => clock(member, name).changedAt),
          'newest',
        );
  return byRule(field, field.survive, held, seen, of, kept);
}

function byRule(
  { name }: FieldDef,
  rule: NonNullable<FieldDef['survive']>,
  held: Member[],
  seen: (member: Member) => FieldValue,
  of: (member: Member, reason: Survivor['reason']) => Survivor,
  kept: Member | undefined,
): Survivor {
  const measures: Record<typeof rule, (member: Member) => number> = {
    newest: (member) => clock(member, name).changedAt,
    // What reads as the same percentage is no reason.
    trusted: (member) => Math.round((clock(member, name).confidence ?? 0) * 100),
    complete: (member) => weightOf(seen(member)),
    verified: (member) => clock(member, name).verifiedAt ?? 0,
  };
  // Nothing to choose by (nobody ever verified, equally long): the next rule decides, at last the newest.
  for (const next of [rule, 'trusted', 'newest'] as const) {
    const measure = measures[next];
    const found = best(held, measure);
    if (held.some((member) => measure(member) !== measure(found))) return of(found, next);
  }
  return kept
    ? of(kept, 'kept')
    : of(
        best(held, () => 0),
        'newest',
      );
}

/** The largest; among equals the first. */
function best(members: Member[], measure: (member: Member) => number): Member {
  const [first, ...rest] = members;
  if (!first) throw new Error('a merge has members');
  return rest.reduce((found, member) => (measure(member) > measure(found) ? member : found), first);
}

const UNKNOWN: Clock = { changedAt: 0, verifiedAt: null, confidence: null };

function clock(member: Member, field: string): Clock {
  return member.clocks[field] ?? UNKNOWN;
}

/** Of those who say the same, the one whose word is believed most. */
function freshest(holders: Member[], field: string, fallback: Member): Member {
  return best([fallback, ...holders], (member) => clock(member, field).confidence ?? 0);
}

/** How much a value says: its length without blanks, for objects the number of their filled parts. */
function weightOf(value: FieldValue): number {
  if (value === null) return 0;
  if (typeof value === 'object')
    return Object.values(value).reduce((sum: number, part) => sum + weightOf((part ?? null) as FieldValue), 0);
  return [...String(value).replace(/\s/g, '')].length;
}
