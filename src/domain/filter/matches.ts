import type { Catalog, FieldValue, ObjectDef } from '../schema/types.ts';
import { type FilterEnv, isLeaf, type Meaning, readLeaf, type Test, type Values } from './meaning.ts';
import { findSubject, type Subject } from './subject.ts';
import type { Filter } from './types.ts';

export interface MatchEnv extends FilterEnv {
  catalog: Catalog;
  object: ObjectDef;
  /** State of tracked cells by field name, for `stale` and `confidenceBelow`. */
  cells?: Record<string, { confidence: number; stale: boolean }>;
}

/**
 * Does a record match? `values` holds its values by field name, system values by `$name`, related ones by path
 * (`customer.name`). Means the same as the SQL of the read door (a property test compares them). A condition that can't be
 * read throws: a policy with a hole must not silently take in everybody.
 */
export function matches(filter: Filter, values: Values, env: MatchEnv): boolean {
  if ('all' in filter) return filter.all.every((f) => matches(f, values, env));
  if ('any' in filter) return filter.any.some((f) => matches(f, values, env));
  if ('not' in filter) return !matches(filter.not, values, env);
  if (!isLeaf(filter)) throw new Error('not a filter');
  const subject = findSubject(env.catalog, env.object, filter.field);
  const read = subject && readLeaf(filter, subject, env);
  if (!read || 'issue' in read) throw new Error(`filter cannot be read: ${filter.field} ${filter.op}`);
  return holds(read.meaning, values[filter.field] ?? null, subject, env.cells?.[filter.field]);
}

/**
 * A filter made ready to judge many records of one moment: the same answers as `matches`, at a fraction of the work per record. Throws at once where a
 * condition can't be read.
 */
export function matcher(filter: Filter, env: MatchEnv): (values: Values) => boolean {
  if ('all' in filter) {
    const parts = filter.all.map((part) => matcher(part, env));
    return (values) => parts.every((part) => part(values));
  }
  if ('any' in filter) {
    const parts = filter.any.map((part) => matcher(part, env));
    return (values) => parts.some((part) => part(values));
  }
  if ('not' in filter) {
    const part = matcher(filter.not, env);
    return (values) => !part(values);
  }
  if (!isLeaf(filter)) throw new Error('not a filter');
  const { field, op } = filter;
  const subject = findSubject(env.catalog, env.object, field);
  const read = subject && readLeaf(filter, subject, env);
  if (!read || 'issue' in read) throw new Error(`filter cannot be read: ${field} ${op}`);
  const { meaning } = read;
  const cell = env.cells?.[field];
  return (values) => holds(meaning, values[field] ?? null, subject, cell);
}

type Cell = { confidence: number; stale: boolean } | undefined;

function holds(meaning: Meaning, value: FieldValue, subject: Subject, cell: Cell): boolean {
  if ('not' in meaning) return !holds(meaning.not, value, subject, cell);
  if ('any' in meaning) return meaning.any.some((m) => holds(m, value, subject, cell));
  if ('never' in meaning) return false;
  return passes(meaning, value, subject, cell);
}

function passes(test: Test, value: FieldValue, subject: Subject, cell: Cell): boolean {
  if (test.test === 'stale') return cell?.stale ?? false;
  if (test.test === 'below') return cell !== undefined && cell.confidence < test.confidence;
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return false;
  switch (test.test) {
    case 'present':
      return true;
    case 'equal':
      return test.values.some((v) => compare(subject, value, v) === 0);
    case 'contains':
      return typeof value === 'string' && fold(value).includes(fold(test.text));
    case 'starts':
      return typeof value === 'string' && fold(value).startsWith(fold(test.text));
    case 'range': {
      const low = test.from ? compare(subject, value, test.from.value) : 1;
      const high = test.to ? compare(subject, value, test.to.value) : -1;
      return (
        (low > 0 || (low === 0 && test.from?.inclusive === true)) &&
        (high < 0 || (high === 0 && test.to?.inclusive === true))
      );
    }
    case 'overlap':
      return Array.isArray(value) && test.values.some((v) => value.includes(v));
    case 'superset':
      return Array.isArray(value) && test.values.every((v) => value.includes(v));
    case 'sealed':
      throw new Error('ciphertext is compared in the database only');
  }
}

/** Lower case character by character, as lower() of PostgreSQL's C.UTF-8 does: no final sigma, no growing. */
export function fold(text: string): string {
  let out = '';
  for (const char of text) {
    const lower = char.toLowerCase();
    out += char === 'İ' ? 'i' : [...lower].length === 1 ? lower : char;
  }
  return out;
}

function compare(subject: Subject, a: FieldValue, b: string | number | boolean): number {
  if (subject.kind === 'number') return compareDecimal(a, b);
  if (subject.kind === 'datetime') return Date.parse(String(a)) - Date.parse(String(b));
  if (subject.kind === 'boolean') return a === b ? 0 : 1;
  const [x, y] = [String(a), String(b)];
  return x === y ? 0 : x < y ? -1 : 1;
}

/** Compares numbers and decimal strings exactly. */
export function compareDecimal(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [parts(a), parts(b)];
  if (x.negative !== y.negative) return x.negative ? -1 : 1;
  const scale = Math.max(x.fraction.length, y.fraction.length);
  const left = BigInt(x.whole + x.fraction.padEnd(scale, '0'));
  const right = BigInt(y.whole + y.fraction.padEnd(scale, '0'));
  const order = left === right ? 0 : left < right ? -1 : 1;
  return x.negative ? -order : order;
}

function parts(value: unknown): { negative: boolean; whole: string; fraction: string } {
  let text = String(value);
  if (text.includes('e')) text = Number(text).toFixed(20);
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const zero = /^0*$/.test(whole + fraction);
  return { negative: negative && !zero, whole: whole === '' ? '0' : whole, fraction };
}
