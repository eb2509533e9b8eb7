import sql from 'sql-template-tag';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { liveFields, objectById } from '../../records/catalog/lookup.ts';
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
  const payload = JSON.stringify(bundles.map((id) => ({ id })));
  const states = await queryHot<DueRow>(
    deps.db,
    sql`select record, object, bundle, owner, segment, base_at, base_confidence, cells, missing, frailty, score, scored_at, due_at, snoozed_until
      from ${tableOf(ctx.workspace, 'freshness')}
      where bundle in (select x.id from jsonb_to_recordset(${payload}::jsonb) as x(id uuid))`,
  );
  const byObject = new Map<ObjectDef, DueRow[]>();
  for (const state of states) {
    const object = objectById(catalog, state.object);
    if (!object || object.retired) continue;
    byObject.set(object, [...(byObject.get(object) ?? []), state]);
    const bundle = known.get(state.bundle) ?? { states: [], entries: [] };
    known.set(state.bundle, bundle);
    bundle.states.push({ object, state });
  }
  const seen = await Promise.all(
    [...byObject].map(async ([object, mine]) => {
      const rows = ctx.access.objects[object.name] ? await readRows(deps.read, ctx, object, mine) : [];
      const byId = new Map(rows.map((row) => [row.id, row]));
      return mine.flatMap((state): Known[] => {
        const row = byId.get(state.record);
        return row ? [{ object, state, row }] : [];
      });
    }),
  );
  for (const entry of seen.flat()) known.get(entry.state.bundle)?.entries.push(entry);
  return known;
}

/** What of a record the list shows: its title, whom to reach and how, and what may be asked. */
async function readRows(read: ReadDoor, ctx: Ctx, object: ObjectDef, states: DueRow[]): Promise<Row[]> {
  const shown = liveFields(object).filter(
    ({ name, tracked, type }) => tracked || name === object.title || type === 'phone' || type === 'email',
  );
  const page = await read.list(ctx, {
    object: object.name,
    fields: shown.map(({ name }) => name),
    filter: { field: '$id', op: 'in', value: states.map(({ record }) => record) },
    page: { limit: 500 },
    count: 'none',
  });
  return page.rows;
}
