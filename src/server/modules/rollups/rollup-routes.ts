import { catalog } from '../../../contract/catalog.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { listFills } from '../../records/rollups/fill-store.ts';
import type { MakeCtx } from '../edge.ts';

/** How far roll-ups are. */
export function rollupRoutes(app: App, deps: { db: Db; catalog: CatalogStore; ctxOf: MakeCtx }): void {
  route(app, catalog.rollups, async (call) => {
    const { workspace } = await deps.ctxOf(call);
    const { objects } = await deps.catalog.get(workspace);
    const fields = new Map(objects.flatMap((object) => object.fields.map((field) => [field.id, field])));
    const fills = await listFills(deps.db, workspace);
    return {
      filling: fills.flatMap(({ field: id, done, total, finished }) => {
        const field = fields.get(id);
        return finished || !field || field.retired ? [] : [{ object: field.object, field: field.name, done, total }];
      }),
    };
  });
}
