import type { RawRow } from './cell.ts';

export interface SheetInfo {
  name: string;
  hidden: boolean;
  /** Rows that the file claims, when it says so; a claim, not a count. */
  rows?: number;
}

export type TableFormat =
  | 'csv'
  | 'xlsx'
  | 'xls'
  | 'xlsb'
  | 'ods'
  | 'html'
  | 'xml'
  | 'mht'
  | 'vcard'
  | 'dbf'
  | 'json'
  | 'ndjson';

/** A file opened by the reader of its format: sheets, and numbered raw rows of a sheet. */
export interface SheetSource {
  format: TableFormat;
  encoding?: string;
  delimiter?: string;
  sheets: SheetInfo[];
  /** The number of cells a row normally has, when the reader knows (text files). */
  expectedColumns?: number;
  /** First row is certainly the header (vCard, JSON). */
  headerKnown?: boolean;
  /**
   * Batches of rows in ascending order. `from`: rows with smaller numbers may be left out. `peek`: only the first rows are wanted,
   * costly preparation may be skipped.
   */
  rows(sheet: number, from?: number, peek?: boolean): AsyncGenerator<RawRow[]>;
  close(): Promise<void>;
}

/** A value that covers several rows (a merged cell): 1-based rows, 0-based columns, all inclusive. */
export interface MergedRange {
  top: number;
  bottom: number;
  left: number;
  right: number;
}
