import type { Catalog } from '../../../domain/schema/types.ts';
import type { Ctx, ReadDoor } from '../types.ts';

/** Ids of one look; the most that a page of the read door holds. */
const MOST = 500;

/** Titles of the named records that the actor may see, by id; what he may not see, what is deleted and what is of a retired object is left out. */
export async function visibleTitles(
  read: ReadDoor,
  ctx: Ctx,
  catalog: Catalog,
  records: readonly { object: string; record: string }[],
): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for (const name of new Set(records.map((one) => one.object))) {
    const object = catalog.objects.find((candidate) => candidate.name === name && !candidate.retired);
    if (!object || !ctx.access.objects[name]?.actions.includes('read')) continue;
    const ids = [...new Set(records.filter((one) => one.object === name).map((one) => one.record))];
    const page = await read.list(ctx, {
      object: name,
      fields: [object.title],
      filter: { field: '$id', op: 'in', value: ids },
      page: { limit: MOST },
      count: 'none',
    });
    for (const row of page.rows) titles.set(row.id, String(row.values[object.title] ?? ''));
  }
  return titles;
}
