import { parseField } from '../fields/parse-field.ts';
import type { ParseEnv } from '../fields/types.ts';
import type { FieldDef, FieldTypeName, ObjectDef } from '../schema/types.ts';
import { normaliseHeader } from './header.ts';

/** One column of a file: its header and some of its values as the file holds them. */
export interface ColumnSample {
  header: string;
  values: unknown[];
}

export interface Suggestion {
  /** `customer.name`, or null when nothing fits. */
  target: string | null;
  why: 'alias' | 'content' | 'saved' | 'none';
  /** 0..1 */
  confidence: number;
}

export interface SuggestOptions {
  /** Targets people chose before, by normalised header. */
  saved?: ReadonlyMap<string, string>;
  /**
   * Rows of one customer repeat with different people or follow-ups: columns that could be the customer's own or a related record's go to the
   * related record. Otherwise to the customer himself, where a person sees them in one table.
   */
  related: boolean;
}

interface Candidate {
  column: number;
  target: string;
  why: 'alias' | 'content' | 'saved';
  score: number;
}

const LIKELY = 0.35;

/**
 * Where each column of a file goes. `objects`: the one the file is about, then those whose records belong to it. Headers are compared with the
 * declared synonyms; values confirm or contradict; each target is used once, best match first.
 */
export function suggestMapping(
  columns: readonly ColumnSample[],
  objects: readonly ObjectDef[],
  env: ParseEnv,
  options: SuggestOptions,
): Suggestion[] {
  const candidates = columns.flatMap((column, index) => candidatesOf(column, index, objects, env, options));
  // Below this a header says one thing and the values another: better to ask.
  const likely = candidates.filter((candidate) => candidate.score >= LIKELY);
  likely.sort((a, b) => b.score - a.score || a.column - b.column);
  const result: Suggestion[] = columns.map(() => ({ target: null, why: 'none', confidence: 0 }));
  const taken = new Set<string>();
  for (const candidate of likely) {
    if (taken.has(candidate.target) || result[candidate.column]?.target !== null) continue;
    taken.add(candidate.target);
    result[candidate.column] = {
      target: candidate.target,
      why: candidate.why,
      confidence: Math.round(Math.min(1, candidate.score) * 100) / 100,
    };
  }
  dropOrphans(result, objects);
  return result;
}

function candidatesOf(
  column: ColumnSample,
  index: number,
  objects: readonly ObjectDef[],
  env: ParseEnv,
  options: SuggestOptions,
): Candidate[] {
  const header = normaliseHeader(column.header);
  const values = column.values.filter((value) => value !== '' && value !== null && value !== undefined).slice(0, 100);
  const saved = options.saved?.get(header);
  const found: Candidate[] = [];
  objects.forEach((object, rank) => {
    for (const field of object.fields) {
      if (field.retired || (field.readonly && field.type !== 'autonumber')) continue;
      // The relation of a related record to the main one is said by the row itself.
      if (rank > 0 && field.name === object.parent) continue;
      const target = `${object.name}.${field.name}`;
      if (saved === target) found.push({ column: index, target, why: 'saved', score: 1.5 });
      const likeness = headerLikeness(header, field);
      const fit = values.length > 0 ? contentFit(values, field, env) : 1;
      // A header is believed unless the values say otherwise; the main object wins unless rows repeat.
      const order = rank === 0 ? (options.related ? 0 : 0.08) : options.related ? 0.08 : 0;
      // “联系人” beside a mobile is the contact himself, not a pointer to one from the follow-up of the same row.
      const pointer = field.type === 'relation' && objects.some((other) => other.name === field.target) ? 0.3 : 0;
      if (likeness > 0)
        found.push({ column: index, target, why: 'alias', score: likeness * (0.35 + 0.65 * fit) + order - pointer });
      else if (rank === 0 && values.length >= 2) {
        const score = contentScore(values, field, env);
        if (score > 0) found.push({ column: index, target, why: 'content', score: 0.4 * score + order });
      }
    }
  });
  return found;
}

