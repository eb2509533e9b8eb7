import sql, { type Sql } from 'sql-template-tag';
import type { Issue } from '../../../../domain/issue.ts';
import type { FieldValue } from '../../../../domain/schema/types.ts';
import type { Queryable } from '../../../platform/postgres/db.ts';
import { tableOf } from '../../../records/catalog/names.ts';

export type ChangeKind = 'change' | 'conflict' | 'refused' | 'unreadable' | 'new' | 'verify';

/** One thing that a sheet which came back would change, or can't. */
export interface SheetChange {
  row: number;
  /** Position of the field in the export; ROW: the row as a whole. */
  place: number;
  kind: ChangeKind;
  record: string | null;
  version: number | null;
  field: string | null;
  base: FieldValue;
  now: FieldValue;
  /** The value in the file; of a new row all its values by field, of a verification the fields. */
  file: FieldValue;
  text: string | null;
  issue: Issue | null;
  actor: string | null;
  at: string | null;
  take: boolean;
  [column: string]: unknown;
}

/** Place of what concerns a row as a whole. */
export const ROW = -1;

/** Something that concerns a row of the file as a whole; refused unless said otherwise. */
export function wholeRow(row: number, record: string | null, issue: SheetChange['issue']): SheetChange {
  return {
    row,
    place: ROW,
    kind: 'refused',
    record,
    version: null,
    field: null,
    base: null,
    now: null,
    file: null,
    text: null,
    issue,
    actor: null,
    at: null,
    take: false,
  };
}

export async function addChanges(on: Queryable, workspace: string, run: string, changes: SheetChange[]): Promise<void> {
  if (changes.length === 0) return;
  await on.query(sql`insert into ${tableOf(workspace, 'import_change')}
      (run, row, place, kind, record, version, field, base, now, file, text, issue, actor, at, take)
    select ${run}::uuid, c.row, c.place, c.kind, c.record, c.version, c.field, c.base, c.now, c.file, c.text, c.issue, c.actor, c.at, c.take
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as c(row int, place int, kind text, record uuid, version int, field text,
      base jsonb, now jsonb, file jsonb, text text, issue jsonb, actor text, at timestamptz, take boolean)
    on conflict (run, row, place) do nothing`);
}

export async function clearChanges(on: Queryable, workspace: string, run: string): Promise<void> {
  await on.query(sql`delete from ${tableOf(workspace, 'import_change')} where run = ${run}`);
  await on.query(sql`delete from ${tableOf(workspace, 'import_reject')} where run = ${run}`);
}

/** What was written is in history now; what was left stays to be read. */
export async function clearWritten(on: Queryable, workspace: string, run: string): Promise<void> {
  await on.query(sql`delete from ${tableOf(workspace, 'import_change')} where run = ${run} and take`);
}

const columns = sql`row, place, kind, record, version, field, base, now, file, text, issue, actor, at, take`;

/** A page of changes in the order of the file; `after`: the last one seen. */
export async function listChanges(
  on: Queryable,
  workspace: string,
  run: string,
  options: { kinds: readonly ChangeKind[]; limit: number; after?: { row: number; place: number } },
): Promise<SheetChange[]> {
  const after: Sql = options.after ? sql`and (row, place) > (${options.after.row}, ${options.after.place})` : sql``;
  const rows = await on.query<
    SheetChange & { at: Date | null }
  >(sql`select ${columns} from ${tableOf(workspace, 'import_change')}
    where run = ${run} and kind = any(${[...options.kinds]}) ${after} order by row, place limit ${options.limit}`);
  return rows.map(plain);
}

const plain = (row: Omit<SheetChange, 'at'> & { at: unknown }): SheetChange =>
  ({ ...row, at: row.at instanceof Date ? row.at.toISOString() : null }) as SheetChange;

/** Changes to be written, of the next `rows` rows from `from` on. */
export async function takenChanges(
  on: Queryable,
  workspace: string,
  run: string,
  from: number,
  rows: number,
): Promise<SheetChange[]> {
  const table = tableOf(workspace, 'import_change');
  const found = await on.query<SheetChange & { at: Date | null }>(sql`
    with next as (select distinct row from ${table} where run = ${run} and take and row >= ${from} order by row limit ${rows})
    select ${columns} from ${table} where run = ${run} and take and row in (select row from next) order by row, place`);
  return found.map(plain);
}

/** Rows with something to be written. */
export async function countTaken(on: Queryable, workspace: string, run: string): Promise<number> {
  const [counted] = await on.query<{ n: number }>(
    sql`select count(distinct row)::int as n from ${tableOf(workspace, 'import_change')} where run = ${run} and take`,
  );
  return counted?.n ?? 0;
}

/** Whether the file's value is written: of single cells, or of all of a kind. Only what can be written can be chosen. */
export async function choose(
  on: Queryable,
  workspace: string,
  run: string,
  take: boolean,
  which: { kind: ChangeKind } | { cells: readonly { row: number; place: number }[] },
): Promise<void> {
  const table = tableOf(workspace, 'import_change');
  const able = sql`run = ${run} and kind in ('change', 'conflict', 'new', 'verify')`;
  if ('kind' in which) await on.query(sql`update ${table} set take = ${take} where ${able} and kind = ${which.kind}`);
  else
    await on.query(sql`update ${table} c set take = ${take}
      from jsonb_to_recordset(${JSON.stringify(which.cells)}::jsonb) as w(row int, place int)
      where ${able} and c.row = w.row and c.place = w.place`);
}

/** The file wins wherever both sides changed. */
export const takeConflicts = (on: Queryable, workspace: string, run: string): Promise<void> =>
  choose(on, workspace, run, true, { kind: 'conflict' });

/** How many of each kind, and of these how many are to be written. */
export async function countChanges(
  on: Queryable,
  workspace: string,
  run: string,
): Promise<Record<ChangeKind, { all: number; taken: number }>> {
  const counts: Record<ChangeKind, { all: number; taken: number }> = {
    change: { all: 0, taken: 0 },
    conflict: { all: 0, taken: 0 },
    refused: { all: 0, taken: 0 },
    unreadable: { all: 0, taken: 0 },
    new: { all: 0, taken: 0 },
    verify: { all: 0, taken: 0 },
  };
  const rows = await on.query<{ kind: ChangeKind; n: number; taken: number }>(
    sql`select kind, count(*)::int as n, count(*) filter (where take)::int as taken from ${tableOf(workspace, 'import_change')}
      where run = ${run} group by kind`,
  );
  for (const row of rows) counts[row.kind] = { all: row.n, taken: row.taken };
  return counts;
}
