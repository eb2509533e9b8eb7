import sql, { empty, type Sql } from 'sql-template-tag';
import { mayInRow, modeInRow } from '../../../domain/access/reach.ts';
import { sameValue } from '../../../domain/change/same-value.ts';
import type { CellTuple } from '../../../domain/freshness/plan.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { fieldOf, objectById } from '../catalog/lookup.ts';
import { tableOf } from '../catalog/names.ts';
import { sealEffects } from '../sealed/in-writes.ts';
import type { Ctx } from '../types.ts';
import { applyEffects } from './apply.ts';
import { planned } from './freshness-row.ts';
import type { Hold } from './guard.ts';
import { loadStored } from './load.ts';
import { count, skip, type Tally } from './tally.ts';
import type { Draft, Effect, FreshnessRow, Stored, WriteDeps } from './types.ts';

/** Records per round trip. */
const CHUNK = 1000;

interface DeltaRow {
  record: string;
  object: number;
  version: number;
  mine: boolean;
  before: Record<string, unknown>;
}

/** Gives back the values (and confidences) that updates and verifications of a set replaced, field by field, where nobody wrote since. `only`: of these records. */
export async function undoUpdates(
  tx: Tx,
  deps: WriteDeps,
  ctx: Ctx,
  catalog: Catalog,
  id: string,
  undo: string,
  tally: Tally,
  only?: readonly string[],
): Promise<void> {
  const deltas = tableOf(ctx.workspace, 'delta');
  const waiting = await holding(deps, ctx);
  let last = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await tx.query<DeltaRow>(sql`
      with mine as (
        select record, min(version) as since from ${deltas}
        where change_set = ${id}::uuid and kind in ('u', 'v', 'e') and record > ${last}::uuid ${among(only)}
        group by record order by record limit ${CHUNK}
      )
      select d.record, d.object, d.version, d.change_set = ${id}::uuid as mine, d.before
      from mine join ${deltas} d on d.record = mine.record and d.version >= mine.since
      order by d.record, d.version`);
    if (rows.length === 0) return;
    last = rows[rows.length - 1]?.record ?? last;
    const perRecord = groupRows(rows);
    const drafts = [...perRecord].flatMap(([record, list]) => draftOf(catalog, record, list));
    // What left his sight since is left as it is, as if somebody had touched it.
    const stored = await loadStored(tx, ctx, drafts, deps, true);
    const effects: Effect[] = [];
    for (const draft of drafts) {
      const effect = inverse(deps, ctx, draft, stored.get(draft.id), perRecord.get(draft.id) ?? [], tally, waiting);
      if (effect) effects.push(effect);
    }
    // Sealed values go back as they are; what was replaced in plain, before the field was encrypted, is sealed on the way.
    await applyEffects(tx, ctx, undo, await sealEffects(deps.sealing, tx, ctx, effects), deps.indexer);
    for (const effect of effects) count(tally, effect.draft.object.name, 'updated', 1);
    await askFor(tx, deps, ctx, waiting, tally);
  }
}

/** Protected values that may not be put back without a second person: what took approval to change takes it to change back. */
interface Waiting {
  needed: ReturnType<NonNullable<WriteDeps['guard']['approvals']>>;
  holds: Hold[];
}

async function holding({ guard }: WriteDeps, ctx: Ctx): Promise<Waiting> {
  if (!guard.approvals) return { needed: null, holds: [] };
  await guard.ready(ctx.workspace);
  return { needed: guard.approvals(ctx), holds: [] };
}

const REASON = { zh: '撤销', en: 'Undo' } as const;

async function askFor(tx: Tx, deps: WriteDeps, ctx: Ctx, waiting: Waiting, tally: Tally): Promise<void> {
  const holds = waiting.holds.splice(0);
  if (holds.length === 0) return;
  // Whoever decides is told that it is an undo; without a reason it could not be written either.
  const approval = await deps.guard.hold(tx, { ...ctx, reason: ctx.reason ?? REASON[ctx.lang] }, holds);
  if (approval !== undefined) tally.approval = approval;
}

export function among(only: readonly string[] | undefined, column: Sql = sql`record`): Sql {
  return only ? sql`and ${column} = any(${only}::uuid[])` : empty;
}

function draftOf(catalog: Catalog, id: string, rows: DeltaRow[]): Draft[] {
  const object = objectById(catalog, rows[0]?.object ?? -1);
  if (!object) return [];
  return [{ index: 0, change: { op: 'update', object: object.name, id }, object, id, set: {}, issues: [] }];
}

