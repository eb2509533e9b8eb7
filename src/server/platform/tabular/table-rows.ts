import { restore } from '../../../domain/text/csv.ts';
import { type Cell, cellText, type RawRow } from './cell.ts';
import { placeCells, type TableColumn } from './columns.ts';
import { filledCount } from './header.ts';
import type { TextBudget } from './limits.ts';
import { mendRow } from './mend-row.ts';
import type { NoticeLog } from './notice.ts';
import type { ColumnProfiles } from './realign.ts';
import { cleanCell, hasInvisible, needsTrim } from './text-clean.ts';

export interface TableRow {
  /** Row number in the file, 1-based, as a spreadsheet program shows it. */
  number: number;
  /** One cell per column; more when the row is longer than the header. */
  cells: Cell[];
}

export interface RowRules {
  columns: TableColumn[];
  /** Raw header rows, for recognising repeats. */
  headerRows: Cell[][];
  /** Number of the first row of data. */
  dataStart: number;
  delimiter?: string;
  expectedColumns?: number;
  profiles?: ColumnProfiles;
}

const TOTAL =
  /^(?:合计|总计|小计|本页合计|本页小计|累计|总和|合\s*计|总\s*计|小\s*计|合计金额|grand total|sub-?total|total|totals|sum)\s*[::]?$/i;
const FOOTER =
  /^(?:制表|制单|审核|复核|审批|打印|导出|填表|经办|盖章|签字|备注|注|说明|注意|数据来源|来源|统计|截止|截至|以上|以下空白|共\s*\d+|第\s*\d+\s*页|页码|sources?\b|notes?\b|printed|generated|exported|page \d|end of|\* |※)/i;
const SCIENTIFIC = /^\d(?:\.\d+)?E\+\d{1,2}$/i;
const MOST_PENDING = 30;
/** A file with more damaged rows than this is of another kind than we took it for; looking at each would take minutes. */
const MOST_MENDS = 20_000;

/** Cleans a raw row: no invisible characters, no surrounding space. Returns how many cells hold something. */
export function cleanRow(row: RawRow, budget: TextBudget, log?: NoticeLog): number {
  const { cells } = row;
  let filled = 0;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? '';
    if (typeof cell !== 'string') {
      filled++;
      continue;
    }
    if (row.plain && !needsTrim(cell)) {
      budget.spend(cell.length, row.number);
      if (cell !== '') filled++;
      continue;
    }
    budget.spend(cell.length, row.number);
    const clean = cleanCell(cell);
    if (clean !== cell) {
      if (log && hasInvisible(cell)) log.add('invisible-removed', row.number);
      cells[i] = clean;
    }
    if (clean !== '') filled++;
    if (log && typeof clean === 'string' && clean.includes('\ufffd')) log.add('bytes-replaced', row.number);
  }
  return filled;
}

/** Turns raw rows into rows of the table: drops what is not data and says so. One instance reads once. */
export class TableRows {
  private readonly rules: RowRules;
  private readonly log: NoticeLog;
  private readonly budget: TextBudget;
  private readonly covered: ReadonlySet<number>;
  private readonly labels: string[];
  private pending: TableRow[] = [];
  private blankBefore = false;
  private mends = 0;
  /** Set when another table begins: reading is over. */
  ended = false;

  constructor(rules: RowRules, log: NoticeLog, budget: TextBudget) {
    this.budget = budget;
    this.rules = rules;
    this.log = log;
    this.covered = new Set(rules.columns.map((column) => column.index));
    this.labels = rules.columns.map((column) => column.label);
  }

  take(raw: readonly RawRow[], into: TableRow[]): void {
    for (const row of raw) {
      if (this.ended) return;
      if (row.number < this.rules.dataStart) continue;
      const filled = cleanRow(row, this.budget, this.log);
      if (filled === 0) {
        this.blankBefore = true;
        continue;
      }
      this.takeFilled(row, filled, into);
      this.blankBefore = false;
    }
  }

