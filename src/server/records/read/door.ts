import { LOCKED, openValues } from '../sealed/open-rows.ts';
import { search } from '../search/search.ts';
import type { ReadDoor } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { get } from './get.ts';
import { group } from './group.ts';
import { history } from './history.ts';
import { list } from './list.ts';
import { since } from './since.ts';
import { type ReadDeps, readQuery } from './source.ts';
import { stream } from './stream.ts';

export { refreshCommonGrams } from '../search/common-grams.ts';
export type { FreshnessLens, FreshnessState } from './freshness-lens.ts';
export { createIndexKeeper, type IndexKeeper } from './index-keeper.ts';
export { createRowScope } from './row-scope.ts';
export type { ReadDeps } from './source.ts';

/** THE READ DOOR over PostgreSQL. Everything that leaves goes through row scope and field modes here. */
export function createReadDoor(deps: ReadDeps): ReadDoor {
  return {
    list: (ctx, query) => list(deps, ctx, query),
    get: (ctx, object, id, options) => get(deps, ctx, object, id, options),
    stream: (ctx, query) => stream(deps, ctx, query),
    async select(ctx, query) {
      const { table, collect } = await readQuery(deps, ctx, query);
      return { table, where: collect };
    },
    group: (ctx, query, field, limit, sum) => group(deps, ctx, query, field, limit, sum),
    aggregate: (ctx, query, wish) => aggregate(deps, ctx, query, wish),
    search: (ctx, text, options) => search(deps, ctx, text, options),
    history: (ctx, object, id, options) => history(deps, ctx, object, id, options),
    since: (ctx, object, seen) => since(deps, ctx, object, seen),
    unseal: (ctx, object, kept) => openValues(deps, ctx.workspace, object, LOCKED[ctx.lang], kept),
  };
}
