import { wallAt } from '../fields/calendar.ts';
import { decimal } from '../fields/decimal.ts';
import { fieldType } from '../fields/registry.ts';
import type { ParseEnv } from '../fields/types.ts';
import type { Lang } from '../issue.ts';
import type { FieldDef, FieldValue } from '../schema/types.ts';

/** How a column of a sheet for editing holds its values. Codes, phones and long numbers are text: a spreadsheet must not make numbers of them. */
export type CellShape = 'text' | 'number' | 'money' | 'percent' | 'date' | 'datetime';

export function shapeOf(field: Pick<FieldDef, 'type'>): CellShape {
  switch (field.type) {
    case 'number':
    case 'rating':
      return 'number';
    case 'money':
    case 'percent':
    case 'date':
    case 'datetime':
      return field.type;
    default:
      return 'text';
  }
}

/** A cell as it was read back; structurally what the readers of spreadsheets give. */
export type ReadCell = string | number | boolean | { readonly kind: string; readonly text: string };

/** Spreadsheets keep 15 significant digits of a number; what needs more is written as text. */
const DIGITS = 15;
const digitsOf = (text: string): number => text.replace(/[-.]/g, '').replace(/^0+/, '').length;

/**
 * The cell that an export for editing writes for a value: a number, or a text (dates as ISO). `''` is empty. `words` names people and
 * related records by id. The same function says, when the file comes back, what stood there.
 */
export function writtenCell(
  value: FieldValue,
  field: FieldDef,
  lang: Lang,
  env: ParseEnv,
  words: (id: string) => string | undefined,
): string | number {
  if (value === null) return '';
  switch (shapeOf(field)) {
    case 'number':
      return typeof value === 'number' ? exact(decimal(String(value)) ?? String(value)) : String(value);
    case 'money':
      return exact(String(value));
    case 'percent': {
      if (typeof value !== 'number') return String(value);
      const points = decimal(String(value)) ?? String(value);
      // Beyond four decimals the cell's format would show less than there is, and a .csv made of it would lose the rest.
      return digitsOf(points) <= 12 && (points.split('.')[1]?.length ?? 0) <= 4
        ? Number((value / 100).toPrecision(DIGITS))
        : `${points}%`;
    }
    case 'datetime':
      return momentText(String(value), env.timeZone);
    case 'date':
      return String(value);
    default:
      if (field.type === 'user' || field.type === 'relation') return words(String(value)) ?? String(value);
      // Masked values are text already, whatever the type.
      return typeof value === 'string' && field.type === 'file'
        ? value
        : fieldType(field.type).format(value, field, lang, env) || (typeof value === 'string' ? value : '');
  }
}

function exact(text: string): string | number {
  return /^-?\d+(\.\d+)?$/.test(text) && digitsOf(text) <= DIGITS ? Number(text) : text;
}

function momentText(iso: string, timeZone: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const w = wallAt(at, timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(w.hour)}:${two(w.minute)}:${two(w.second)}`;
  const day = `${String(w.year).padStart(4, '0')}-${two(w.month)}-${two(w.day)}`;
  return w.millisecond > 0 ? `${day} ${clock}.${String(w.millisecond).padStart(3, '0')}` : `${day} ${clock}`;
}

const lines = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/** Whether a cell read back is the one that was written. */
export function isWritten(written: string | number, cell: ReadCell | undefined): boolean {
  if (cell === undefined || cell === '') return written === '';
  if (typeof written === 'number')
    return typeof cell === 'number' && (cell === written || cell.toPrecision(DIGITS) === written.toPrecision(DIGITS));
  if (typeof cell === 'string') return cell === written || lines(cell) === lines(written);
  return typeof cell === 'object' && cell.text === written;
}

/** A cell as its field's parser wants it: percent cells hold a hundredth, dates come as text. */
export function rawCell(cell: ReadCell, field: Pick<FieldDef, 'type'>): string | number | boolean {
  if (typeof cell === 'object') return cell.text;
  if (field.type === 'percent' && typeof cell === 'number') return Number((cell * 100).toPrecision(DIGITS));
  return cell;
}
