import { clearSelection, editRange } from './range-edit.ts';
import { rangeOf } from './selection.ts';
import type { Sheet } from './sheet.ts';
import { fromTsv, spread, toTsv } from './tsv.ts';
import type { Range } from './types.ts';

/** Values as they are, for pasting inside 鲜客: a relation keeps its id, not only its title. */
const OWN = 'application/x-xianke-cells';

/** More than this is not a copy but an export. */
export const MAX_COPY_ROWS = 20_000;

interface Cells {
  text: string[][];
  values: unknown[][];
}

function collect(sheet: Sheet, range: Range): Cells {
  const text: string[][] = [];
  const values: unknown[][] = [];
  for (let row = range.top; row <= range.bottom; row++) {
    if (sheet.props.model.row(row)?.kind !== 'record') continue;
    const columns = sheet.props.columns.slice(range.left, range.right + 1);
    text.push(columns.map((column) => sheet.props.model.copyText(row, column)));
    values.push(columns.map((column) => sheet.props.model.copyValue(row, column)));
  }
  return { text, values };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>');

function toHtml(rows: string[][]): string {
  // mso-number-format keeps Excel from turning phone numbers into 1.38E+10.
  const cell = (text: string) => `<td style="mso-number-format:'\\@'">${escapeHtml(text)}</td>`;
  return `<table>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('')}</table>`;
}

/** Copy and cut. Rows that are not loaded yet are fetched, which makes the copy asynchronous. */
export function copyRange(sheet: Sheet, event: ClipboardEvent, cut: boolean): void {
  if (sheet.session || !sheet.selection) return;
  event.preventDefault();
  const range = rangeOf(sheet.selection);
  const bottom = Math.min(range.bottom, range.top + MAX_COPY_ROWS - 1, sheet.props.model.size() - 1);
  const whole = { ...range, bottom };
  const loaded = allLoaded(sheet, whole);
  const tell = (cells: Cells) =>
    sheet.props.onNotice({ kind: 'copied', cells: cells.text.reduce((sum, row) => sum + row.length, 0) });
  if (loaded) {
    const cells = collect(sheet, whole);
    event.clipboardData?.setData('text/plain', toTsv(cells.text));
    event.clipboardData?.setData('text/html', toHtml(cells.text));
    event.clipboardData?.setData(OWN, JSON.stringify(cells.values));
    tell(cells);
    if (cut) clearSelection(sheet);
  } else void copyLater(sheet, whole, tell);
}

function allLoaded(sheet: Sheet, range: Range): boolean {
  for (let row = range.top; row <= range.bottom; row++) if (!sheet.props.model.row(row)) return false;
  return true;
}

async function copyLater(sheet: Sheet, range: Range, tell: (cells: Cells) => void): Promise<void> {
  await sheet.props.model.load(range.top, range.bottom + 1);
  const cells = collect(sheet, range);
  await navigator.clipboard.writeText(toTsv(cells.text));
  tell(cells);
}

function ownValues(data: DataTransfer): unknown[][] | null {
  const own = data.getData(OWN);
  if (own === '') return null;
  const parsed: unknown = JSON.parse(own);
  return Array.isArray(parsed) ? (parsed as unknown[][]) : null;
}

/** Paste: into the text box while editing one cell, else over the selection. */
export function pasteInto(sheet: Sheet, event: ClipboardEvent): void {
  const data = event.clipboardData;
  if (sheet.session || !sheet.selection || !data) return;
  event.preventDefault();
  const block: unknown[][] = ownValues(data) ?? fromTsv(data.getData('text/plain'));
  const range = rangeOf(sheet.selection);
  const laid = spread(block, range.bottom - range.top + 1, range.right - range.left + 1);
  if (laid.length === 0) return;
  const { rows, cols } = sheet.bounds();
  const width = Math.max(...laid.map((row) => row.length));
  const target: Range = {
    top: range.top,
    left: range.left,
    bottom: Math.min(rows - 1, range.top + laid.length - 1),
    right: Math.min(cols - 1, range.left + width - 1),
  };
  const beyond = range.top + laid.length - 1 - target.bottom;
  if (beyond > 0) sheet.props.onNotice({ kind: 'paste-clipped', rows: beyond });
  editRange(sheet, target, (row, col) => laid[row - target.top]?.[col - target.left]);
  const anchor = { row: target.top, col: target.left };
  sheet.select({ active: anchor, anchor, focus: { row: target.bottom, col: target.right } }, false);
}
