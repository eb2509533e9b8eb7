import type { Leaf } from '../../../domain/filter/meaning.ts';
import { isLeaf } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { isScalar, SYSTEM, type Wish } from './index-demand.ts';
import { conjuncts } from './sort-key.ts';
import type { ReadDeps, Source } from './source.ts';

/**
 * Tells the keeper of indexes which columns a query sorted and filtered by.
 * @returns whether an index for all of them together is there: it delivers the page in order, without anything to choose
 */
export function noteDemand(deps: Pick<ReadDeps, 'indexes'>, source: Source, use: 'now' | 'past'): boolean {
  const { indexes } = deps;
  if (!indexes) return false;
  const { workspace } = source.ctx;
  const { object } = source.sight;
  const [key] = source.plan.keys;
  const columns = new Set<string>();
  if (key?.column) columns.add(key.column);
  for (const { field } of source.filter ? conjuncts(source.filter) : [])
    columns.add(field.startsWith('$') ? field.slice(1) : field);
  for (const column of columns) {
    const own = object.fields.some((field) => field.name === column);
    if (own || (use === 'now' && SYSTEM.has(column)))
      indexes.wanted(workspace, { object: object.name, columns: [column], use });
  }
  const together = use === 'now' ? togetherOf(source) : null;
  if (!together) return false;
  indexes.wanted(workspace, together);
  return indexes.ready(workspace, together);
}

/** Fields compared with one value each, and one field sorted by: an index on all of them finds the page at once. */
function togetherOf(source: Source): Wish | null {
  const { filter, plan, sight, asked } = source;
  if (!filter || !asked || plan.keys.length > 1) return null;
  const leaves = onlyLeaves(filter);
  if (!leaves) return null;
  const equal = new Set<string>();
  for (const leaf of leaves) {
    const field = sight.object.fields.find(({ name }) => name === leaf.field);
    if (!field || !isScalar(field) || leaf.op !== 'eq' || leaf.value == null) return null;
    equal.add(field.name);
  }
  const [key] = plan.keys;
  if (key && (key.column === null || equal.has(key.column))) return null;
  const columns = [...[...equal].sort(), ...(key?.column ? [key.column] : [])];
  return columns.length > 1 && columns.length <= MOST_COLUMNS
    ? { object: sight.object.name, columns, use: 'now' }
    : null;
}

const MOST_COLUMNS = 4;

function onlyLeaves(filter: Filter): Leaf[] | null {
  if (isLeaf(filter)) return [filter];
  if (!('all' in filter)) return null;
  const parts = filter.all.map(onlyLeaves);
  return parts.every((part) => part !== null) ? parts.flat() : null;
}
