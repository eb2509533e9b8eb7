import sql from 'sql-template-tag';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { EraseMode } from '../../records/erase/types.ts';
import type { ErasureRecord } from './erasure-store.ts';

/** What goes with whom. `below`: what becomes of records that belong to him and are no words about him (orders, contracts). */
export interface Choice {
  object: string;
  ids: readonly string[];
  mode: EraseMode;
  below: EraseMode;
}

export interface Reach {
  records: ErasureRecord[];
  /** Records near him, in which his name is about him: what he belongs to, and what belongs to the same. */
  family: string[];
}

/** The records of a person: he himself, those that were merged into him, and everything below. */
export async function reachOf(on: Queryable, workspace: string, catalog: Catalog, choice: Choice): Promise<Reach> {
  const records = new Map<string, ErasureRecord>();
  const first = objectOf(catalog, choice.object);
  const own = await withMerged(on, workspace, choice.ids);
  for (const record of own) records.set(record, { record, object: first.name, mode: choice.mode });
  let layer: { object: ObjectDef; ids: string[] }[] = [{ object: first, ids: own }];
  while (layer.length > 0) {
    const next: typeof layer = [];
    for (const { object, ids } of layer)
      for (const child of childrenOf(catalog, object)) {
        const rows = await on.query<{ id: string }>(sql`select id from ${tableOf(workspace, child.object.name)}
          where ${ident(child.field)} = any(${ids}::uuid[])`);
        const fresh = rows.map(({ id }) => id).filter((id) => !records.has(id));
        if (fresh.length === 0) continue;
        const mode =
          choice.mode === 'anonymise' ? modeBelow(child.object, 'anonymise') : modeBelow(child.object, choice.below);
        for (const record of fresh) records.set(record, { record, object: child.object.name, mode });
        next.push({ object: child.object, ids: fresh });
      }
    layer = next;
  }
  return { records: [...records.values()], family: await familyOf(on, workspace, catalog, first, own) };
}

/** Words about the person, and people, are never a statistic. */
function modeBelow(object: ObjectDef, wanted: EraseMode): EraseMode {
  const people = object.fields.some(
    ({ sensitivity, type }) => sensitivity === 'personal' && (type === 'phone' || type === 'email'),
  );
  return object.appendOnly || people ? 'erase' : wanted;
}

function childrenOf(catalog: Catalog, object: ObjectDef): { object: ObjectDef; field: string }[] {
  return catalog.objects.flatMap((child) => {
    const field = child.parent === undefined ? undefined : fieldOf(child, child.parent);
    return field?.target === object.name ? [{ object: child, field: field.name }] : [];
  });
}

/** Records that were merged into these stand in the bin with values of their own. */
async function withMerged(on: Queryable, workspace: string, ids: readonly string[]): Promise<string[]> {
  const rows = await on.query<{ id: string }>(sql`
    with recursive m(id) as (
      select unnest(${ids}::uuid[]) union
      select l from m join ${tableOf(workspace, 'record_merge')} r on r.winner = m.id and r.undone_at is null, unnest(r.losers) l)
    select distinct id from m`);
  return rows.map(({ id }) => id);
}

async function familyOf(
  on: Queryable,
  workspace: string,
  catalog: Catalog,
  object: ObjectDef,
  ids: readonly string[],
): Promise<string[]> {
  const parent = object.parent === undefined ? undefined : fieldOf(object, object.parent);
  const above = parent?.target === undefined ? undefined : catalog.objects.find(({ name }) => name === parent.target);
  if (!parent || !above) return [];
  const heads = await on.query<{
    id: string;
  }>(sql`select distinct ${ident(parent.name)} as id from ${tableOf(workspace, object.name)}
    where id = any(${ids}::uuid[]) and ${ident(parent.name)} is not null`);
  const family = heads.map(({ id }) => id);
  const near = [...family];
  for (const child of childrenOf(catalog, above)) {
    const rows = await on.query<{ id: string }>(sql`select id from ${tableOf(workspace, child.object.name)}
      where ${ident(child.field)} = any(${family}::uuid[]) and not (id = any(${ids}::uuid[])) limit 5000`);
    near.push(...rows.map(({ id }) => id));
  }
  return near;
}
