import type { z } from 'zod';
import type { duplicates } from '../../../contract/duplicates.ts';
import type { rowSchema } from '../../../contract/records.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';

type Reply<E extends { response?: z.ZodType }> = z.output<NonNullable<E['response']>>;

export type QueuePage = Reply<typeof duplicates.list>;
export type Group = QueuePage['groups'][number];
export type Pair = Group['pairs'][number];
export type Reason = Pair['reasons'][number];
export type Row = z.output<typeof rowSchema>;
export type ComparedObject = Reply<typeof duplicates.objects>['objects'][number];

export const BANDS = ['all', 'sure', 'likely', 'maybe'] as const;
export type Band = (typeof BANDS)[number];

/** log2 odds of a probability. */
const bits = (probability: number): number => Math.log2(probability / (1 - probability));

/** Scores of a band: 99 % and above, 90 to 99 %, less. */
export function scoresOf(band: Band): { min?: number; max?: number } {
  switch (band) {
    case 'all':
      return {};
    case 'sure':
      return { min: bits(0.99) };
    case 'likely':
      return { min: bits(0.9), max: bits(0.99) };
    case 'maybe':
      return { max: bits(0.9) };
  }
}

export function bandOf(probability: number): Exclude<Band, 'all'> {
  return probability >= 0.99 ? 'sure' : probability >= 0.9 ? 'likely' : 'maybe';
}

/** A probability as a person reads it: never 100 %, for it never is. */
export const likeness = (probability: number): string =>
  probability > 0.999 ? '>99.9%' : `${(Math.floor(probability * 1000) / 10).toFixed(probability > 0.9 ? 1 : 0)}%`;

/** Who takes part until somebody says otherwise: the two that are most alike. Of many, some may well be others. */
export const proposed = (group: Group): string[] => {
  const [best] = group.pairs;
  return best ? [best.a, best.b] : group.records.slice(0, 2).map(({ id }) => id);
};

/** A group as it stands: the same records with another pair open are another question. */
export const groupKey = (group: Group): string =>
  group.pairs
    .map(({ a, b }) => `${a}~${b}`)
    .sort()
    .join();

/** A, B, C … as the records of a group are called; a group has at most some dozens. */
export const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${letterOf(Math.floor(index / 26) - 1)}${letterOf(index % 26)}`;

/** The place after one that left: the group below it, else the last above. */
export function afterLeaving(keys: readonly string[], left: string): string | null {
  const at = keys.indexOf(left);
  return keys[at + 1] ?? keys[at - 1] ?? null;
}

/** One place down or up; stays at the ends. With no place yet, the first. */
export function stepTo(keys: readonly string[], current: string | null, by: 1 | -1): string | null {
  const at = current === null ? -1 : keys.indexOf(current);
  if (at < 0) return keys[0] ?? null;
  return keys[Math.max(0, Math.min(keys.length - 1, at + by))] ?? null;
}

const isEmpty = (value: FieldValue | undefined): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const same = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  (isEmpty(a) && isEmpty(b)) || JSON.stringify(a) === JSON.stringify(b);

export type Agreement = 'differs' | 'one-sided' | 'equal';

export interface ComparedField {
  field: FieldDef;
  agreement: Agreement;
}

const ORDER: Agreement[] = ['differs', 'one-sided', 'equal'];

/** Fields that any of the records fills, those that contradict first. Numbers we gave ourselves always differ and say nothing. */
export function compareFields(object: ObjectDef, rows: readonly Row[]): ComparedField[] {
  const compared = object.fields.flatMap((field): ComparedField[] => {
    if (field.retired || field.type === 'autonumber') return [];
    const values = rows.map((row) => row.values[field.name]);
    const filled = values.filter((value) => !isEmpty(value));
    if (filled.length === 0) return [];
    const agree = filled.every((value) => same(value, filled[0]));
    return [{ field, agreement: agree ? (filled.length === rows.length ? 'equal' : 'one-sided') : 'differs' }];
  });
  return ORDER.flatMap((one) => compared.filter(({ agreement }) => agreement === one));
}

export interface Piece {
  text: string;
  /** Not in the other text. */
  own: boolean;
}

/** What a text has that another has not, between their common beginning and end. */
export function ownPart(text: string, other: string): Piece[] {
  const [a, b] = [[...text], [...other]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  // Hardly anything in common: to mark nearly all of it would say nothing.
  if (start + end < Math.min(a.length, b.length) / 3) return [{ text, own: false }];
  return [
    { text: a.slice(0, start).join(''), own: false },
    { text: a.slice(start, a.length - end).join(''), own: true },
    { text: a.slice(a.length - end).join(''), own: false },
  ].filter((piece) => piece.text !== '');
}

/** +8.1, −1.3: a real minus, so that columns of numbers stand. */
export const signed = (score: number): string => `${score < 0 ? '−' : '+'}${Math.abs(score).toFixed(1)}`;

export interface Waterfall {
  steps: (Reason & { share: number })[];
  /** What the steps leave: the prior odds, and fields that are not named or not for the reader to see. */
  base: number;
}

/** Steps of a score with the length of their bars, 0..1 of the longest. */
export function waterfallOf({ score, reasons }: Pair): Waterfall {
  const longest = Math.max(1, ...reasons.map(({ total }) => Math.abs(total)));
  const base = score - reasons.reduce((sum, { total }) => sum + total, 0);
  return { steps: reasons.map((one) => ({ ...one, share: Math.abs(one.total) / longest })), base };
}

/** A sentence of the server without the number in brackets at its end, where the number stands beside it. */
export const withoutScore = (sentence: string): string => sentence.replace(/\s*[（(][+−-][\d.]+[)）]$/, '');
