import type { ReadCell } from './written-cell.ts';

const SCIENTIFIC = /^(\d)(?:\.(\d+))?E\+?(\d{1,2})$/i;

/**
 * Whether a cell is what a spreadsheet program makes of this text by itself: `007` → 7, `13800138000` → 1.38E+10, an 18-digit number with
 * zeros at its end. Asked only of cells that the program took for numbers or that went through a text file; nobody has edited these.
 */
export function isSpoilt(text: string, cell: ReadCell): boolean {
  if (!/^\+?\d+$/.test(text)) return false;
  const digits = text.replace(/^\+/, '').replace(/^0+/, '');
  const found = typeof cell === 'object' ? cell.text : String(cell).trim();
  if (/^\d+$/.test(found) && found.length < 22) {
    if (found === digits) return true;
    return digits.length > 15 && found === `${digits.slice(0, 15)}${'0'.repeat(digits.length - 15)}`;
  }
  const short = SCIENTIFIC.exec(found);
  if (!short) return false;
  const [, first = '', rest = '', power = ''] = short;
  if (Number(power) !== digits.length - 1 || digits.length < 8) return false;
  // 1.38E+10 rounds: compare as many digits as are there.
  return Number(digits).toExponential(rest.length) === `${first}${rest && `.${rest}`}e+${power}`;
}

/**
 * Whether a cell is this text after a journey through a character set that lacks some of it (a .csv that Excel saved as GBK): `?` stands
 * where rare characters and emoji were.
 */
export function isLossy(text: string, cell: string): boolean {
  const [first = '', ...rest] = cell.split(/\?+/);
  if (rest.length === 0 || text === cell || !text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    const found = index === rest.length - 1 ? text.length - piece.length : text.indexOf(piece, at + 1);
    if (found <= at || !text.startsWith(piece, found) || hasAscii(text.slice(at, found))) return false;
    at = found + piece.length;
  }
  return at === text.length;
}

const hasAscii = (text: string): boolean => /[\t-~]/.test(text.replaceAll('?', ''));

/** Whether a cell is this text where a program took `_x000D_` for the escape that spreadsheets write for a control character. */
export function isUnescaped(text: string, cell: string): boolean {
  if (!/_x[0-9A-Fa-f]{4}_/.test(text)) return false;
  const read = text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const visible = (value: string): string => value.replace(/[\p{Cc}\s]/gu, '');
  return visible(read) === visible(cell);
}
