import type { Outcome } from '../../../domain/change/types.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fieldOf, hasSealed, sealedFields } from '../catalog/lookup.ts';
import type { Ctx, WriteResult } from '../types.ts';
import type { Hold } from '../write/guard.ts';
import type { Draft, Effect, Stored } from '../write/types.ts';
import { LOCKED } from './open-rows.ts';
import { isSealed } from './sealed-value.ts';
import type { PlainAt, SealedAt, Sealing } from './sealing.ts';

/** Whether a batch has to do with encrypted values. Nearly none has, and those go their way without a step more. */
export const touchesSealed = (drafts: readonly Draft[]): boolean =>
  drafts.some(({ object, sealed }) => sealed || sealedFields(object).length > 0);

/**
 * Before deciding: opens what records hold and what was kept sealed in what is wanted (a proposal), so that values are compared, judged and
 * refused as ever. A field whose key is not at hand can't be written.
 */
export async function openForDrafts(
  sealing: Sealing | undefined,
  on: Queryable,
  ctx: Ctx,
  drafts: readonly Draft[],
  stored: ReadonlyMap<string, Stored>,
): Promise<void> {
  const slots: (SealedAt & { values: Record<string, unknown>; draft: Draft })[] = [];
  const collect = (draft: Draft, values: Record<string, unknown>): void => {
    for (const [field, sealed] of Object.entries(values))
      if (isSealed(sealed)) slots.push({ object: draft.object.name, field, record: draft.id, sealed, values, draft });
  };
  for (const draft of drafts) {
    refuseLockedWord(draft);
    if (draft.sealed) collect(draft, draft.set);
    const found = stored.get(draft.id);
    if (found && sealedFields(draft.object).length > 0) collect(draft, found.values);
  }
  if (slots.length === 0) return;
  const opened = await sealing?.open(on, ctx.workspace, slots);
  for (const [place, { field, values, draft }] of slots.entries()) {
    const value = opened?.[place] ?? null;
    if (value !== null) values[field] = value;
    else if (field in draft.set) draft.issues.push({ code: 'field-locked', field });
  }
}

/** What stands for a locked value is none: a program that reads and writes back must not make it one. */
function refuseLockedWord({ object, set, issues }: Draft): void {
  for (const [field, value] of Object.entries(set)) {
    const def = value === LOCKED.zh || value === LOCKED.en ? fieldOf(object, field) : undefined;
    if (def && mayBeSealed(def)) issues.push({ code: 'field-locked', field });
  }
}

/** After deciding: what is written is sealed, and what is replaced stays as sealed as it stood. */
export async function sealEffects(
  sealing: Sealing | undefined,
  on: Queryable,
  ctx: Ctx,
  effects: readonly Effect[],
): Promise<Effect[]> {
  if (!effects.some(({ draft }) => sealedFields(draft.object).length > 0)) return [...effects];
  const slots: Slot[] = [];
  const closing = <Value>({ object, id }: Draft, from: Record<string, Value>): Record<string, Value> => {
    const values = { ...from };
    slots.push(...plainSlots(object, id, values));
    return values;
  };
  const closed = effects.map((effect): Effect => {
    const { draft } = effect;
    if (effect.kind === 'create') return { ...effect, values: closing(draft, effect.values) };
    if (effect.kind !== 'update') return effect;
    const before = { ...effect.before };
    for (const { name } of sealedFields(draft.object))
      if (name in before && isSealed(effect.stored.row[name])) before[name] = effect.stored.row[name];
    return { ...effect, set: closing(draft, effect.set), before: closing(draft, before) };
  });
  await sealSlots(sealing, on, ctx.workspace, slots);
  return closed;
}

/** Protected values that wait for approval are kept sealed; those that wait in review are sealed where they are put down (modules/proposals). */
export async function sealHolds(
  sealing: Sealing | undefined,
  on: Queryable,
  ctx: Ctx,
  holds: readonly Hold[],
): Promise<Hold[]> {
  const closed = holds.map((hold): Hold => {
    const { approval, before } = hold;
    return approval ? { ...hold, approval: { ...approval }, before: { ...before } } : hold;
  });
  await sealKept(
    sealing,
    on,
    ctx.workspace,
    closed.flatMap(({ draft, approval, before }) =>
      approval ? [approval, before].map((values) => ({ object: draft.object, record: draft.id, values })) : [],
    ),
  );
  return closed;
}

/** Seals values of encrypted fields that are kept beside records, in place. */
export async function sealKept(
  sealing: Sealing | undefined,
  on: Queryable,
  workspace: string,
  kept: readonly { object: ObjectDef; record: string; values: Record<string, unknown> }[],
): Promise<void> {
  const slots = kept.flatMap(({ object, record, values }) => plainSlots(object, record, values));
  await sealSlots(sealing, on, workspace, slots);
}

/** An answer as it may be kept for a repetition of the request: without values of encrypted fields. */
export function withoutSealed(catalog: Catalog, result: WriteResult): WriteResult {
  if (!hasSealed(catalog)) return result;
  const kept = (outcome: Outcome): Outcome => {
    const object = catalog.objects.find(({ name }) => name === outcome.object);
    const names = new Set(object && sealedFields(object).map(({ name }) => name));
    const values = Object.entries(outcome.values ?? {}).filter(([name]) => !names.has(name));
    // What is wrong with a value may quote it.
    const issues = outcome.issues?.map((issue) =>
      issue.field !== undefined && names.has(issue.field) ? { code: issue.code, field: issue.field } : issue,
    );
    return { ...outcome, ...(outcome.values && { values: Object.fromEntries(values) }), ...(issues && { issues }) };
  };
  return { ...result, outcomes: result.outcomes.map(kept) };
}

type Slot = PlainAt & { values: Record<string, unknown> };

/** Where values in plain stand that are to be stored encrypted. */
function plainSlots(object: ObjectDef, record: string, values: Record<string, unknown>): Slot[] {
  return Object.entries(values).flatMap(([field, value]) =>
    typeof value === 'string' && !isSealed(value) && fieldOf(object, field)?.encrypted
      ? [{ object: object.name, field, record, value, values }]
      : [],
  );
}

async function sealSlots(
  sealing: Sealing | undefined,
  on: Queryable,
  workspace: string,
  slots: readonly Slot[],
): Promise<void> {
  if (slots.length === 0) return;
  if (!sealing) throw new Error('encrypted fields, and nothing to encrypt with');
  const sealed = await sealing.seal(on, workspace, slots);
  for (const [place, { values, field }] of slots.entries()) values[field] = sealed[place];
}
