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
  wholeFileBytes: 64 * 1024 ** 2,
  legacySeconds: 40,
};
