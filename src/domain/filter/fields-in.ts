import type { Filter } from './types.ts';

/** Names of the fields a filter looks at. */
export function fieldsIn(filter: Filter): string[] {
  if ('all' in filter) return filter.all.flatMap(fieldsIn);
  if ('any' in filter) return filter.any.flatMap(fieldsIn);
  return 'not' in filter ? fieldsIn(filter.not) : [filter.field];
}
