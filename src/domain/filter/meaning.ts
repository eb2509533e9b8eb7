import { addDays, isDay, localDay, momentOf } from '../fields/calendar.ts';
import type { Kind, Tree } from '../fields/types.ts';
import type { Issue } from '../issue.ts';
import { mayBeSealed } from '../schema/sealed.ts';
import type { FieldValue } from '../schema/types.ts';
import type { Subject } from './subject.ts';
import type { Filter, FilterOp } from './types.ts';

export type Leaf = Extract<Filter, { field: string }>;

/** What a filter may look at besides the values. Pure: everything outside is handed in. */
export interface FilterEnv {
  now: Date;
  /** IANA zone in which days begin and end. */
  timeZone: string;
  trees: Record<string, Tree>;
  /** Account id (without `user:`) that `$me` stands for in person fields. */
  me?: string;
}

/** One end of a range. */
export interface End {
  value: string | number;
  inclusive: boolean;
}

/**
 * A condition brought down to few tests with absolute values; SQL and memory evaluate the same ones.
 * None of them holds for an empty value; what should (`ne`, `empty` …) is the negation of one that doesn't.
 */
export type Test =
  | { test: 'present' }
  | { test: 'equal'; values: (string | number | boolean)[] }
  | { test: 'contains' | 'starts'; text: string }
  | { test: 'range'; from?: End; to?: End }
  | { test: 'overlap' | 'superset'; values: string[] }
  | { test: 'stale' }
  | { test: 'below'; confidence: number }
  /** `equal` on an encrypted field, as the server asks it; `plain` while values are moved. */
  | { test: 'sealed'; lookups: string[]; plain: string[] | null };

export type Meaning = Test | { not: Meaning } | { any: Meaning[] } | { never: true };

const EQUALITY = ['eq', 'ne', 'in', 'notIn', 'empty', 'notEmpty'] as const;
const ORDER = ['gt', 'gte', 'lt', 'lte', 'between'] as const;

/** Operators per kind of value; tracked fields have `stale` and `confidenceBelow` besides. */
export const OPS: Record<Kind, readonly FilterOp[]> = {
  text: [...EQUALITY, 'contains', 'notContains', 'startsWith'],
  number: [...EQUALITY, ...ORDER],
  date: [...EQUALITY, ...ORDER, 'within'],
  datetime: ['eq', 'ne', 'empty', 'notEmpty', ...ORDER, 'within'],
  boolean: EQUALITY,
  choice: EQUALITY,
  set: ['hasAny', 'hasAll', 'hasNone', 'contains', 'notContains', 'empty', 'notEmpty'],
  tree: [...EQUALITY, 'under'],
  reference: EQUALITY,
  json: ['empty', 'notEmpty'],
};

/** Of an encrypted value it can be asked which one it is, not what is in it. */
const encrypted = (subject: Subject): boolean => subject.is !== 'system' && mayBeSealed(subject.field);

export function opsOf(subject: Subject): readonly FilterOp[] {
  const tracked = subject.is === 'field' && subject.field.tracked;
  const ops = encrypted(subject) ? EQUALITY : OPS[subject.kind];
  return tracked ? [...ops, 'stale', 'confidenceBelow'] : ops;
}

const NUMBER = /^-?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Scalar = string | number | boolean;

const bad = (leaf: Leaf, code: string): { issue: Issue } => ({
  issue: { code, field: leaf.field, params: { field: leaf.field, op: leaf.op } },
});

/** One operand in its stored form; undefined when it can't be one. */
function scalar(value: FieldValue | FieldValue[] | undefined, subject: Subject, env: FilterEnv): Scalar | undefined {
  switch (subject.kind) {
    case 'number': {
      if (typeof value !== 'number' && typeof value !== 'string') return undefined;
      if (typeof value === 'number' ? !Number.isFinite(value) : !NUMBER.test(value)) return undefined;
      // Money is kept as exact decimals, other numbers as doubles: the operand is what the column holds.
      return subject.is !== 'system' && subject.field.type === 'money' ? value : Number(value);
    }
    case 'date':
      if (typeof value !== 'string') return undefined;
      if (isDate(value)) return value;
      return moment(value) === undefined ? undefined : localDay(new Date(value), env.timeZone);
    case 'datetime':
      return typeof value === 'string' && (isDayMoment(value) || moment(value) !== undefined) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'reference': {
      if (typeof value !== 'string' || value.includes('\0')) return undefined;
      if (value === '$me') return meOf(subject, env);
      const uuid = subject.is === 'system' ? subject.name === '$id' : subject.field.type === 'relation';
      if (!uuid) return value;
      return UUID.test(value) ? value.toLowerCase() : undefined;
    }
    default:
      // PostgreSQL text holds no NUL: such a value equals nothing and must not reach the server as an error.
      return typeof value === 'string' && !value.includes('\0') ? value : undefined;
  }
}

