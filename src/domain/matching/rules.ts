import type { MatchRule, MatchTest, ObjectDef } from '../schema/types.ts';
import { type AnyKind, kindOf } from './kinds/index.ts';
import { sharedKindOf } from './schema.ts';
import { statisticsOf } from './table.ts';
import type { KindName, Row } from './types.ts';

/** Outcomes of a comparison that count as alike; the kinds call them by these names. */
const ALIKE: Record<KindName, readonly string[]> = {
  company: ['same', 'form', 'sound', 'near', 'short'],
  person: ['same', 'sound', 'near'],
  given: ['same', 'variant', 'near'],
  family: ['same', 'variant', 'near'],
  phone: ['same', 'local', 'near'],
  email: ['same', 'near'],
  url: ['same', 'near'],
  uscc: ['same', 'near'],
  identifier: ['same', 'near'],
  date: ['same', 'typo'],
  address: ['same', 'door', 'near'],
  number: ['same', 'near'],
  postcode: ['same', 'near'],
  place: ['same', 'near'],
  category: ['same'],
  text: ['same', 'near', 'most'],
};

/** Words that no column has counted: all of them are middling rare. */
const UNCOUNTED = statisticsOf(new Map(), 1000);

interface Test {
  field: string;
  with: string;
  kind: AnyKind;
  how: MatchTest['how'];
  alike: ReadonlySet<number>;
}

interface Group {
  rule: MatchRule;
  /** Part of the keys: which rule, which of its groups. */
  tag: string;
  tests: Test[];
}

/** Rules between two objects (or within one), ready to judge pairs. */
export interface RuleSet {
  /** Both sides are of one object: a pair is looked at both ways round. */
  within: boolean;
  groups: Group[];
}

export interface Verdict {
  rule: MatchRule;
  /** Fields of the near side that agreed. */
  fields: string[];
}

/** A rule that can't be followed. `group` and `test` count from 0. */
export interface WrongRule {
  rule: string;
  why: 'empty' | 'field' | 'kinds' | 'like';
  group?: number;
  test?: number;
}

/** The rules of `own` about records of `other`; those that are off, or name fields that are gone, are left out. */
export function ruleSetOf(own: ObjectDef, other: ObjectDef): RuleSet {
  const groups = (own.matchRules ?? []).flatMap((rule): Group[] => {
    if (rule.off || (rule.other ?? own.name) !== other.name) return [];
    return rule.any.flatMap((tests, n) => {
      const made = tests.map((test) => testOf(test, own, other));
      if (made.length === 0 || made.some((test) => test === null)) return [];
      return [{ rule, tag: `${rule.id}.${n}`, tests: made.filter((test) => test !== null) }];
    });
  });
  return { within: own === other, groups };
}

function testOf(test: MatchTest, own: ObjectDef, other: ObjectDef): Test | null {
  const kind = sharedKind(test, own, other);
  if (kind === null) return null;
  const { levels } = kindOf(kind);
  const alike = new Set(levels.flatMap(({ name }, level) => (ALIKE[kind].includes(name) ? [level] : [])));
  return { field: test.field, with: test.with ?? test.field, kind: kindOf(kind), how: test.how, alike };
}

function sharedKind(test: MatchTest, own: ObjectDef, other: ObjectDef): KindName | null {
  const [a, b] = [fieldIn(own, test.field), fieldIn(other, test.with ?? test.field)];
  return a && b ? sharedKindOf(a, b) : null;
}

const fieldIn = (object: ObjectDef, name: string) => object.fields.find((one) => one.name === name && !one.retired);

/** What is wrong with rules that somebody wrote. What is refused must be exactly the same: the database has to be able to look it up. */
export function wrongRules(rules: readonly MatchRule[], own: ObjectDef, objects: readonly ObjectDef[]): WrongRule[] {
  return rules.flatMap((rule): WrongRule[] => {
    const other = objects.find(({ name, retired }) => name === (rule.other ?? own.name) && !retired);
    if (!other || rule.any.length === 0 || rule.any.some((tests) => tests.length === 0))
      return [{ rule: rule.id, why: other ? 'empty' : 'field' }];
    return rule.any.flatMap((tests, group) =>
      tests.flatMap((test, n): WrongRule[] => {
        const at = { rule: rule.id, group, test: n };
        if (!fieldIn(own, test.field) || !fieldIn(other, test.with ?? test.field)) return [{ ...at, why: 'field' }];
        if (sharedKind(test, own, other) === null) return [{ ...at, why: 'kinds' }];
        return rule.effect === 'refuse' && test.how === 'like' ? [{ ...at, why: 'like' }] : [];
      }),
    );
  });
}

/**
 * What the rules say of a pair; null: nothing. `never` outranks the others, then the first rule that holds.
 * @param own the near side, of the object whose rules they are
 */
export function judgeByRules({ groups, within }: RuleSet, own: Row, other: Row): Verdict | null {
  let found: Verdict | null = null;
  for (const { rule, tests } of groups) {
    if (found && rule.effect !== 'never') continue;
    const holds =
      tests.every((test) => agrees(test, own, other)) || (within && tests.every((test) => agrees(test, other, own)));
    if (!holds) continue;
    found = { rule, fields: tests.map(({ field }) => field) };
    if (rule.effect === 'never') break;
  }
  return found;
}

function agrees(test: Test, own: Row, other: Row): boolean {
  const [a, b] = [parsed(test.kind, own[test.field]), parsed(test.kind, other[test.with])];
  if (a === null || b === null) return false;
  if (test.kind.text(a) === test.kind.text(b)) return true;
  return test.how === 'like' && test.alike.has(test.kind.compare(a, b, UNCOUNTED));
}

const parsed = (kind: AnyKind, raw: string | null | undefined): unknown =>
  raw === null || raw === undefined || raw === '' ? null : kind.parse(raw);

/**
 * Keys that records which a rule joins share, for an index of candidates. A group is found by all that must be the same; where nothing must, by the
 * look-up keys of its first test.
 * @param side near: of the object whose rules they are; far: of the other. Within one object a record has both
 */
export function ruleKeys({ groups, within }: RuleSet, row: Row, side: 'near' | 'far'): string[] {
  const sides = within ? (['near', 'far'] as const) : [side];
  const keys = new Set<string>();
  for (const { rule, tag, tests } of groups) {
    if (rule.effect === 'never') continue;
    for (const one of sides) for (const key of keysOf(tests, row, one)) keys.add(`!${tag}:${key}`);
  }
  return [...keys];
}

function keysOf(tests: readonly Test[], row: Row, side: 'near' | 'far'): string[] {
  const column = (test: Test) => (side === 'near' ? test.field : test.with);
  const exact = tests.filter(({ how }) => how === 'same');
  const [first] = tests;
  if (exact.length === 0 && first) {
    const value = parsed(first.kind, row[column(first)]);
    return value === null ? [] : [...first.kind.keys(value), ...first.kind.coarse(value).map((key) => `~${key}`)];
  }
  const parts = exact.map((test) => {
    const value = parsed(test.kind, row[column(test)]);
    return value === null ? null : test.kind.text(value);
  });
  return parts.includes(null) ? [] : [parts.join('\u0001')];
}
