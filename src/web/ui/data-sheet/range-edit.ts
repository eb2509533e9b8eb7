import { rangeOf } from './selection.ts';
import type { Sheet } from './sheet.ts';
import type { Range, SheetEdit, Spot } from './types.ts';

/** Cells are edited in a range of so many rows at most; more is the work of the bulk bar, which previews it. */
export const MAX_EDIT_ROWS = 5000;

/** Cells of a range that can be written; tells once when some can't. */
function writable(sheet: Sheet, range: Range, valueAt: (row: number, col: number) => unknown): SheetEdit[] {
  const edits: SheetEdit[] = [];
  let locked = false;
  for (let row = range.top; row <= range.bottom; row++) {
    const record = sheet.props.model.row(row);
    if (record?.kind !== 'record') continue;
    for (let col = range.left; col <= range.right; col++) {
      const column = sheet.props.columns[col];
      if (!column) continue;
      if (sheet.props.readonly || column.readonly) locked = true;
      else edits.push({ row, key: record.key, column: column.key, value: valueAt(row, col) });
    }
  }
  if (locked) sheet.props.onNotice({ kind: 'readonly' });
  return edits.filter((edit) => edit.value !== undefined);
}

/** Edits a range, loading rows that were not seen yet. */
export function editRange(sheet: Sheet, range: Range, valueAt: (row: number, col: number) => unknown): void {
  const bottom = Math.min(range.bottom, sheet.props.model.size() - 1);
  const rows = bottom - range.top + 1;
  if (rows > MAX_EDIT_ROWS) {
    sheet.props.onNotice({ kind: 'too-many', rows });
    return;
  }
  void sheet.props.model.load(range.top, bottom + 1).then(() => {
    const edits = writable(sheet, { ...range, bottom }, valueAt);
    if (edits.length > 0) sheet.props.onEdit(edits);
  });
}

export function clearSelection(sheet: Sheet): void {
  if (sheet.selection) editRange(sheet, rangeOf(sheet.selection), () => null);
}

/** Ctrl-D and Ctrl-R: the first row (column) of the selection over the rest of it. */
export function fillFrom(sheet: Sheet, side: 'top' | 'left'): void {
  if (!sheet.selection) return;
  const range = rangeOf(sheet.selection);
  if (side === 'top') copyInto(sheet, { ...range, bottom: range.top }, { ...range, top: range.top + 1 });
  else copyInto(sheet, { ...range, right: range.left }, { ...range, left: range.left + 1 });
}

/** Repeats the cells of one range over another (fill handle). */
export function copyInto(sheet: Sheet, source: Range, target: Range): void {
  const height = source.bottom - source.top + 1;
  const width = source.right - source.left + 1;
  const within = (offset: number, size: number) => ((offset % size) + size) % size;
  editRange(sheet, target, (row, col) => {
    const from = sheet.props.columns[source.left + within(col - source.left, width)];
    return from ? sheet.props.model.copyValue(source.top + within(row - source.top, height), from) : null;
  });
}

/** A yes/no cell is switched, not edited. */
export function toggleCell(sheet: Sheet, spot: Spot): void {
  const column = sheet.props.columns[spot.col];
  const row = sheet.props.model.row(spot.row);
  if (!column || row?.kind !== 'record' || column.readonly || sheet.props.readonly) return;
  const now = sheet.props.model.copyValue(spot.row, column) === true;
  sheet.props.onEdit([{ row: spot.row, key: row.key, column: column.key, value: !now }]);
}
