import { isPlain } from '../../../../domain/access/reach.ts';
import { maskValue, rangeValue } from '../../../../domain/fields/mask.ts';
import { parseField } from '../../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../../domain/fields/types.ts';
import { HIDDEN, type SheetColumn } from '../../../../domain/round-trip/columns.ts';
import { mergeCell } from '../../../../domain/round-trip/merge.ts';
import { isLossy, isSpoilt, isUnescaped } from '../../../../domain/round-trip/spoilt.ts';
import { isWritten, rawCell } from '../../../../domain/round-trip/written-cell.ts';
import type { FieldDef, FieldValue } from '../../../../domain/schema/types.ts';
import { type Cell, cellText, isEmpty } from '../../../platform/tabular/cell.ts';
import { cleanText } from '../../../platform/tabular/text-clean.ts';
import type { Since } from '../../../records/types.ts';
import { cellOf, isKept, type SheetExport } from '../../round-trip/index.ts';
import type { ChangeKind, SheetChange } from './change-store.ts';

/** A column of the file with what the export says of it. */
export interface SheetRoute {
  place: number;
  index: number;
  column: SheetColumn;
  /** The field as it is declared today; absent when it was retired since. */
  field: FieldDef | undefined;
}

/** A row of the file whose record is known. */
export interface KnownRow {
  number: number;
  cells: readonly Cell[];
  sheet: SheetExport;
  record: string;
  since: Since;
}

/** An edited cell whose text names a person or a record, to be looked up. */
export interface NamedCell {
  row: KnownRow;
  route: SheetRoute;
  text: string;
}

/** What cells of a batch turned out to be. */
export interface Compared {
  changes: SheetChange[];
  named: NamedCell[];
  agreed: number;
  /** Cells that a program changed by itself: numbers shortened, rare characters lost. Left as they were. */
  spoilt: number;
  /** Fields per row that the file leaves as exported and that nobody has changed here since: record → names. */
  untouched: Map<KnownRow, string[]>;
}

export interface CompareEnv {
  /** Who brings the file back. */
  actor: string;
  env: ParseEnv;
  /** The file went through text: types and rare characters may be lost. */
  text: boolean;
  /** Not Unicode. */
  narrow: boolean;
  titles: ReadonlyMap<string, string>;
}

/** Longest text that a spreadsheet cell holds. */
const CELL = 32_767;

/** Compares known rows cell by cell with what was exported and with what is there now. */
export function compareRows(rows: readonly KnownRow[], routes: readonly SheetRoute[], at: CompareEnv): Compared {
  const out: Compared = { changes: [], named: [], agreed: 0, spoilt: 0, untouched: new Map() };
  for (const row of rows) {
    const same: string[] = [];
    for (const route of routes) {
      const { column, field, index } = route;
      const name = column.field;
      const mode = row.since.modes[name] ?? 'edit';
      const cell = row.cells[index] ?? '';
      const base = row.since.base[name] ?? null;
      if (isVeiled(column, cell, base, row.sheet.lang) || mode === 'hidden') continue;
      // Figures over other records have no past: what the file has was right when it was written, and nobody takes it for his to change.
      if (column.def.rollup) continue;
      const words = (id: string): string | undefined => row.sheet.people[id] ?? at.titles.get(id);
      const written = cellOf(column.def, mode, base, row.sheet.lang, at.env, words);
      if (wasWritten(written, cell) || (typeof base === 'string' && cell === base)) {
        if (field?.tracked && base !== null && mergeCell(base, row.since.now[name] ?? null, base) === 'untouched')
          same.push(name);
        continue;
      }
      if (typeof written === 'string' && isDamage(written, cell, at)) {
        out.spoilt++;
        continue;
      }
      // Somebody else exported it and saw more than this person, who can't have changed it knowingly.
      if (!isPlain(mode) && row.sheet.actor !== at.actor) continue;
      if (!field || mode !== 'edit' || isKept(column.def)) {
        // A number that went through text is another cell and the same value.
        if (at.text && isPlain(mode) && saysSame(cell, column.def, base, at.env)) continue;
        out.changes.push(entry(row, route, 'refused', null, cell, { code: 'sheet-fixed', field: name }));
        continue;
      }
      if (typeof written === 'string' && written.length > CELL) {
        if (cellText(cell) !== cleanText(written.slice(0, CELL)))
          out.changes.push(entry(row, route, 'refused', null, cell, { code: 'sheet-too-long', field: field.name }));
        continue;
      }
      if (!isEmpty(cell) && (field.type === 'user' || field.type === 'relation')) {
        out.named.push({ row, route, text: cellText(cell).trim() });
        continue;
      }
      const parsed = parseCell(cell, field, column.def, at.env);
      if (!parsed.ok) out.changes.push(entry(row, route, 'unreadable', null, cell, parsed.issue));
      else settle(out, row, route, parsed.value, cell);
    }
    out.untouched.set(row, same);
  }
  return out;
}