/** Person fields hold account ids, `$created_by` and `$updated_by` actors. Nobody signed in: nobody's records. */
function meOf(subject: Subject, env: FilterEnv): string | undefined {
  if (subject.is === 'system') return subject.name === '$id' ? undefined : `user:${env.me ?? ''}`;
  return subject.field.type === 'user' ? (env.me ?? '') : undefined;
}

// PostgreSQL and ISO 8601 write years beyond these differently; no customer lived then.
const FIRST_MOMENT = Date.UTC(1000, 0, 2);
const LAST_MOMENT = Date.UTC(9999, 11, 30);

function moment(text: string): number | undefined {
  if (!MOMENT.test(text)) return undefined;
  const at = Date.parse(text);
  return at > FIRST_MOMENT && at < LAST_MOMENT ? at : undefined;
}

function isDayMoment(text: string): boolean {
  return isDate(text) && text > '1000-01-02' && text < '9999-12-30';
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return isDay(Number(year), Number(month), Number(day));
}

function startOfDay(day: string, timeZone: string): number {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  return momentOf({ year, month, day: date, hour: 0, minute: 0, second: 0, millisecond: 0 }, timeZone).getTime();
}

const iso = (at: number): string => new Date(at).toISOString();

/** First and last-exclusive moment that an operand of a datetime stands for: a date is its whole day in the zone. */
function span(value: string, env: FilterEnv): { from: string; until: string; whole: boolean } {
  if (!isDate(value)) {
    const at = iso(Date.parse(value));
    return { from: at, until: at, whole: false };
  }
  const from = startOfDay(value, env.timeZone);
  return { from: iso(from), until: iso(startOfDay(addDays(value, 1), env.timeZone)), whole: true };
}

function range(subject: Subject, env: FilterEnv, op: 'gt' | 'gte' | 'lt' | 'lte', value: string | number): Test {
  const from = op === 'gt' || op === 'gte';
  let end: End = { value, inclusive: op === 'gte' || op === 'lte' };
  if (subject.kind === 'datetime') {
    const s = span(String(value), env);
    if (op === 'gt') end = { value: s.until, inclusive: s.whole };
    else if (op === 'gte') end = { value: s.from, inclusive: true };
    else if (op === 'lt') end = { value: s.from, inclusive: false };
    else end = { value: s.until, inclusive: !s.whole };
  }
  return from ? { test: 'range', from: end } : { test: 'range', to: end };
}

function between(subject: Subject, env: FilterEnv, low: string | number, high: string | number): Test {
  const from = range(subject, env, 'gte', low);
  const to = range(subject, env, 'lte', high);
  return { ...from, ...to } as Test;
}

function within(subject: Subject, env: FilterEnv, days: number): Test {
  const now = env.now.getTime();
  if (subject.kind === 'datetime') {
    const other = now + days * 86_400_000;
    const [low, high] = days < 0 ? [other, now] : [now, other];
    return { test: 'range', from: { value: iso(low), inclusive: true }, to: { value: iso(high), inclusive: true } };
  }
  const today = localDay(env.now, env.timeZone);
  const other = addDays(today, days);
  const [low, high] = days < 0 ? [other, today] : [today, other];
  return { test: 'range', from: { value: low, inclusive: true }, to: { value: high, inclusive: true } };
}

/** Codes of a node and everything below it. An unknown code stands for itself. */
function below(tree: Tree | undefined, code: string): string[] {
  const found = [code];
  for (let i = 0; i < found.length; i++) {
    const at = found[i];
    if (tree && at !== undefined) for (const child of tree.children(at)) found.push(child.code);
  }
  return found;
}

const not = (meaning: Meaning): Meaning => ({ not: meaning });

function equal(subject: Subject, env: FilterEnv, values: (Scalar | null)[]): Meaning {
  const some = values.filter((v): v is Scalar => v !== null);
  const parts: Meaning[] = [];
  if (subject.kind === 'datetime') {
    for (const v of some) {
      const s = span(String(v), env);
      parts.push(
        s.whole
          ? { test: 'range', from: { value: s.from, inclusive: true }, to: { value: s.until, inclusive: false } }
          : { test: 'equal', values: [s.from] },
      );
    }
  } else if (some.length > 0) parts.push({ test: 'equal', values: some });
  if (some.length < values.length) parts.push(not({ test: 'present' }));
  if (parts.length === 0) return { never: true };
  const [only] = parts;
  return parts.length === 1 && only ? only : { any: parts };
}

