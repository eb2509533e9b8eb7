import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';

/** Names of accounts so that each is told from the others: the second 王芳 is 王芳 (2). */
export function peopleWords(accounts: readonly { id: string; name: string }[]): Record<string, string> {
  const taken = new Set<string>();
  const words: Record<string, string> = {};
  for (const { id, name } of accounts) {
    let word = name.trim() || id;
    for (let n = 2; taken.has(word.toLowerCase()); n++) word = `${name} (${n})`;
    taken.add(word.toLowerCase());
    words[id] = word;
  }
  return words;
}

/** Titles of related records, by id; of those that the actor may see. `asOf`: as they were called at a moment. */
export async function relationWords(
  deps: { read: ReadDoor; catalog: CatalogStore },
  ctx: Ctx,
  fields: readonly FieldDef[],
  rows: readonly { values: Record<string, unknown> }[],
  asOf?: string,
): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  const wanted = new Map<string, Set<string>>();
  for (const field of fields) {
    if (field.type !== 'relation' || !field.target || !ctx.access.objects[field.target]) continue;
    const ids = wanted.get(field.target) ?? new Set<string>();
    for (const { values } of rows) {
      const value = values[field.name];
      if (typeof value === 'string') ids.add(value);
    }
    wanted.set(field.target, ids);
  }
  for (const [name, ids] of wanted) {
    const target = objectOf(await deps.catalog.get(ctx.workspace), name);
    const all = [...ids];
    for (let at = 0; at < all.length; at += 500) {
      const page = await deps.read.list(ctx, {
        object: name,
        fields: [target.title],
        filter: { field: '$id', op: 'in', value: all.slice(at, at + 500) },
        page: { limit: 500 },
        ...(asOf !== undefined && { asOf }),
      });
      // Without a title to show, its id: an empty cell would say that nothing is related.
      for (const row of page.rows) words.set(row.id, String(row.values[target.title] || row.id));
    }
  }
  return words;
}

/** Titles of an object's records for a drop-down, if they are few enough to look through. */
export async function titleChoices(
  deps: { read: ReadDoor },
  ctx: Ctx,
  target: ObjectDef,
  most: number,
): Promise<string[] | null> {
  const counted = await deps.read.list(ctx, { object: target.name, count: 'capped', page: { limit: 1 } });
  if (!counted.count || counted.count.value > most) return null;
  const titles = new Set<string>();
  let after: string | undefined;
  do {
    const page = await deps.read.list(ctx, {
      object: target.name,
      fields: [target.title],
      page: { limit: 500, ...(after !== undefined && { after }) },
    });
    for (const row of page.rows) {
      const title = row.values[target.title];
      if (typeof title === 'string' && title.length <= 255) titles.add(title);
    }
    after = page.next;
  } while (after !== undefined && titles.size <= most);
  return [...titles];
}
