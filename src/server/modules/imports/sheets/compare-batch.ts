import type { Change, Outcome } from '../../../../domain/change/types.ts';
import { parseField } from '../../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../../domain/fields/types.ts';
import { rawCell } from '../../../../domain/round-trip/written-cell.ts';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { type Cell, cellText, isEmpty } from '../../../platform/tabular/cell.ts';
import type { TableRow } from '../../../platform/tabular/table-rows.ts';
import type { Ctx } from '../../../records/types.ts';
import { relationWords } from '../../round-trip/index.ts';
import { resolveNames } from '../resolve-names.ts';
import type { ReadRow } from '../row-values.ts';
import { type SheetChange, wholeRow } from './change-store.ts';
import {
  type Compared,
  compareRows,
  entry,
  type KnownRow,
  type NamedCell,
  type SheetRoute,
  settle,
} from './compare-rows.ts';
import { type Comparison, personNamed } from './comparison.ts';
import type { KeyedRow, SortedRows } from './known-rows.ts';
import { newRows } from './new-rows.ts';

export interface BatchResult {
  changes: SheetChange[];
  agreed: number;
  spoilt: number;
}

/** Compares a batch of the file with the base: three ways for known rows, by the rules of every import for new ones. */
export async function compareBatch(at: Comparison, ctx: Ctx, rows: SortedRows): Promise<BatchResult> {
  const { deps } = at;
  const env = deps.env(ctx);
  const { known, fresh, changes } = await knowRows(at, ctx, rows);
  const defs = at.routes.flatMap(({ field }) => (field ? [field] : []));
  const titles = await relationWords(
    deps,
    ctx,
    defs,
    known.map(({ since }) => ({ values: since.base })),
  );
  const compared = compareRows(known, at.routes, { actor: ctx.actor, env, text: at.text, narrow: at.narrow, titles });
  await settleNames(at, ctx, compared);
  const verified = at.verified ? verifications(at, known, compared, env) : [];
  const byNumber = new Map(known.map((row) => [row.number, row]));
  const alive = compared.changes.map((change) => gone(change, byNumber.get(change.row)) ?? change);
  changes.push(...alive, ...verified);
  await tryOut(at, ctx, changes);
  changes.push(...(await newRows(at, ctx, fresh, env)));
  return { changes, agreed: compared.agreed, spoilt: compared.spoilt };
}

async function knowRows(
  { deps, object, routes }: Comparison,
  ctx: Ctx,
  { keyed, fresh, refused }: SortedRows,
): Promise<{ known: KnownRow[]; fresh: TableRow[]; changes: SheetChange[] }> {
  const seen = keyed.map(({ key }) => ({ id: key.record, version: key.version }));
  const found = await deps.read.since(ctx, object.name, seen);
  const known: KnownRow[] = [];
  const added = [...fresh];
  const changes = refused.map(({ row, issue }) => wholeRow(row.number, null, issue));
  for (const row of keyed) {
    const since = found.get(row.key.record);
    if (!since) changes.push(wholeRow(row.number, row.key.record, { code: 'record-unknown' }));
    else if (row.again === undefined)
      known.push({ number: row.number, cells: row.cells, sheet: row.sheet, record: row.key.record, since });
    // A copied row under another name is how people add a record like this one.
    else if (isRenamed(row, since.base[object.title], object, routes))
      added.push({ number: row.number, cells: [...row.cells] });
    else if (isEdited(row, routes))
      changes.push(wholeRow(row.number, row.key.record, { code: 'sheet-key-twice', params: { row: row.again } }));
  }
  return { known, fresh: added, changes };
}

function isRenamed(row: KeyedRow, title: unknown, object: ObjectDef, routes: readonly SheetRoute[]): boolean {
  const index = routes.find(({ column }) => column.field === object.title)?.index;
  const text = index === undefined ? '' : cellText(row.cells[index] ?? '').trim();
  return text !== '' && text !== title;
}

/** An empty repetition is nothing to speak of. */
const isEdited = (row: KeyedRow, routes: readonly SheetRoute[]): boolean =>
  routes.some(({ index }) => !isEmpty(row.cells[index]));

/** Edits of a record that lies in the recycle bin. */
function gone(change: SheetChange, row: KnownRow | undefined): SheetChange | null {
  if (change.kind !== 'change' && change.kind !== 'conflict') return null;
  if (!row?.since.deleted) return null;
  const who = row.since.changed.$deleted;
  return {
    ...change,
    kind: 'refused',
    issue: { code: 'sheet-deleted' },
    actor: who?.by ?? null,
    at: who?.at ?? null,
    take: false,
  };
}

