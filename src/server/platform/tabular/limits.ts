import { TableError } from './notice.ts';

/** What a file may cost us before it is refused. Bytes, counts and UTF-16 code units. */
export interface TableLimits {
  /** Size of the file itself. */
  fileBytes: number;
  /** Parts of a zip container (OWASP ASVS 5.2.3: counted before unpacking). */
  zipEntries: number;
  /** Sum of the unpacked sizes that a zip container declares. */
  zipBytes: number;
  /** Columns of a row; Excel's own limit is 16,384. */
  columns: number;
  /** Length of one cell; Excel's own limit is 32,767, text files and databases may hold more. */
  cellLength: number;
  /** Text delivered in all from long cells (4,096 characters and more); a few shared strings may be referred to millions of times. */
  longText: number;
  /** Unpacked size of a format that has to be held in memory as a whole (.xls, .xlsb). */
  wholeFileBytes: number;
  /** Seconds that the reader of old formats may take. */
  legacySeconds: number;
}

export const defaultLimits: TableLimits = {
  fileBytes: 2 * 1024 ** 3,
  zipEntries: 10_000,
  zipBytes: 2 * 1024 ** 3,
  columns: 16_384,
  cellLength: 4_000_000,
  longText: 600_000_000,
  wholeFileBytes: 64 * 1024 ** 2,
  legacySeconds: 40,
};

const LONG = 4096;

/** Keeps account of long cells: refuses one that is too long, and a file that repeats long ones without end. */
export class TextBudget {
  private left: number;
  private readonly longest: number;

  constructor(limits: TableLimits) {
    this.left = limits.longText;
    this.longest = limits.cellLength;
  }

  spend(length: number, row: number): void {
    if (length < LONG) return;
    if (length > this.longest) throw new TableError('cell-too-long', { row, limit: this.longest });
    this.left -= length;
    if (this.left < 0) throw new TableError('zip-bomb', { detail: `row ${row}` });
  }
}
