import { applyEvidence, initialConfidence } from '../../../domain/freshness/cell.ts';
import { type CellTuple, cellState, recordFreshness } from '../../../domain/freshness/plan.ts';
import { afterSignal } from '../../../domain/freshness/tuple.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { rolesOf } from '../catalog/lookup.ts';
import type { Ctx } from '../types.ts';
import type { Draft, FreshnessRow, PlanSource, Stored, Surroundings } from './types.ts';

type Values = Record<string, FieldValue>;

/** Freshness of a new record: one default for all its cells, so that a million imported rows carry no cell states. */
export function freshnessOfCreate(
  ctx: Ctx,
  plans: PlanSource,
  draft: Draft,
  values: Values,
  around: Surroundings,
  confirmedAt: Date | undefined,
): FreshnessRow | null {
  const { object, id } = draft;
  if (rolesOf(object).tracked.length === 0) return null;
  const row: FreshnessRow = {
    record: id,
    object: object.id,
    ...holder(object, id, values, around, null),
    segment: 0,
    baseAt: confirmedAt ?? ctx.at,
    baseConfidence: initialConfidence(ctx.source),
    cells: null,
    missing: null,
    score: 0,
    scoredAt: ctx.at,
    dueAt: null,
    dueValue: 0,
    planVersion: 0,
  };
  if (draft.verify) {
    row.cells = {};
    for (const field of draft.verify.fields)
      row.cells[field.id] = verified(ctx, plans, draft, undefined, row, field, null);
  }
  return planned(ctx, plans, object, values, row);
}

/**
 * Freshness after a change: cells that got a new value start anew with the confidence of their source, verified ones rise, all others stay.
 * @returns the row and, for the delta, the cells as they were (null where the default stood)
 */
export function freshnessOfUpdate(
  ctx: Ctx,
  plans: PlanSource,
  draft: Draft,
  before: FreshnessRow | null,
  after: Values,
  changed: string[],
  around: Surroundings,
): { row: FreshnessRow | null; cellsBefore: Record<string, CellTuple | null> | null; signalled: string[] } {
  const { object, id } = draft;
  const { tracked } = rolesOf(object);
  if (!before || tracked.length === 0) return { row: null, cellsBefore: null, signalled: [] };
  const cells: Record<string, CellTuple> = { ...before.cells };
  const cellsBefore: Record<string, CellTuple | null> = {};
  const seconds = Math.floor(ctx.at.getTime() / 1000);
  for (const field of tracked) {
    if (!changed.includes(field.name) || draft.respelled) continue;
    cellsBefore[field.id] = before.cells?.[field.id] ?? null;
    if ((after[field.name] ?? null) === null) delete cells[field.id];
    else cells[field.id] = [initialConfidence(ctx.source), seconds, ctx.source, ctx.actor, seconds];
  }
  for (const field of draft.verify?.fields ?? []) {
    if (!field.tracked) continue;
    if (!(field.id in cellsBefore)) cellsBefore[field.id] = before.cells?.[field.id] ?? null;
    const changedAt = changed.includes(field.name) ? seconds : null;
    cells[field.id] = verified(ctx, plans, draft, cells[field.id], before, field, changedAt);
  }
  for (const [name, cell] of Object.entries(draft.cells ?? {})) {
    const field = tracked.find((one) => one.name === name);
    if (!field) continue;
    cellsBefore[field.id] = before.cells?.[field.id] ?? null;
    if (cell && (after[name] ?? null) !== null) cells[field.id] = cell;
    else delete cells[field.id];
  }
  const signalled: string[] = [];
  for (const [field, cell] of signalledCells(ctx, plans, draft, { ...before, cells }, after)) {
    // A value that came with the change is what the signal was about only if it was there before.
    if (field.id in cellsBefore) continue;
    cellsBefore[field.id] = before.cells?.[field.id] ?? null;
    cells[field.id] = cell;
    signalled.push(field.name);
  }
  const parentMoved = object.parent !== undefined && changed.includes(object.parent);
  const ownerMoved = object.owner !== undefined && changed.includes(object.owner);
  const row: FreshnessRow = {
    ...before,
    ...(parentMoved || ownerMoved ? holder(object, id, after, around, before) : {}),
    cells: Object.keys(cells).length > 0 ? cells : null,
  };
  return { row: planned(ctx, plans, object, after, row), cellsBefore, signalled };
}

