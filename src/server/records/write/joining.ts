import type { ObjectAccess } from '../../../domain/access/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { fieldOf, liveFields } from '../catalog/lookup.ts';
import { isSealed } from '../sealed/sealed-value.ts';
import type { Ctx, Joining } from '../types.ts';
import type { Draft } from './types.ts';

/**
 * What `WriteOptions.joining` allows, and nothing else. A merge moves values that are in the base already, so it is judged as a whole:
 * - its records need the right to merge and sight of every field (a hidden value would be lost unseen), within the actor's row scope;
 * - all that points to them moves along, also what is append-only or out of the actor's sight: such a change may set relations to the object
 *   that is merged, to one of its records, and nothing more.
 */
export function partOf(ctx: Ctx, draft: Draft, joining: Joining): Draft {
  const { change, object } = draft;
  const member = object.name === joining.object && joining.records.includes(draft.id);
  draft.part = member ? 'member' : 'reference';
  draft.set = { ...(change.set as Record<string, FieldValue> | undefined) };
  // Of fields that are encrypted, values come opened; one that could not be is refused.
  if (Object.values(draft.set).some(isSealed)) draft.sealed = true;
  if (member) {
    checkSight(draft, ctx.access.objects[object.name]);
    const cells = joining.cells?.[draft.id];
    if (cells && Object.keys(cells).length > 0 && change.op === 'update') draft.cells = cells;
    if (change.op === 'create') draft.issues.push({ code: 'merge-beyond' });
  } else if (
    change.op !== 'update' ||
    !Object.entries(draft.set).every(([name, to]) => pointsIn(draft, name, to, joining))
  )
    draft.issues.push({ code: 'merge-beyond' });
  return draft;
}

function checkSight(draft: Draft, access: ObjectAccess | undefined): void {
  if (!access?.actions.includes('merge')) {
    draft.issues.push({ code: 'action-forbidden' });
    return;
  }
  const unseen = liveFields(draft.object).find(({ name, rollup }) => {
    // Made anew from what points to the record then.
    if (rollup) return false;
    const mode = access.fields[name] ?? access.fields['*'] ?? 'hidden';
    return mode !== 'read' && mode !== 'edit';
  });
  if (unseen) draft.issues.push({ code: 'merge-needs-sight', field: unseen.name });
}

function pointsIn(draft: Draft, name: string, to: FieldValue, joining: Joining): boolean {
  const field = fieldOf(draft.object, name);
  return field?.type === 'relation' && field.target === joining.object && joining.records.includes(String(to));
}

/** In the order given: losers leave before the winner takes their unique values, and what points to them moves once it can. */
export function joiningRounds(drafts: Draft[]): Draft[][] {
  const rounds: Draft[][] = [];
  let last = '';
  for (const draft of drafts) {
    // Each record's own values apart: they may move from one to the other.
    const step = `${draft.part} ${draft.change.op} ${draft.part === 'member' && draft.change.op === 'update' ? draft.id : ''}`;
    const round = rounds.at(-1);
    if (round && step === last && !round.some(({ id }) => id === draft.id)) round.push(draft);
    else rounds.push([draft]);
    last = step;
  }
  return rounds;
}

/** Those that only point to merged records, and all others. */
export function splitReferences(drafts: Draft[]): [pointing: Draft[], own: Draft[]] {
  return [drafts.filter(({ part }) => part === 'reference'), drafts.filter(({ part }) => part !== 'reference')];
}
