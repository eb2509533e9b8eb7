import { AppError } from '../../../contract/errors.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import { type Parted, part, same, type Values } from '../../../domain/merge/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { liveFields, objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Joining } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';
import { cellOf } from './members.ts';
import { findMerge, followRedirect, type StoredMerge } from './merge-store.ts';
import { type MovedReference, readMoved } from './moved-references.ts';
import { type MergedState, readMerged } from './read-merged.ts';
import { type Pointer, pointersTo } from './references.ts';

export interface UnmergePlan {
  object: ObjectDef;
  merge: StoredMerge;
  pointers: Pointer[];
  moved: MovedReference[];
  parted: Parted;
  restored: string[];
  /** Values and life of the merged records; what points to them comes after. */
  changes: Change[];
  joining: Joining;
}

/** What taking a merge back means now. Refused when it was taken back already, or the winner went into another record since. */
export async function planUnmerge(
  deps: DuplicatesDeps,
  ctx: Ctx,
  id: string,
  answers: Readonly<Record<string, string>> = {},
): Promise<UnmergePlan> {
  const { workspace } = ctx;
  const merge = await findMerge(deps.db, workspace, id);
  if (!merge || !ctx.access.objects[merge.object]) throw new AppError('change-set-unknown');
  if (merge.undoneAt !== null) throw new AppError('merge-undone');
  const catalog = await deps.catalog.get(workspace);
  const object = objectOf(catalog, merge.object);
  const state = await readMerged(deps.db, workspace, object, merge, (kept) => deps.read.unseal(ctx, object.name, kept));
  if (state && !state.living && (await followRedirect(deps.db, workspace, object.name, merge.winner)))
    throw new AppError('merge-order');
  if (!state?.living) throw new AppError('record-unknown');
  // Out of the caller's rows it is not there at all.
  await deps.read.get(ctx, object.name, merge.winner);
  const members = [
    { id: merge.winner, before: state.before },
    ...[...state.losers].map(([loser, { values }]) => ({ id: loser, before: values })),
  ];
  const { merged, current, settled } = state;
  const parted = part({ fields: liveFields(object), members, merged, current, settled, answers });
  const pointers = pointersTo(catalog, object.name);
  const moved = await readMoved(deps.db, workspace, pointers, merge);
  const restored = [...state.losers].filter(([, loser]) => loser.deleted).map(([loser]) => loser);
  const cells = Object.fromEntries(members.map((one) => [one.id, cellsOf(object, one.id, merge, state, parted)]));
  const update = (one: string, now: Values): Change[] => {
    const set = changesOf(now, parted.values[one] ?? {});
    // Also when nothing changes: the door looks whether the caller may touch each of them.
    const version = one === merge.winner ? { version: state.version } : {};
    return [{ op: 'update', object: object.name, id: one, set, ...version }];
  };
  const changes: Change[] = [
    // First, so that the losers find their unique values free.
    ...update(merge.winner, current),
    ...restored.map((loser): Change => ({ op: 'restore', object: object.name, id: loser })),
    ...[...state.losers].flatMap(([loser, { values }]) => update(loser, values)),
  ];
  const joining = { object: object.name, records: members.map((one) => one.id), cells };
  return { object, merge, pointers, moved, parted, restored, changes, joining };
}

function changesOf(now: Values, wanted: Values): Values {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !same(now[name], value)));
}

/**
 * Confidence is parted like values: whoever an edit is about takes the cell it has now; a confirmation of a value nobody edited is of those who had
 * said it, the winner first. The winner's other cells are as before the merge.
 */
function cellsOf(
  object: ObjectDef,
  id: string,
  merge: StoredMerge,
  state: MergedState,
  parted: Parted,
): Record<string, CellTuple | null> {
  const cells: Record<string, CellTuple | null> = {};
  const winnerNow = state.cells.get(merge.winner);
  for (const { name, tracked } of liveFields(object)) {
    if (!tracked || !winnerNow) continue;
    const touched = name in state.cellsMerged;
    const takes = (parted.about[name] ?? (touched ? sayers(merge, state, name) : [])).includes(id);
    if (id !== merge.winner) {
      if (takes) cells[name] = cellOf(winnerNow, name);
      continue;
    }
    const cellsThen = name in state.cellsBefore ? state.cellsBefore : state.cellsMerged;
    const replaced = name in cellsThen ? (cellsThen[name] ?? null) : undefined;
    if (takes || replaced === undefined) continue;
    if (JSON.stringify(replaced) !== JSON.stringify(winnerNow.own[name] ?? null)) cells[name] = replaced;
  }
  return cells;
}

/** Who had said the value that was there after the merge: the winner when it did, else all who had. */
function sayers(merge: StoredMerge, state: MergedState, field: string): string[] {
  if (same(state.before[field], state.merged[field])) return [merge.winner];
  return [...state.losers].filter(([, { values }]) => same(values[field], state.merged[field])).map(([id]) => id);
}
