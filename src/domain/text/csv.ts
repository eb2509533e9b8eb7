/**
 * Text of a comma-separated file as Excel and WPS open it: UTF-8 with a byte order mark, CRLF, quotes where needed. Cells that a spreadsheet would run
 * as a formula get a leading apostrophe, which spreadsheets take for “this is text” (OWASP, CSV injection; ASVS 1.2.10). Plain numbers with a sign
 * stay as they are.
 */
export const BYTE_ORDER_MARK = '\ufeff';

/** Of cells that are texts already. @param quoted a cell that is safe as it is, see `csvText` */
export const csvLine = (quoted: readonly string[]): string => `${quoted.join(',')}\r\n`;

/** A cell: quoted where it must be. What a person wrote goes through `neutralise` first; numbers and dates need not. */
export const csvText = (text: string): string =>
  /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;

const DANGEROUS = /^'*[=+\-@\t\r=+-@|%]/;
const HARMLESS = /^'*[-+]?[\d., ]*\d%?$/;
const guarded = (text: string): boolean => DANGEROUS.test(text) && !HARMLESS.test(text);

/** Text that no spreadsheet takes for a formula. Text that looks guarded already gets one more, so that nothing is lost. */
export const neutralise = (text: string): string => (guarded(text) ? `'${text}` : text);

/** The other way round, for cells of a text file. */
export const restore = (text: string): string =>
  text.charCodeAt(0) === 39 && guarded(text.slice(1)) ? text.slice(1) : text;