  /** Rows held back at the end were a footer. */
  finish(): void {
    for (const row of this.pending) this.log.add('rows-below-table', row.number);
    this.pending = [];
  }

  private takeFilled(row: RawRow, filled: number, into: TableRow[]): void {
    const { columns } = this.rules;
    const cells = row.raw === undefined ? row.cells : this.mend(row);
    const header = this.compareWithHeader(cells, filled);
    if (header === 'same') {
      this.log.add('header-repeated', row.number);
      return;
    }
    if (header === 'other') {
      this.log.add('more-tables', row.number);
      this.ended = true;
      return;
    }
    if (this.rules.delimiter !== undefined) this.readTextCells(cells, row.number);
    const placed = placeCells(cells, columns, this.covered);
    if (this.isTotal(placed.cells, filled)) {
      this.log.add('totals-skipped', row.number);
      return;
    }
    if (this.isFooter(placed.cells, filled) && this.pending.length < MOST_PENDING) {
      this.pending.push({ number: row.number, cells: placed.cells });
      return;
    }
    if (this.pending.length > 0) {
      into.push(...this.pending);
      this.pending = [];
    }
    if (placed.surplus) this.log.add(row.raw === undefined ? 'data-after-name' : 'rows-long', row.number);
    into.push({ number: row.number, cells: placed.cells });
  }

  /** A row of a text file with an unexpected number of cells, or with a quote in the middle of a cell. */
  private mend(row: RawRow): Cell[] {
    const { profiles, delimiter, expectedColumns: width } = this.rules;
    const cells = row.cells.map(cellText);
    if (!profiles || delimiter === undefined || width === undefined) return cells;
    const mended = this.mends++ > MOST_MENDS ? undefined : mendRow(row, cells, profiles, delimiter);
    if (mended) {
      this.log.add('rows-realigned', row.number);
      return mended;
    }
    if (cells.length < width) this.log.add('rows-short', row.number);
    return cells;
  }

  /** What only text files have: apostrophes against formulas, and numbers that a spreadsheet has rounded away. */
  private readTextCells(cells: Cell[], number: number): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      if (typeof cell !== 'string' || cell === '') continue;
      const first = cell.charCodeAt(0);
      if (first === 39) cells[i] = restore(cell).trim();
      else if (
        first >= 48 &&
        first <= 57 &&
        cell.length > 4 &&
        cell.length < 24 &&
        cell.includes('E+') &&
        SCIENTIFIC.test(cell)
      )
        this.log.add('scientific-text', number);
    }
  }

  private compareWithHeader(cells: readonly Cell[], filled: number): 'same' | 'other' | 'no' {
    if (filled < 2 && this.labels.length > 1) return 'no';
    for (const header of this.rules.headerRows) {
      let equal = 0;
      const width = Math.max(header.length, cells.length);
      const named = filledCount(header);
      if (named === 0 || (typeof cells[0] !== 'string' && cells[0] !== undefined)) continue;
      for (let i = 0; i < width; i++) {
        const cell = cells[i] ?? '';
        if (cell !== '' && cell === (header[i] ?? '')) equal++;
      }
      if (equal === named && equal === filled) return 'same';
      if (equal >= 3 && equal >= Math.min(named, filled) * 0.7 && named !== filled) return 'other';
    }
    return 'no';
  }

  private isTotal(cells: readonly Cell[], filled: number): boolean {
    if (cells.length < 2) return false;
    const first = cells.find((cell) => cell !== '');
    return (
      typeof first === 'string' &&
      TOTAL.test(first) &&
      filled <= Math.max(2, cells.length * 0.7) &&
      cells.some((cell, i) => i > 0 && cell !== '')
    );
  }

  private isFooter(cells: readonly Cell[], filled: number): boolean {
    if (cells.length < 3 || filled > 3 || filled > cells.length * 0.4) return false;
    const first = cells.find((cell) => cell !== '');
    if (typeof first !== 'string') return false;
    return FOOTER.test(first) || (filled === 1 && cells.length >= 4 && this.blankBefore && first === cells[0]);
  }
}
