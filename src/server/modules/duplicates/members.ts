import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Clock, Member } from '../../../domain/merge/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';

/** A record that takes part, with all that rules compare. */
export interface LoadedMember extends Member {
  row: Row;
  cells: CellsOf;
}

/** Freshness cells of one record; a field without one of its own has the default. */
export interface CellsOf {
  own: Readonly<Record<string, CellTuple>>;
  fallback: CellTuple;
}

/** The records of a merge, as far as the caller sees them; `record-unknown` when one is out of sight or in the bin. */
export async function loadMembers(
  deps: DuplicatesDeps,
  ctx: Ctx,
  object: ObjectDef,
  ids: readonly string[],
  references: ReadonlyMap<string, number>,
): Promise<{ members: LoadedMember[]; titles: Record<string, string> }> {
  const filter = { field: '$id', op: 'in' as const, value: [...ids] };
  const { rows, titles = {} } = await deps.read.list(ctx, {
    object: object.name,
    filter,
    page: { limit: ids.length },
    count: 'none',
    freshness: true,
  });
  const [cells, changed] = await Promise.all([
    readCells(deps.db, ctx.workspace, object, ids),
    readChanged(deps.db, ctx.workspace, ids),
  ]);
  const members = ids.map((id) => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new AppError('record-unknown');
    const clocks = Object.fromEntries(
      Object.keys(row.values).map((name) => [name, clockOf(row, name, changed.get(`${id} ${name}`))]),
    );
    const own = cells.get(id) ?? NO_CELLS;
    return {
      id,
      createdAt: row.createdAt,
      values: row.values,
      clocks,
      references: references.get(id) ?? 0,
      row,
      cells: own,
    };
  });
  return { members, titles };
}

function clockOf(row: Row, field: string, changed: number | undefined): Clock {
  const cell = row.freshness?.cells[field];
  const seconds = (at: string) => Math.floor(Date.parse(at) / 1000);
  return {
    changedAt: cell?.changedAt ? seconds(cell.changedAt) : (changed ?? seconds(row.createdAt)),
    verifiedAt: cell?.verifiedAt ? seconds(cell.verifiedAt) : null,
    confidence: cell?.confidence ?? null,
  };
}

const NO_CELLS: CellsOf = { own: {}, fallback: [0, 0, null, null, null] };

/** Cells as stored, by field name. */
export async function readCells(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  ids: readonly string[],
): Promise<Map<string, CellsOf>> {
  const rows = await on.query<{
    record: string;
    base_at: Date;
    base_confidence: number;
    cells: Record<string, CellTuple> | null;
  }>(sql`select record, base_at, base_confidence, cells from ${tableOf(workspace, 'freshness')}
    where record = any(${ids}::uuid[])`);
  return new Map(
    rows.map((row) => [
      row.record,
      {
        own: byName(object, row.cells ?? {}),
        fallback: [row.base_confidence, Math.floor(row.base_at.getTime() / 1000), null, null, null],
      },
    ]),
  );
}

/** Cells are stored by the field's number. */
export function byName<T>(object: ObjectDef, cells: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(cells).flatMap(([id, cell]) => {
      const field = object.fields.find((one) => one.id === Number(id));
      return field ? [[field.name, cell]] : [];
    }),
  );
}

/** The cell a value takes with it to another record. */
export function cellOf(cells: CellsOf, field: string): CellTuple {
  return cells.own[field] ?? cells.fallback;
}

/** When each field was last changed, for those that ever were: `record field` → epoch seconds. */
async function readChanged(on: Queryable, workspace: string, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await on.query<{ record: string; field: string; at: number }>(sql`
    select d.record, k as field, extract(epoch from max(d.at))::float8 as at
    from ${tableOf(workspace, 'delta')} d, jsonb_object_keys(d.before) k
    where d.record = any(${ids}::uuid[]) and d.kind = 'u' and k not like '$%' group by 1, 2`);
  return new Map(rows.map(({ record, field, at }) => [`${record} ${field}`, Math.floor(at)]));
}

/** A setting of a field that the caller may choose by hand. */
export function mayChoose(ctx: Ctx, object: ObjectDef, name: string): boolean {
  const access = ctx.access.objects[object.name];
  return fieldOf(object, name) !== undefined && (access?.fields[name] ?? access?.fields['*']) === 'edit';
}
