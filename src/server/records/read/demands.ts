import { conjuncts } from './sort-key.ts';
import type { ReadDeps, Source } from './source.ts';

/** Tells the keeper of indexes which columns a query sorted and filtered by. */
export function noteDemand(deps: Pick<ReadDeps, 'indexes'>, source: Source, use: 'now' | 'past'): void {
  const { indexes } = deps;
  if (!indexes) return;
  const { object } = source.sight;
  const [key] = source.plan.keys;
  const columns = new Set<string>();
  if (key?.column) columns.add(key.column);
  for (const { field } of source.filter ? conjuncts(source.filter) : [])
    columns.add(field.startsWith('$') ? field.slice(1) : field);
  for (const column of columns) {
    const own = object.fields.some((field) => field.name === column);
    if (own || (use === 'now' && /^(created|updated)_(at|by)$/.test(column)))
      indexes.wanted(source.ctx.workspace, object.name, column, use);
  }
}
