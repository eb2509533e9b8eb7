import sql, { join } from 'sql-template-tag';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';

/** A relation field through which records point to an object. */
export interface Pointer {
  object: ObjectDef;
  field: FieldDef;
}

/** A record that points to a merged one; `set` names the relation fields that do. */
export interface Reference {
  object: string;
  id: string;
  fields: string[];
}

export function pointersTo(catalog: Catalog, target: string): Pointer[] {
  return catalog.objects.flatMap((object) =>
    liveFields(object)
      .filter((field) => field.type === 'relation' && field.target === target)
      .map((field) => ({ object, field })),
  );
}

/** How many living records point to each of these, per relation field. */
export async function countReferences(
  on: Queryable,
  workspace: string,
  pointers: Pointer[],
  ids: readonly string[],
): Promise<(Pointer & { id: string; count: number })[]> {
  const counts = await Promise.all(
    pointers.map(async (pointer) => {
      const column = ident(pointer.field.name);
      const rows = await on.query<{ id: string; count: number }>(sql`
        select ${column} as id, count(*)::int as count from ${tableOf(workspace, pointer.object.name)}
        where ${column} = any(${ids}::uuid[]) and not (id = any(${ids}::uuid[])) and deleted_at is null group by 1`);
      return rows.map((row) => ({ ...pointer, ...row }));
    }),
  );
  return counts.flat();
}

/** Living records that point to any of these, but for the records themselves. */
export async function readReferences(
  on: Queryable,
  workspace: string,
  pointers: Pointer[],
  losers: readonly string[],
  members: readonly string[],
): Promise<Reference[]> {
  const found: Reference[] = [];
  for (const object of new Set(pointers.map((pointer) => pointer.object))) {
    const names = pointers.filter((pointer) => pointer.object === object).map(({ field }) => field.name);
    const points = names.map((name) => sql`${ident(name)} = any(${losers}::uuid[])`);
    const rows = await on.query<{ id: string } & Record<string, unknown>>(sql`
      select id, ${join(names.map(ident), ', ')} from ${tableOf(workspace, object.name)}
      where (${join(points, ' or ')}) and deleted_at is null and not (id = any(${members}::uuid[])) order by id`);
    for (const row of rows)
      found.push({
        object: object.name,
        id: row.id,
        fields: names.filter((name) => losers.includes(String(row[name]))),
      });
  }
  return found;
}
