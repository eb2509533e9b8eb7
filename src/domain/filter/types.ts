import type { FieldValue } from '../schema/types.ts';

export type FilterOp =
  | 'eq'
  | 'ne'
  | 'in'
  | 'notIn'
  | 'contains'
  | 'notContains'
  | 'startsWith'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'between'
  | 'empty'
  | 'notEmpty'
  /** tree: the node or anything below it */
  | 'under'
  /** set fields */
  | 'hasAny'
  | 'hasAll'
  | 'hasNone'
  /** dates relative to now: value {days: -30} means within the last 30 days, {days: 30} within the next 30 */
  | 'within'
  /** cell is past its due time / its confidence (0..1) is below value */
  | 'stale'
  | 'confidenceBelow';

/**
 * A filter is a tree. `field` is a field name, a system name (`$created_at`, `$updated_at`, `$created_by`, `$updated_by`, `$freshness`, `$due_at`, `$id`)
 * or a path through one relation (`customer.name`).
 */
export type Filter =
  | { all: Filter[] }
  | { any: Filter[] }
  | { not: Filter }
  | { field: string; op: FilterOp; value?: FieldValue | FieldValue[] };

export interface Sort {
  field: string;
  dir: 'asc' | 'desc';
}