/** The verdict over a cell whose value is known. */
export function settle(out: Compared, row: KnownRow, route: SheetRoute, file: FieldValue, cell: Cell): void {
  const name = route.column.field;
  const verdict = mergeCell(row.since.base[name] ?? null, row.since.now[name] ?? null, file);
  if (verdict === 'agreed') out.agreed++;
  if (verdict === 'change' || verdict === 'conflict') out.changes.push(entry(row, route, verdict, file, cell, null));
}

export function entry(
  row: KnownRow,
  { place, column }: SheetRoute,
  kind: ChangeKind,
  file: FieldValue,
  cell: Cell,
  issue: SheetChange['issue'],
): SheetChange {
  const who = row.since.changed[column.field];
  return {
    row: row.number,
    place,
    kind,
    record: row.record,
    version: row.since.version,
    field: column.field,
    base: row.since.base[column.field] ?? null,
    now: row.since.now[column.field] ?? null,
    file,
    text: kind === 'refused' || kind === 'unreadable' ? cellText(cell).slice(0, 1000) : null,
    issue,
    actor: kind === 'conflict' ? (who?.by ?? null) : null,
    at: kind === 'conflict' ? (who?.at ?? null) : null,
    take: kind === 'change',
  };
}

/** The cell shows what the exporter was allowed to see and no more, so it says nothing about the value. */
function isVeiled(column: SheetColumn, cell: Cell, base: FieldValue, lang: 'zh' | 'en'): boolean {
  if (isPlain(column.mode) || typeof cell !== 'string' || cell === '') return false;
  return cell === HIDDEN || cell === maskValue(base, column.def) || cell === rangeValue(base, column.def, lang);
}

export function wasWritten(written: string | number, cell: Cell): boolean {
  return isWritten(written, cell) || (typeof written === 'string' && isWritten(cleanText(written), cell));
}

function isDamage(written: string, cell: Cell, at: CompareEnv): boolean {
  if (written === '') return false;
  if (typeof cell === 'number' || (at.text && typeof cell === 'string'))
    if (isSpoilt(written.replace(/[\s-]/g, ''), cell)) return true;
  if (typeof cell === 'string' && isUnescaped(written, cell)) return true;
  return at.narrow && typeof cell === 'string' && isLossy(cleanText(written), cell);
}

/** By the field as it is today; failing that as it was at the export (an option may have been renamed since). */
function parseCell(cell: Cell, field: FieldDef, def: FieldDef, env: ParseEnv) {
  if (isEmpty(cell)) return { ok: true as const, value: null };
  const raw = rawCell(cell, field);
  const parsed = parseField(raw, field, env);
  if (parsed.ok) return parsed;
  const before = parseField(raw, def, env);
  return before.ok ? before : parsed;
}

/** Whether a cell means the value that was exported, however it is written. */
function saysSame(cell: Cell, def: FieldDef, base: FieldValue, env: ParseEnv): boolean {
  const parsed = parseCell(cell, def, def, env);
  if (!parsed.ok) return false;
  const verdict = mergeCell(base, base, parsed.value);
  return verdict !== 'change' && verdict !== 'conflict';
}
