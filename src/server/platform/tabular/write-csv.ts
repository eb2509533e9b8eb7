import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { cellText } from './cell.ts';
import type { WriteCell, WriteRows } from './write-xlsx.ts';

/**
 * CSV as Excel and WPS open it: UTF-8 with a byte order mark, CRLF, quotes where needed. Cells that a spreadsheet would run as a
 * formula get a leading apostrophe, which spreadsheets take for “this is text” (OWASP, CSV injection; ASVS 1.2.10); the
 * readers of this folder take it off again. Plain numbers with a sign stay as they are.
 */
export async function writeCsv(out: Writable, header: readonly string[], rows: WriteRows): Promise<{ rows: number }> {
  let failure: Error | undefined;
  out.on('error', (error) => {
    failure = error;
  });
  const put = async (text: string) => {
    if (failure) throw failure;
    if (!out.write(text)) await once(out, 'drain');
  };
  await put(`\ufeff${csvLine(header)}`);
  let count = 0;
  for await (const batch of rows) {
    let text = '';
    for (const cells of batch) text += csvLine(cells);
    count += batch.length;
    await put(text);
  }
  await new Promise<void>((resolve, reject) => {
    out.once('error', reject);
    out.end(resolve);
  });
  return { rows: count };
}

function csvLine(cells: readonly WriteCell[]): string {
  let line = '';
  for (let i = 0; i < cells.length; i++) line += (i === 0 ? '' : ',') + csvCell(cells[i]);
  return `${line}\r\n`;
}

function csvCell(cell: WriteCell): string {
  if (cell === null || cell === undefined) return '';
  const text = typeof cell === 'string' ? neutralise(cell) : cell instanceof Date ? cell.toISOString() : cellText(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

const DANGEROUS = /^'*[=+\-@\t\r=+-@|%]/;
const HARMLESS = /^'*[-+]?[\d., ]*\d%?$/;
const guarded = (text: string): boolean => DANGEROUS.test(text) && !HARMLESS.test(text);

/** Text that no spreadsheet takes for a formula. Text that looks guarded already gets one more, so that nothing is lost. */
export const neutralise = (text: string): string => (guarded(text) ? `'${text}` : text);

/** The other way round, for cells of a text file. */
export const restore = (text: string): string =>
  text.charCodeAt(0) === 39 && guarded(text.slice(1)) ? text.slice(1) : text;