/** Reads one condition against what it names. The issue says what is wrong with it. */
export function readLeaf(leaf: Leaf, subject: Subject, env: FilterEnv): { meaning: Meaning } | { issue: Issue } {
  if (!opsOf(subject).includes(leaf.op)) return bad(leaf, encrypted(subject) ? 'filter-encrypted' : 'filter-op');
  const one = (value: FieldValue | FieldValue[] | undefined): Scalar | null | undefined =>
    value === null ? null : scalar(value, subject, env);
  const list: readonly (FieldValue | FieldValue[] | undefined)[] = Array.isArray(leaf.value)
    ? leaf.value
    : [leaf.value];
  const texts = (): string[] | null => {
    const good = list.filter((v): v is string => typeof v === 'string' && !v.includes('\0'));
    return good.length === list.length ? good : null;
  };
  switch (leaf.op) {
    case 'notEmpty':
      return { meaning: { test: 'present' } };
    case 'empty':
      return { meaning: not({ test: 'present' }) };
    case 'eq':
    case 'ne':
    case 'in':
    case 'notIn': {
      const many = leaf.op === 'in' || leaf.op === 'notIn';
      const values = (many ? list : [leaf.value]).map(one);
      const good = values.filter((v): v is Scalar | null => v !== undefined);
      if (good.length < values.length || (many && !Array.isArray(leaf.value))) return bad(leaf, 'filter-value');
      const meaning = equal(subject, env, good);
      return { meaning: leaf.op === 'ne' || leaf.op === 'notIn' ? not(meaning) : meaning };
    }
    case 'contains':
    case 'notContains':
    case 'startsWith': {
      if (typeof leaf.value !== 'string' || leaf.value === '' || leaf.value.includes('\0'))
        return bad(leaf, 'filter-value');
      if (subject.kind === 'set') {
        const test: Test = { test: 'overlap', values: [leaf.value] };
        return { meaning: leaf.op === 'notContains' ? not(test) : test };
      }
      const test: Test = { test: leaf.op === 'startsWith' ? 'starts' : 'contains', text: leaf.value };
      return { meaning: leaf.op === 'notContains' ? not(test) : test };
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte': {
      const value = one(leaf.value);
      if (value === undefined || value === null || typeof value === 'boolean') return bad(leaf, 'filter-value');
      return { meaning: range(subject, env, leaf.op, value) };
    }
    case 'between': {
      const [low, high, ...more] = list.map(one);
      const known = (v: typeof low): v is string | number => typeof v === 'string' || typeof v === 'number';
      if (more.length > 0 || !known(low) || !known(high)) return bad(leaf, 'filter-value');
      return { meaning: between(subject, env, low, high) };
    }
    case 'within': {
      const days = leaf.value && typeof leaf.value === 'object' && 'days' in leaf.value ? leaf.value.days : undefined;
      if (typeof days !== 'number' || !Number.isInteger(days) || Math.abs(days) > 36_600)
        return bad(leaf, 'filter-value');
      return { meaning: within(subject, env, days) };
    }
    case 'under': {
      const codes = texts();
      if (!codes || codes.length === 0) return bad(leaf, 'filter-value');
      const tree = 'field' in subject ? env.trees[subject.field.tree ?? ''] : undefined;
      return { meaning: { test: 'equal', values: [...new Set(codes.flatMap((code) => below(tree, code)))] } };
    }
    case 'hasAny':
    case 'hasAll':
    case 'hasNone': {
      const values = texts();
      if (!values || values.length === 0) return bad(leaf, 'filter-value');
      const test: Test = { test: leaf.op === 'hasAll' ? 'superset' : 'overlap', values };
      return { meaning: leaf.op === 'hasNone' ? not(test) : test };
    }
    case 'stale':
      return { meaning: { test: 'stale' } };
    case 'confidenceBelow': {
      if (typeof leaf.value !== 'number' || !(leaf.value >= 0 && leaf.value <= 1)) return bad(leaf, 'filter-value');
      return { meaning: { test: 'below', confidence: leaf.value } };
    }
  }
}

/** Narrowing for walkers of the tree. */
export const isLeaf = (filter: Filter): filter is Leaf => 'field' in filter;

export type Values = Record<string, FieldValue>;
