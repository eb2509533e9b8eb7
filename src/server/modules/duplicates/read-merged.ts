import sql from 'sql-template-tag';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Values } from '../../../domain/merge/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { byName, type CellsOf, readCells } from './members.ts';
import type { StoredMerge } from './merge-store.ts';

type Cells = Record<string, CellTuple | null>;

/** What history tells of a merge: the winner before it, right after it and now; the losers as they lie in the bin. */
export interface MergedState {
  before: Values;
  merged: Values;
  current: Values;
  version: number;
  living: boolean;
  /** Fields that a later merge (or its taking back) wrote last. */
  settled: Set<string>;
  /** Cells of the winner before the merge, of fields whose cell the merge replaced. */
  cellsBefore: Cells;
  /** Cells right after the merge, of fields whose cell was touched since. */
  cellsMerged: Cells;
  cells: Map<string, CellsOf>;
  losers: Map<string, { values: Values; deleted: boolean }>;
}

interface DeltaRow {
  version: number;
  change_set: string;
  kind: string;
  before: Record<string, unknown>;
}

export async function readMerged(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  merge: StoredMerge,
  unseal: (kept: { record: string; values: Record<string, unknown> }[]) => Promise<void>,
): Promise<MergedState | null> {
  const ids = [merge.winner, ...merge.losers];
  const rows = await on.query<TableRow & { deleted_at: Date | null }>(
    sql`select * from ${tableOf(workspace, object.name)} where id = any(${ids}::uuid[])`,
  );
  const winner = rows.find(({ id }) => id === merge.winner);
  if (!winner) return null;
  await unseal(rows.map((row) => ({ record: row.id, values: row })));
  // From the merge's own change of the winner on (it made none when nothing of the losers survived).
  const deltas = await on.query<DeltaRow & Record<string, unknown>>(sql`
    select d.version, d.change_set, coalesce(c.kind, '') as kind, d.before
    from ${tableOf(workspace, 'delta')} d left join ${tableOf(workspace, 'change_set')} c on c.id = d.change_set
    where d.record = ${merge.winner}::uuid and d.version >= ${merge.winnerVersion} order by d.version`);
  await unseal(deltas.map(({ before }) => ({ record: merge.winner, values: before })));
  const own = deltas.filter((delta) => delta.change_set === merge.changeSet);
  const later = deltas.filter((delta) => delta.change_set !== merge.changeSet && delta.version > merge.winnerVersion);
  const current = valuesOf(object, winner);
  const merged = { ...current, ...firstOf(later, plain) };
  const settled = new Map<string, boolean>();
  for (const delta of later)
    for (const name of Object.keys(plain(delta))) settled.set(name, delta.kind === 'merge' || delta.kind === 'unmerge');
  const cellsOf = (delta: DeltaRow): Cells => byName(object, (delta.before.$c ?? {}) as Cells);
  return {
    before: { ...merged, ...firstOf(own, plain) },
    merged,
    current,
    version: winner.version,
    living: winner.deleted_at === null,
    settled: new Set([...settled].flatMap(([name, yes]) => (yes ? [name] : []))),
    cellsBefore: firstOf(own, cellsOf),
    cellsMerged: firstOf(later, cellsOf),
    cells: await readCells(on, workspace, object, ids),
    losers: new Map(
      rows
        .filter(({ id }) => id !== merge.winner)
        .map((row) => [row.id, { values: valuesOf(object, row), deleted: row.deleted_at !== null }]),
    ),
  };
}

function plain({ before }: DeltaRow): Values {
  return Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('$'))) as Values;
}

/** Per key what the oldest of these replaced: the state before all of them. */
function firstOf<T>(deltas: DeltaRow[], parts: (delta: DeltaRow) => Record<string, T>): Record<string, T> {
  return Object.assign({}, ...deltas.map(parts).reverse()) as Record<string, T>;
}