/** The effect that takes one record back, or null when there is nothing left to take back. */
function inverse(
  deps: WriteDeps,
  ctx: Ctx,
  draft: Draft,
  stored: Stored | undefined,
  rows: DeltaRow[],
  tally: Tally,
  waiting: Waiting,
): Effect | null {
  const { object } = draft;
  if (!stored || stored.deleted) return null;
  if (!mayInRow(ctx.access.objects[object.name], stored.reach, 'undo')) {
    skip(tally, object.name, draft.id, []);
    return null;
  }
  const wanted = new Map<string, FieldValue>();
  const cells = new Map<string, CellTuple | null>();
  const touched = new Set<string>();
  const touchedCells = new Set<string>();
  for (const row of rows) {
    const cellStates = (row.before.$c ?? {}) as Record<string, CellTuple | null>;
    if (row.mine) {
      // The first delta of the set holds what was there before it.
      for (const [name, value] of Object.entries(row.before))
        if (!name.startsWith('$') && !wanted.has(name)) wanted.set(name, value as FieldValue);
      for (const [field, cell] of Object.entries(cellStates)) if (!cells.has(field)) cells.set(field, cell);
    } else {
      for (const name of Object.keys(row.before)) if (wanted.has(name)) touched.add(name);
      for (const field of Object.keys(cellStates)) if (cells.has(field)) touchedCells.add(field);
    }
  }
  if (touched.size > 0) skip(tally, object.name, draft.id, [...touched]);
  const set: Record<string, FieldValue> = {};
  const before: Record<string, unknown> = {};
  const approval: Record<string, FieldValue> = {};
  for (const [name, value] of wanted) {
    const current = stored.values[name] ?? null;
    const field = fieldOf(object, name);
    if (touched.has(name) || !field || sameValue(current, value)) continue;
    if (modeInRow(ctx.access.objects[object.name], stored.reach, name) !== 'edit') {
      skip(tally, object.name, draft.id, [name]);
      continue;
    }
    if (field.protected && current !== null && waiting.needed?.(object, field)) {
      approval[name] = value;
      touchedCells.add(String(field.id));
      continue;
    }
    set[name] = value;
    before[name] = current;
  }
  const after = { ...stored.values, ...set };
  const freshness = takeBackCells(deps, ctx, object, stored, after, cells, touchedCells, before);
  const changes = Object.keys(before).length > 0;
  if (Object.keys(approval).length > 0) {
    const empty = { wanted: {}, suspicions: {}, confidence: {} };
    const now = Object.fromEntries(Object.keys(approval).map((name) => [name, stored.values[name] ?? null]));
    waiting.holds.push({ ...empty, draft, before: now, approval, version: stored.row.version + Number(changes) });
  }
  if (!changes) return null;
  return {
    kind: 'update',
    draft: { ...draft, set },
    stored,
    set,
    before,
    after,
    freshness,
    version: stored.row.version + 1,
  };
}

function takeBackCells(
  deps: WriteDeps,
  ctx: Ctx,
  object: ObjectDef,
  stored: Stored,
  after: Record<string, FieldValue>,
  wanted: Map<string, CellTuple | null>,
  touched: Set<string>,
  before: Record<string, unknown>,
): FreshnessRow | null {
  if (!stored.freshness) return null;
  const cells = { ...stored.freshness.cells };
  const replaced: Record<string, CellTuple | null> = {};
  for (const [field, cell] of wanted) {
    if (touched.has(field)) continue;
    replaced[field] = cells[field] ?? null;
    if (cell) cells[field] = cell;
    else delete cells[field];
  }
  if (Object.keys(replaced).length > 0) before.$c = replaced;
  const owner = object.owner === undefined ? null : (after[object.owner] ?? null);
  const row = {
    ...stored.freshness,
    // The check falls to whom the record belongs to again; what hangs on another record goes with that one's owner.
    ...(object.parent === undefined && { owner: typeof owner === 'string' ? owner : null }),
    cells: Object.keys(cells).length > 0 ? cells : null,
  };
  return planned(ctx, deps.plans, object, after, row);
}

function groupRows(rows: DeltaRow[]): Map<string, DeltaRow[]> {
  const groups = new Map<string, DeltaRow[]>();
  for (const row of rows) {
    const group = groups.get(row.record);
    if (group) group.push(row);
    else groups.set(row.record, [row]);
  }
  return groups;
}