/** Names in edited cells become ids: as they were written at the export, as things are called now, as they were called then. */
async function settleNames(at: Comparison, ctx: Ctx, compared: Compared): Promise<void> {
  const { deps, object, catalog } = at;
  const open: NamedCell[] = [];
  for (const named of compared.named) {
    const { row, route, text } = named;
    const person = route.column.def.type === 'user' ? personNamed(row.sheet, text) : undefined;
    if (person !== undefined) settle(compared, row, route, person, text);
    else open.push(named);
  }
  const unchanged = await calledThen(at, ctx, open);
  const rest = open.filter((named) => !unchanged.has(named));
  if (rest.length === 0) return;
  const read: ReadRow[] = rest.map(({ row, route, text }) => ({
    number: row.number,
    cells: [],
    values: new Map(),
    names: route.field ? [{ object, field: route.field, text, header: route.column.header }] : [],
    problems: [],
    warnings: [],
  }));
  await resolveNames(deps.db, deps.workspace, catalog, read);
  for (const [index, { row, route, text }] of rest.entries()) {
    const [problem] = read[index]?.problems ?? [];
    if (problem) compared.changes.push(entry(row, route, 'unreadable', null, text, problem.issue));
    else settle(compared, row, route, read[index]?.values.get(object)?.[route.column.field] ?? null, text);
  }
}

/** Cells that name their record as it was called at the export. */
async function calledThen({ deps }: Comparison, ctx: Ctx, cells: readonly NamedCell[]): Promise<Set<NamedCell>> {
  const then = new Set<NamedCell>();
  const groups = new Map<string, NamedCell[]>();
  for (const cell of cells) {
    const { field } = cell.route.column;
    if (cell.route.column.def.type === 'relation' && (cell.row.since.base[field] ?? null) !== null)
      groups.set(cell.row.sheet.id, [...(groups.get(cell.row.sheet.id) ?? []), cell]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const defs = [...new Set(group.map(({ route }) => route.column.def))];
    const rows = group.map(({ row }) => ({ values: row.since.base }));
    const words = await relationWords(deps, ctx, defs, rows, first.row.sheet.at.toISOString());
    for (const cell of group)
      if (words.get(String(cell.row.since.base[cell.route.column.field])) === cell.text) then.add(cell);
  }
  return then;
}

const YES: FieldDef = { id: 0, object: '', name: 'verified', label: { zh: '', en: '' }, type: 'boolean', position: 0 };

/** “Verified” vouches for what stands in the row as it was exported and as it still is; what the file changes is new by itself. */
function verifications(
  { verified }: Comparison,
  known: readonly KnownRow[],
  compared: Compared,
  env: ParseEnv,
): SheetChange[] {
  if (!verified) return [];
  return known.flatMap((row): SheetChange[] => {
    const cell: Cell = row.cells[verified.index] ?? '';
    if (isEmpty(cell) || row.since.deleted) return [];
    const answer = parseField(rawCell(cell, YES), YES, env);
    const base = { ...wholeRow(row.number, row.record, null), place: verified.place, version: row.since.version };
    if (!answer.ok)
      return [
        {
          ...base,
          kind: 'unreadable',
          text: cellText(cell),
          issue: { code: 'sheet-verified', params: { value: cellText(cell) } },
        },
      ];
    const fields = compared.untouched.get(row) ?? [];
    return answer.value === true && fields.length > 0 ? [{ ...base, kind: 'verify', file: fields, take: true }] : [];
  });
}

/** Asks the write door what it would refuse, with the same change that would be written; its reasons go to their cells. */
async function tryOut({ deps, object }: Comparison, ctx: Ctx, changes: SheetChange[]): Promise<void> {
  const rows = new Map<string, SheetChange[]>();
  for (const change of changes)
    if (change.record !== null && (change.kind === 'change' || change.kind === 'conflict' || change.kind === 'verify'))
      rows.set(change.record, [...(rows.get(change.record) ?? []), change]);
  if (rows.size === 0) return;
  const entries = [...rows.values()];
  const { outcomes } = await deps.write.write(
    ctx,
    entries.map((cells) => changeOf(object, cells)),
    { atomic: false, canonical: true, dryRun: true },
  );
  for (const [index, cells] of entries.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected') refuseCells(cells, outcome);
    else if (outcome?.issues)
      for (const cell of cells) cell.issue ??= outcome.issues.find((issue) => issue.field === cell.field) ?? null;
  }
}

function refuseCells(cells: SheetChange[], outcome: Outcome): void {
  const issues = (outcome.issues ?? []).filter((issue) => issue.level !== 'warning');
  const guilty = cells.filter((cell) => issues.some((issue) => issue.field === cell.field));
  // A reason that names no cell of the row stops all of them.
  for (const cell of guilty.length > 0 ? guilty : cells) {
    cell.issue = issues.find((issue) => issue.field === cell.field) ?? issues[0] ?? { code: 'record-unknown' };
    cell.kind = 'refused';
    cell.take = false;
  }
}

/** One record's cells as a change of it. */
export function changeOf(object: ObjectDef, cells: readonly SheetChange[]): Change {
  const [first] = cells;
  const set = Object.fromEntries(cells.flatMap((cell) => (cell.field === null ? [] : [[cell.field, cell.file]])));
  const fields = cells.find((cell) => cell.kind === 'verify')?.file;
  return {
    op: 'update',
    object: object.name,
    id: first?.record ?? '',
    ...(first?.version != null && { version: first.version }),
    ...(Object.keys(set).length > 0 && { set }),
    ...(Array.isArray(fields) && fields.length > 0 && { verify: { fields, method: 'other' as const } }),
  };
}
