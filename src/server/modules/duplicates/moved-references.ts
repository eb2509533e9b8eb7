import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { StoredMerge } from './merge-store.ts';
import type { Pointer } from './references.ts';

/** A relation that a merge moved from a loser to the winner. */
export interface MovedReference {
  pointer: Pointer;
  id: string;
  /** Where it pointed before. */
  from: string;
  /** Points to the winner still, untouched since, and lives. */
  free: boolean;
}

export async function readMoved(
  on: Queryable,
  workspace: string,
  pointers: Pointer[],
  merge: StoredMerge,
): Promise<MovedReference[]> {
  const delta = tableOf(workspace, 'delta');
  const found: MovedReference[] = [];
  for (const pointer of pointers) {
    const { object, field } = pointer;
    const rows = await on.query<{ id: string; from: string; free: boolean }>(sql`
      select d.record as id, d.before->>${field.name} as from,
        t.${ident(field.name)} is not distinct from ${merge.winner}::uuid and t.deleted_at is null and not exists (
          select from ${delta} l where l.record = d.record and l.version > d.version and l.before ? ${field.name}) as free
      from ${delta} d join ${tableOf(workspace, object.name)} t on t.id = d.record
      where d.change_set = ${merge.changeSet}::uuid and d.object = ${object.id} and d.kind = 'u'
        and d.before->>${field.name} = any(${merge.losers}::text[]) and d.record <> ${merge.winner}::uuid
      order by d.record`);
    for (const row of rows) found.push({ pointer, ...row });
  }
  return found;
}

export interface AddedReference {
  object: string;
  id: string;
  title: string;
  createdAt: string;
  suggested?: string;
}

/** Living records that came to the winner after the merge, newest first. One that hangs on a record going back probably goes with it. */
export async function readAdded(
  on: Queryable,
  workspace: string,
  pointers: Pointer[],
  merge: StoredMerge,
  moved: MovedReference[],
  limit: number,
): Promise<AddedReference[]> {
  const goesTo = new Map(moved.filter(({ free }) => free).map(({ id, from }) => [id, from]));
  const added = new Map<string, AddedReference>();
  for (const { object, field } of pointers) {
    const rows = await on.query<{ id: string; created_at: Date } & Record<string, unknown>>(sql`
      select * from ${tableOf(workspace, object.name)} t
      where t.${ident(field.name)} = ${merge.winner}::uuid and t.deleted_at is null and t.created_at > ${merge.at}::timestamptz
      order by t.id desc limit ${limit}`);
    for (const row of rows) {
      const hangsOn = object.fields
        .filter((one) => one.type === 'relation')
        .map((one) => goesTo.get(String(row[one.name])));
      const suggested = hangsOn.find((to) => to !== undefined);
      added.set(row.id, {
        object: object.name,
        id: row.id,
        title: String(row[object.title] ?? ''),
        createdAt: row.created_at.toISOString(),
        ...(suggested !== undefined && { suggested }),
      });
    }
  }
  return [...added.values()].slice(0, limit);
}
