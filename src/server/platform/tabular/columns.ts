import type { Cell } from './cell.ts';
import type { SampleRow } from './header.ts';
import type { NoticeLog } from './notice.ts';

export interface TableColumn {
  /** Position in the file's rows, 0-based. */
  index: number;
  /** The name as it stands in the file; '' when it has none. */
  label: string;
  /** Unique and not empty. */
  name: string;
}

/** The columns worth having: every named one, and unnamed ones that hold data. */
export function chooseColumns(
  labels: readonly string[],
  data: readonly SampleRow[],
  log: NoticeLog,
  hasHeader: boolean,
): TableColumn[] {
  const lastNamed = labels.findLastIndex((label) => label !== '');
  const filled = countFilled(data);
  const columns: TableColumn[] = [];
  const names: Names = { used: new Set(), next: new Map() };
  const width = Math.max(labels.length, filled.length);
  for (let index = 0; index < width; index++) {
    const label = labels[index] ?? '';
    const rows = filled[index] ?? 0;
    // Beyond the last name a few long rows don't make a column; a regular one does.
    const regular = index < lastNamed || !hasHeader ? rows > 0 : rows > data.length * 0.3;
    if (label === '' && !regular) continue;
    columns.push({ index, label, name: uniqueName(label, index, names, log, hasHeader) });
  }
  return columns;
}

function countFilled(data: readonly SampleRow[]): number[] {
  const filled: number[] = [];
  for (const { cells } of data) {
    for (let i = 0; i < cells.length; i++) if (cells[i] !== '') filled[i] = (filled[i] ?? 0) + 1;
  }
  return Array.from(filled, (n) => n ?? 0);
}

/** Names taken so far, and per name the number to try next (thousands of equal names must not cost their square). */
interface Names {
  used: Set<string>;
  next: Map<string, number>;
}

function uniqueName(label: string, index: number, names: Names, log: NoticeLog, hasHeader: boolean): string {
  const wanted = label === '' ? `列${index + 1}` : label;
  if (label === '' && hasHeader) log.add('header-blank', columnLetters(index));
  let name = wanted;
  let n = names.next.get(wanted) ?? 2;
  for (; names.used.has(name); n++) name = `${wanted} (${n})`;
  names.next.set(wanted, n);
  names.used.add(name);
  if (name !== wanted && label !== '') log.add('header-duplicate', label);
  return name;
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetters(index: number): string {
  let text = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  return text;
}

/** Cells of a raw row under the columns, with whatever stands beyond them at the end. */
export function placeCells(
  cells: Cell[],
  columns: readonly TableColumn[],
  covered: ReadonlySet<number>,
): { cells: Cell[]; surplus: boolean } {
  const dense = (columns.at(-1)?.index ?? -1) + 1 === columns.length;
  if (dense && cells.length <= columns.length) {
    // The common case needs no copy.
    while (cells.length < columns.length) cells.push('');
    return { cells, surplus: false };
  }
  const placed: Cell[] = columns.map((column) => cells[column.index] ?? '');
  let surplus = false;
  if (cells.length > covered.size || !dense) {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      if (cell === undefined || cell === '' || covered.has(i)) continue;
      placed.push(cell);
      surplus = true;
    }
  }
  return { cells: placed, surplus };
}