/** 1 for a declared synonym, less for one that is only contained in the header. */
function headerLikeness(header: string, field: FieldDef): number {
  if (header === '') return 0;
  let best = 0;
  for (const name of [field.label.zh, field.label.en, field.name.replaceAll('_', ' '), ...(field.aliases ?? [])]) {
    const alias = normaliseHeader(name);
    if (alias === '') continue;
    if (alias === header) return alias === normaliseHeader(field.label.zh) ? 1 : 0.97;
    // 「联系人手机号码」 contains 「手机号码」; one character contains too little to mean anything.
    if (alias.length >= 2 && header.length <= alias.length * 3 && wholeWords(header, alias))
      best = Math.max(best, 0.4 + (0.4 * alias.length) / header.length);
  }
  return best;
}

/** Latin synonyms are found as words (`tel` is not in `hotel`), Chinese ones anywhere. */
function wholeWords(header: string, alias: string): boolean {
  const at = header.indexOf(alias);
  if (at < 0) return false;
  if (!/^[a-z0-9 ]+$/.test(alias)) return true;
  const before = header[at - 1];
  const after = header[at + alias.length];
  return !/[a-z0-9]/.test(before ?? ' ') && !/[a-z0-9]/.test(after ?? ' ');
}

/** Share of the values that the field would take. */
function contentFit(values: readonly unknown[], field: FieldDef, env: ParseEnv): number {
  // Who and to whom is resolved by name later; numbers of another system are kept as they are.
  if (field.type === 'user' || field.type === 'relation' || field.type === 'autonumber' || field.type === 'file')
    return 1;
  let good = 0;
  for (const value of values) if (parseField(value, field, env).ok) good += 1;
  return good / values.length;
}

/** Types that values betray by themselves; `text` takes anything and so tells nothing. */
const TELLING: Partial<Record<FieldTypeName, number>> = { phone: 0.9, email: 1, uscc: 1, idcard: 1, url: 0.9 };

function contentScore(values: readonly unknown[], field: FieldDef, env: ParseEnv): number {
  if (field.match === 'company' && field.search === 'name') {
    const firms = values.filter((value) => typeof value === 'string' && COMPANY.test(value)).length;
    return firms / values.length >= 0.6 ? 0.95 : 0;
  }
  const telling = TELLING[field.type];
  if (telling === undefined) return 0;
  // Bare digits are phones only if they look like mobiles: an order number would pass as a landline.
  if (
    field.type === 'phone' &&
    values.filter((value) => /^\+?(86)?[-\s]?1[3-9]\d/.test(String(value))).length < values.length * 0.6
  )
    return 0;
  const fit = contentFit(values, field, env);
  return fit >= 0.8 ? telling * fit : 0;
}

const COMPANY =
  /(公司|集团|厂|事务所|工作室|合作社|商行|经营部|门市部|银行|医院|大学|学院|\b(co|ltd|inc|llc|gmbh|corp)\b\.?)/i;

/** Columns of a related record are worth nothing without those it requires: they go back to being unmapped. */
function dropOrphans(result: Suggestion[], objects: readonly ObjectDef[]): void {
  for (const object of objects.slice(1)) {
    const mapped = new Set(result.flatMap((s) => (s.target?.startsWith(`${object.name}.`) ? [s.target] : [])));
    if (mapped.size === 0) continue;
    const complete = object.fields.every(
      (field) =>
        !field.required ||
        field.retired ||
        field.default !== undefined ||
        field.name === object.parent ||
        mapped.has(`${object.name}.${field.name}`),
    );
    if (complete) continue;
    result.forEach((suggestion, index) => {
      if (suggestion.target && mapped.has(suggestion.target))
        result[index] = { target: null, why: 'none', confidence: 0 };
    });
  }
}
