import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Lookup } from '../sealed/sealing.ts';
import type { Ctx } from '../types.ts';
import type { ScopeSql } from '../write/types.ts';
import { reachSql, scopeSql, TRUE } from './filter-sql.ts';

/**
 * The rows an actor may touch, for the write door: the same scope that reading has. A scope may reach through relations, so
 * it needs the catalog; `know` it before the door asks.
 */
export function createRowScope(
  environment: () => Pick<FilterEnv, 'timeZone' | 'trees'>,
  lookup: (workspace: string) => Lookup | undefined = () => undefined,
): {
  know(workspace: string, catalog: Catalog): void;
  scope: ScopeSql;
  reach: ScopeSql;
} {
  const catalogs = new Map<string, Catalog>();
  const envOf = (ctx: Ctx) => {
    const catalog = catalogs.get(ctx.workspace);
    if (!catalog) throw new Error(`catalog of ${ctx.workspace} is not known yet`);
    const found = lookup(ctx.workspace);
    return { ...environment(), workspace: ctx.workspace, catalog, now: ctx.at, ...(found && { lookup: found }) };
  };
  return {
    know: (workspace, catalog) => catalogs.set(workspace, catalog),
    scope(ctx, object) {
      if (ctx.access.objects[object.name]?.rows === true) return null;
      const condition = scopeSql(ctx.access, object, 't', envOf(ctx));
      return condition === TRUE ? null : condition;
    },
    reach: (ctx, object) =>
      ctx.access.objects[object.name]?.grants ? reachSql(ctx.access, object, 't', envOf(ctx)) : null,
  };
}
