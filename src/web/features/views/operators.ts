import type { FilterOp } from '../../../domain/filter/types.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, FieldTypeName } from '../../../domain/schema/types.ts';

/** Families of fields that are filtered alike. */
export type Family =
  | 'text'
  | 'number'
  | 'day'
  | 'choice'
  | 'set'
  | 'tree'
  | 'reference'
  | 'boolean'
  | 'share'
  | 'other';

/** A field or a system column, as the filter bar offers it. */
export interface Subject {
  name: string;
  label: { zh: string; en: string };
  family: Family;
  field?: FieldDef;
  tracked: boolean;
}

const FAMILIES: Partial<Record<FieldTypeName, Family>> = {
  number: 'number',
  money: 'number',
  percent: 'number',
  rating: 'number',
  date: 'day',
  datetime: 'day',
  select: 'choice',
  multiselect: 'set',
  tags: 'set',
  tree: 'tree',
  user: 'reference',
  department: 'reference',
  relation: 'reference',
  boolean: 'boolean',
  geo: 'other',
  file: 'other',
};

export const familyOf = (type: FieldTypeName): Family => FAMILIES[type] ?? 'text';

const SYSTEM: Subject[] = [
  { name: '$freshness', label: { zh: '新鲜度', en: 'Freshness' }, family: 'share', tracked: false },
  { name: '$due_at', label: { zh: '应核实时间', en: 'Verification due' }, family: 'day', tracked: false },
  { name: '$created_at', label: { zh: '创建时间', en: 'Created' }, family: 'day', tracked: false },
  { name: '$updated_at', label: { zh: '更新时间', en: 'Updated' }, family: 'day', tracked: false },
];

/** @param only what the record itself says: no freshness, no dates of the system */
export function subjectsOf(fields: readonly FieldDef[], only = false): Subject[] {
  const own = fields
    .filter((field) => !field.retired)
    .map(
      (field): Subject => ({
        name: field.name,
        label: field.label,
        family: familyOf(field.type),
        field,
        tracked: field.tracked === true && !only,
      }),
    );
  return only ? own : [...own, ...SYSTEM];
}

const EMPTINESS: FilterOp[] = ['empty', 'notEmpty'];

const BY_FAMILY: Record<Family, FilterOp[]> = {
  text: ['contains', 'notContains', 'eq', 'startsWith', ...EMPTINESS],
  number: ['gte', 'lte', 'between', 'eq', 'gt', 'lt', ...EMPTINESS],
  day: ['within', 'gte', 'lt', 'between', ...EMPTINESS],
  choice: ['in', 'notIn', ...EMPTINESS],
  set: ['hasAny', 'hasAll', 'hasNone', ...EMPTINESS],
  tree: ['under', ...EMPTINESS],
  reference: ['in', 'notIn', ...EMPTINESS],
  boolean: ['eq', ...EMPTINESS],
  share: ['lt', 'gte'],
  other: EMPTINESS,
};

/** Operators that make sense for a subject, the likeliest first. */
export function operatorsOf(subject: Subject): FilterOp[] {
  // Of an encrypted value it can be asked which one it is.
  const ops: FilterOp[] =
    subject.field && mayBeSealed(subject.field) ? ['eq', ...EMPTINESS] : BY_FAMILY[subject.family];
  return subject.tracked ? [...ops, 'stale', 'confidenceBelow'] : ops;
}

/** Operators that need no value. */
export const isBare = (op: FilterOp): boolean => op === 'empty' || op === 'notEmpty' || op === 'stale';
