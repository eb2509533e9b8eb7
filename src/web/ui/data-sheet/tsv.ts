/**
 * Text of a range as Excel and WPS put it on the clipboard: cells divided by tabs, rows by line ends, a cell with a tab, a line end or a
 * quote is quoted, and quotes inside are doubled. (Excel's own behaviour; RFC 4180 with tabs.)
 */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quote).join('\t')).join('\r\n');
}

const quote = (cell: string): string => (/[\t\r\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/**
 * Reads it back. A quote opens a quoted cell only at its beginning and only when that cell is closed properly, since Excel leaves single quotes
 * inside words (5" 屏) as they are. One line end at the very end belongs to the last row.
 */
export function fromTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const input = text.replace(/\r\n?/g, '\n');
  while (true) {
    const quoted = input[at] === '"' ? readQuoted(input, at) : null;
    if (quoted) {
      row.push(quoted.cell);
      at = quoted.end;
    } else {
      let end = at;
      while (end < input.length && input[end] !== '\t' && input[end] !== '\n') end++;
      row.push(input.slice(at, end));
      at = end;
    }
    const next = input[at];
    if (next === '\t') {
      at++;
      continue;
    }
    rows.push(row);
    row = [];
    if (next === undefined || at + 1 === input.length) return rows;
    at++;
  }
}

function readQuoted(input: string, start: number): { cell: string; end: number } | null {
  let cell = '';
  let at = start + 1;
  while (at < input.length) {
    if (input[at] !== '"') cell += input[at++];
    else if (input[at + 1] === '"') {
      cell += '"';
      at += 2;
    } else {
      const next = input[at + 1];
      return next === undefined || next === '\t' || next === '\n' ? { cell, end: at + 1 } : null;
    }
  }
  return null;
}

/**
 * Spreads what was copied over what is selected, as Excel does: a single cell fills the selection; a block repeats when the selection is a whole
 * multiple of it; otherwise it is laid once from the selection's corner.
 */
export function spread<T>(block: readonly (readonly T[])[], height: number, width: number): T[][] {
  const rows = block.length;
  const columns = Math.max(0, ...block.map((line) => line.length));
  if (rows === 0 || columns === 0) return [];
  const tall = height % rows === 0 && height > rows ? height : rows;
  const wide = width % columns === 0 && width > columns ? width : columns;
  return Array.from({ length: tall }, (_, r) => {
    const line = block[r % rows] ?? [];
    return Array.from({ length: Math.max(line.length, wide) }, (_, c) => line[c % columns] as T).slice(
      0,
      wide > columns ? wide : line.length,
    );
  });
}
