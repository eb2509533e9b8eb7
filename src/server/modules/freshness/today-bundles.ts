import sql from 'sql-template-tag';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { objectById } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { FreshnessState } from '../../records/read/freshness-lens.ts';
import type { Ctx, ReadDoor, Row } from '../../records/types.ts';

/** Freshness of a record, and whose it is. */
export interface DueRow extends FreshnessState {
  object: number;
  bundle: string;
  owner: string | null;
  snoozed_until: Date | null;
  [column: string]: unknown;
}

/** A record that the actor may see. */
export interface Known {
  object: ObjectDef;
  state: DueRow;
  row: Row;
}

/** A customer: freshness of everything verified in one contact with him, and the values of what the actor may see. */
export interface KnownBundle {
  states: { object: ObjectDef; state: DueRow }[];
  entries: Known[];
}

export async function loadBundles(
  deps: { db: Db; read: ReadDoor },
  ctx: Ctx,
  catalog: Catalog,
  bundles: string[],
): Promise<Map<string, KnownBundle>> {
  const known = new Map<string, KnownBundle>();
  if (bundles.length === 0) return known;
  const states = await deps.db.query<DueRow>(sql`
    select record, object, bundle, owner, segment, base_at, base_confidence, cells, missing, frailty, score, scored_at, due_at, snoozed_until
    from ${tableOf(ctx.workspace, 'freshness')} where bundle = any(${bundles}::uuid[])`);
  for (const objectId of new Set(states.map((state) => state.object))) {
    const object = objectById(catalog, objectId);
    if (!object || object.retired) continue;
    const mine = states.filter((state) => state.object === objectId);
    for (const state of mine) {
      const bundle = known.get(state.bundle) ?? { states: [], entries: [] };
      known.set(state.bundle, bundle);
      bundle.states.push({ object, state });
    }
    if (!ctx.access.objects[object.name]) continue;
    const page = await deps.read.list(ctx, {
      object: object.name,
      filter: { field: '$id', op: 'in', value: mine.map((state) => state.record) },
      page: { limit: 500 },
      count: 'none',
    });
    const rows = new Map(page.rows.map((row) => [row.id, row]));
    for (const state of mine) {
      const row = rows.get(state.record);
      if (row) known.get(state.bundle)?.entries.push({ object, state, row });
    }
  }
  return known;
}

/** The row as the mathematics takes it. */
export function recordOf(state: DueRow) {
  return {
    baseAt: state.base_at,
    baseConfidence: state.base_confidence,
    cells: state.cells,
    missing: state.missing,
    segment: state.segment,
    frailty: state.frailty,
  };
}
