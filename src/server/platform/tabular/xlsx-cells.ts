import type { Cell } from './cell.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { isoDate, serialDate } from './serial-date.ts';
import type { StringTable } from './string-table.ts';
import { unescapeText } from './xlsx-strings.ts';
import type { CellFormats } from './xlsx-styles.ts';

export interface WorkbookContext {
  strings: StringTable | undefined;
  formats: CellFormats;
  date1904: boolean;
  log: NoticeLog;
}

/** The value of a cell from its type (`t`), style index (`s`) and the text of its `v`. */
export function cellValue(type: string, style: number, text: string, row: number, context: WorkbookContext): Cell {
  switch (type) {
    case 's': {
      if (!context.strings) throw new TableError('part-missing', { part: 'xl/sharedStrings.xml' });
      const found = text === '' ? '' : context.strings.get(Number(text));
      if (found === undefined) context.log.add('string-missing', row);
      return found ?? '';
    }
    case 'str':
      return unescapeText(text);
    case 'b':
      return text === '' ? '' : text === '1' || text === 'true';
    case 'e':
      if (text === '') return '';
      context.log.add('cells-error', row);
      return { kind: 'error', text: unescapeText(text) };
    case 'd':
      return isoDate(text) ?? text;
    default:
      return numberValue(text, style, row, context);
  }
}

function numberValue(text: string, style: number, row: number, context: WorkbookContext): Cell {
  if (text === '') return '';
  const value = Number(text);
  if (Number.isNaN(value)) {
    context.log.add('value-unreadable', row);
    return unescapeText(text).trim();
  }
  const format = context.formats[style];
  if (format === undefined) {
    if (value >= 1e15 || value <= -1e15) context.log.add('precision-lost', row);
    return Number.isFinite(value) ? value : text;
  }
  if (format.kind === 'zeros') {
    return Number.isInteger(value) && value >= 0 ? String(value).padStart(format.digits, '0') : value;
  }
  const date = serialDate(value, format.kind, context.date1904);
  if (!date) context.log.add('date-out-of-range', row);
  return date ?? value;
}
