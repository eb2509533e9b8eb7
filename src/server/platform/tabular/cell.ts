/**
 * A value as the file holds it. Text files give only strings. Spreadsheets keep what kind of value it was, so that an import can
 * repair knowingly (a phone stored as a number, a serial date) and never has to guess from text:
 * a number is what was stored (IEEE double, at most 15 digits are meant), a date has both its serial number and its ISO text,
 * an error (#N/A) keeps its name. The empty cell is ''.
 */
export type Cell = string | number | boolean | DateCell | ErrorCell;

export interface DateCell {
  readonly kind: 'date';
  /** `2024-01-31`, `2024-01-31 08:30:00`, or `08:30:00` for a time of day or a duration. */
  readonly text: string;
  /** Days since the epoch of the 1900 system (1899-12-30), also for workbooks that count from 1904. */
  readonly serial: number;
}

export interface ErrorCell {
  readonly kind: 'error';
  /** `#N/A`, `#REF!`, … */
  readonly text: string;
}

/** One row of a sheet or a file before anything is decided about it. */
export interface RawRow {
  /** 1-based row number as a spreadsheet program shows it. */
  number: number;
  cells: Cell[];
  /** Text files: the record as it stands in the file, given when its number of cells is unexpected. */
  raw?: string;
  /** Text files: the quotes of this record were repaired. */
  repaired?: boolean;
  /** Text files: known to hold no invisible and no replaced characters. */
  plain?: boolean;
}

/** The text that a person sees: numbers without exponent and with the 15 digits that spreadsheets mean. */
export function cellText(cell: Cell): string {
  switch (typeof cell) {
    case 'string':
      return cell;
    case 'number':
      return numberText(cell);
    case 'boolean':
      return cell ? 'TRUE' : 'FALSE';
    default:
      return cell.text;
  }
}

export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const rounded = Number(value.toPrecision(15));
  const text = String(rounded);
  if (!text.includes('e')) return text;
  if (Math.abs(rounded) >= 1e21) return Math.abs(rounded) < 1e60 ? BigInt(rounded).toString() : text;
  return Math.abs(rounded) > 1e-20 ? rounded.toFixed(20).replace(/0+$/, '') : text;
}

export function isEmpty(cell: Cell | undefined): boolean {
  return cell === undefined || cell === '';
}
