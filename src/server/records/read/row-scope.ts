import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { ScopeSql } from '../write/types.ts';
import { scopeSql, TRUE } from './filter-sql.ts';

/**
 * The rows an actor may touch, for the write door: the same scope that reading has. A scope may reach through relations, so
 * it needs the catalog; `know` it before the door asks.
 */
export function createRowScope(environment: () => Pick<FilterEnv, 'timeZone' | 'trees'>): {
  know(workspace: string, catalog: Catalog): void;
  scope: ScopeSql;
} {
  const catalogs = new Map<string, Catalog>();
  return {
    know: (workspace, catalog) => catalogs.set(workspace, catalog),
    scope(ctx, object) {
      if (ctx.access.objects[object.name]?.rows === true) return null;
      const catalog = catalogs.get(ctx.workspace);
      if (!catalog) throw new Error(`catalog of ${ctx.workspace} is not known yet`);
      const env = { ...environment(), workspace: ctx.workspace, catalog, now: ctx.at };
      const condition = scopeSql(ctx.access, object, 't', env);
      return condition === TRUE ? null : condition;
    },
  };
}
