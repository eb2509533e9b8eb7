import { AppError } from '../../../contract/errors.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import { proposeWinner, type Survivor, same, survivorship } from '../../../domain/merge/index.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, liveFields, objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Joining } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';
import { cellOf, type LoadedMember, loadMembers, mayChoose } from './members.ts';
import { countReferences, type Pointer, pointersTo } from './references.ts';

/** Records of one merge at most; the contract says the same. */
const MOST = 20;

export interface MergeWish {
  object: string;
  records: readonly string[];
  winner?: string | undefined;
  choices?: Readonly<Record<string, string>> | undefined;
}

export interface MergePlan {
  object: ObjectDef;
  winner: string;
  losers: string[];
  members: LoadedMember[];
  /** Of what their values point at, by id. */
  titles: Record<string, string>;
  survivors: Survivor[];
  pointers: Pointer[];
  moves: { pointer: Pointer; count: number }[];
  /** Deletions and the winner's values; what points to the losers comes after. */
  changes: Change[];
  joining: Joining;
}

/** Everything a merge would do, but for the list of records that move. Reads as the caller may read. */
export async function planMerge(deps: DuplicatesDeps, ctx: Ctx, wish: MergeWish): Promise<MergePlan> {
  const ids = [...new Set(wish.records)];
  if (ids.length < 2 || ids.length > MOST || (wish.winner !== undefined && !ids.includes(wish.winner)))
    throw new AppError('merge-members', { max: MOST });
  const catalog = await deps.catalog.get(ctx.workspace);
  const object = objectOf(catalog, wish.object);
  const pointers = pointersTo(catalog, object.name);
  const counts = await countReferences(deps.db, ctx.workspace, pointers, ids);
  const references = new Map<string, number>();
  for (const { id, count } of counts) references.set(id, (references.get(id) ?? 0) + count);
  const { members, titles } = await loadMembers(deps, ctx, object, ids, references);
  const winner = wish.winner ?? proposeWinner(members);
  const losers = ids.filter((id) => id !== winner);
  const survivors = survivorship(
    liveFields(object).filter((field) => !field.rollup),
    members,
    winner,
    allowed(ctx, object, wish.choices),
  );
  const moves = pointers.flatMap((pointer) => {
    const count = counts
      .filter((one) => one.object === pointer.object && one.field === pointer.field && one.id !== winner)
      .reduce((sum, one) => sum + one.count, 0);
    return count > 0 ? [{ pointer, count }] : [];
  });
  const { set, cells } = valuesOfWinner(object, members, winner, survivors);
  const changes: Change[] = [
    ...losers.map((id): Change => ({ op: 'delete', object: object.name, id, version: versionOf(members, id) })),
    { op: 'update', object: object.name, id: winner, version: versionOf(members, winner), set },
  ];
  const joining = { object: object.name, records: ids, cells: { [winner]: cells } };
  return { object, winner, losers, members, titles, survivors, pointers, moves, changes, joining };
}

/** Fields the caller may only read go by their rule. */
function allowed(ctx: Ctx, object: ObjectDef, choices: MergeWish['choices'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(choices).filter(([name]) => mayChoose(ctx, object, name)));
}

function valuesOfWinner(
  object: ObjectDef,
  members: LoadedMember[],
  winner: string,
  survivors: Survivor[],
): { set: Record<string, FieldValue>; cells: Record<string, CellTuple> } {
  const own = members.find(({ id }) => id === winner);
  const set: Record<string, FieldValue> = {};
  const cells: Record<string, CellTuple> = {};
  for (const { field, value, cellFrom } of survivors) {
    const moved = !same(own?.values[field], value);
    if (moved) set[field] = value;
    const source = members.find(({ id }) => id === cellFrom);
    // The confidence of a value goes where the value goes; a merge is no reason to believe it more or less.
    if (source && value !== null && fieldOf(object, field)?.tracked && (moved || cellFrom !== winner))
      cells[field] = cellOf(source.cells, field);
  }
  return { set, cells };
}

function versionOf(members: LoadedMember[], id: string): number {
  return members.find((member) => member.id === id)?.row.version ?? 1;
}