/** Cells that the draft's evidence moves, as they are afterwards. */
function signalledCells(
  ctx: Ctx,
  plans: PlanSource,
  draft: Draft,
  row: FreshnessRow,
  values: Values,
): [field: FieldDef, cell: CellTuple][] {
  const { evidence, object } = draft;
  if (!evidence) return [];
  const { plan } = plans.of(ctx.workspace, object);
  const at = Math.floor(evidence.at.getTime() / 1000);
  const baseAt = Math.floor(row.baseAt.getTime() / 1000);
  return evidence.fields.flatMap((field): [FieldDef, CellTuple][] => {
    if (!field.tracked || (values[field.name] ?? null) === null) return [];
    const belief = cellState(plan, { ...row, missing: null }, field.id, evidence.at)?.confidence;
    const cell = belief === undefined ? null : afterSignal(row.cells?.[field.id], belief, evidence.kind, at, baseAt);
    return cell ? [[field, cell]] : [];
  });
}

/** In the recycle bin nothing is due; what comes back is planned anew. */
export function freshnessOfLife(
  ctx: Ctx,
  plans: PlanSource,
  object: ObjectDef,
  stored: Stored,
  kind: 'delete' | 'restore',
): FreshnessRow | null {
  if (!stored.freshness) return null;
  if (kind === 'delete') return { ...stored.freshness, dueAt: null, dueValue: 0 };
  return planned(ctx, plans, object, stored.values, stored.freshness);
}

/** Writes score, due time and value of the plan in force into a row. */
export function planned(
  ctx: Ctx,
  plans: PlanSource,
  object: ObjectDef,
  values: Values,
  row: FreshnessRow,
): FreshnessRow {
  const { plan, segment } = plans.of(ctx.workspace, object);
  const missing: number[] = [];
  for (const field of rolesOf(object).tracked) if ((values[field.name] ?? null) === null) missing.push(field.id);
  const state = { ...row, missing: missing.length > 0 ? missing : null, segment: segment(values) };
  const result = recordFreshness(plan, state, ctx.at);
  return {
    ...state,
    score: result.score,
    scoredAt: ctx.at,
    dueAt: result.dueAt === null ? null : new Date(result.dueAt),
    dueValue: result.dueValue,
    planVersion: plan.version,
  };
}

function verified(
  ctx: Ctx,
  plans: PlanSource,
  draft: Draft,
  cell: CellTuple | undefined,
  row: FreshnessRow,
  field: FieldDef,
  changed: number | null,
): CellTuple {
  const method = draft.verify?.method ?? 'other';
  const at = Math.floor((draft.verify?.at ?? ctx.at).getTime() / 1000);
  const belief = cell ? cell[0] : row.baseConfidence;
  // Older evidence than what is known does not set the clock back.
  const asOf = Math.max(at, cell ? cell[1] : 0);
  const reliability = plans.reliability?.(ctx.workspace, ctx.actor) ?? 1;
  const after =
    reliability < 1
      ? applyEvidence(beliefNow(ctx, plans, draft, cell, row, field) ?? belief, method, reliability)
      : applyEvidence(belief, method);
  return [after, asOf, method, ctx.actor, changed ?? cell?.[4] ?? null];
}

/** Belief as it has aged until now: where a word counts in part, the rest stays what it was. */
function beliefNow(
  ctx: Ctx,
  plans: PlanSource,
  { object }: Draft,
  cell: CellTuple | undefined,
  row: FreshnessRow,
  field: FieldDef,
): number | undefined {
  const { plan } = plans.of(ctx.workspace, object);
  const state = { ...row, cells: cell ? { [field.id]: cell } : null, missing: null };
  return cellState(plan, state, field.id, ctx.at)?.confidence;
}

/** Who must check it and with whom it is checked in one contact: a contact goes with its customer and the customer's owner. */
function holder(
  object: ObjectDef,
  id: string,
  values: Values,
  around: Surroundings,
  before: FreshnessRow | null,
): { owner: string | null; bundle: string } {
  const own = object.owner ? text(values[object.owner]) : null;
  const parent = object.parent ? text(values[object.parent]) : null;
  if (!parent) return { owner: own, bundle: id };
  const owner = around.related.get(parent)?.owner ?? (before?.bundle === parent ? before.owner : null);
  return { owner: owner ?? own, bundle: parent };
}

function text(value: FieldValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
