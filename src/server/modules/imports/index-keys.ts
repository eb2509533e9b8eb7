import sql from 'sql-template-tag';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { viewIndex } from '../../records/catalog/ddl.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Makes sure that every match key has an index: without one each batch would read the whole table. Online, before the first row. */
export async function indexMatchKeys(
  db: Db,
  workspace: string,
  objects: readonly ObjectDef[],
  keys: Record<string, string[]>,
): Promise<void> {
  for (const object of objects)
    for (const key of keys[object.name] ?? []) {
      // Encrypted ones have an index of their look-ups.
      const field = object.fields.find((one) => one.name === key);
      if (!field || mayBeSealed(field)) continue;
      const [led] = await db.query<{ found: boolean }>(sql`select exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = ${tableOf(workspace, object.name).sql}::regclass and a.attname = ${key} and i.indisvalid) as found`);
      if (!led?.found) await db.query(viewIndex(workspace, object, [key], true));
    }
}
