import sql from 'sql-template-tag';
import { cellState, type RecordState, segmentOf } from '../../../domain/freshness/plan.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type BeliefColumns, recordStateOf } from '../../records/read/freshness-lens.ts';
import type { Plans } from '../freshness/index.ts';

/** A customer at a moment. */
export interface Moment {
  customer: string;
  at: Date;
}

interface StateRow extends BeliefColumns, Record<string, unknown> {
  customer: string;
  moment: Date;
  record: string;
  object: number;
}

interface DeltaRow extends Record<string, unknown> {
  record: string;
  before: Record<string, unknown>;
}

/** Customers whose past is looked at in one round trip. */
const PORTION = 500;

/**
 * Share of each customer's values that were past due just before a moment, by the rules in force now: what is known today with every change since
 * taken back, as history keeps it. Values of `without` are left out; customers of whom nothing was known then are absent.
 */
export async function pastStaleness(
  deps: { db: Db; plans: Plans },
  workspace: string,
  catalog: Catalog,
  moments: readonly Moment[],
  without: ObjectDef,
): Promise<Map<string, number>> {
  const objects = new Map(catalog.objects.filter((one) => !one.retired).map((one) => [one.id, one]));
  const found = new Map<string, number>();
  for (let from = 0; from < moments.length; from += PORTION) {
    const part = moments.slice(from, from + PORTION);
    const pairs = sql`unnest(${part.map((one) => one.customer)}::uuid[], ${part.map((one) => one.at.toISOString())}::timestamptz[]) as m(customer, at)`;
    const freshness = tableOf(workspace, 'freshness');
    const rows = await deps.db.query<StateRow>(sql`
      select m.customer, m.at as moment, f.record, f.object, f.segment, f.base_at, f.base_confidence, f.cells, f.missing, f.frailty
      from ${pairs} join ${freshness} f on f.bundle = m.customer where f.object <> ${without.id} and f.base_at < m.at`);
    const deltas = await deps.db.query<DeltaRow>(sql`
      select d.record, d.before from ${pairs} join ${freshness} f on f.bundle = m.customer
        join ${tableOf(workspace, 'delta')} d on d.record = f.record
      where f.object <> ${without.id} and d.at >= m.at and d.kind in ('u', 'v') order by d.record, d.version desc`);
    const since = new Map<string, DeltaRow[]>();
    for (const delta of deltas) {
      const list = since.get(delta.record);
      if (list) list.push(delta);
      else since.set(delta.record, [delta]);
    }
    const counts = new Map<string, { due: number; of: number }>();
    for (const row of rows) {
      const object = objects.get(row.object);
      if (!object) continue;
      const count = counts.get(row.customer) ?? { due: 0, of: 0 };
      counts.set(row.customer, count);
      const { plan } = deps.plans.objectPlan(workspace, object);
      const state = stateBefore(object, row, since.get(row.record) ?? []);
      for (const rule of segmentOf(plan, state).fields) {
        const cell = cellState(plan, state, rule.fieldId, row.moment);
        if (!cell || cell.state === 'missing') continue;
        count.of += 1;
        if (cell.dueAt !== null && cell.dueAt <= row.moment.getTime()) count.due += 1;
      }
    }
    for (const [customer, { due, of }] of counts) if (of > 0) found.set(customer, due / of);
  }
  return found;
}

/** A record's state with changes taken back, newest first. */
function stateBefore(object: ObjectDef, row: StateRow, changes: readonly DeltaRow[]): RecordState {
  const cells: Record<string, CellTuple> = { ...row.cells };
  const missing = new Set(row.missing);
  const tracked = object.fields.filter((field) => field.tracked && !field.retired);
  for (const { before } of changes) {
    const replaced = (before.$c ?? {}) as Record<string, CellTuple | null>;
    for (const [field, cell] of Object.entries(replaced)) {
      if (cell === null) delete cells[field];
      else cells[field] = cell;
    }
    for (const field of tracked) {
      if (!(field.name in before)) continue;
      if (before[field.name] === null) missing.add(field.id);
      else missing.delete(field.id);
    }
  }
  return recordStateOf({ ...row, cells, missing: [...missing] });
}
