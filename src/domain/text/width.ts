/**
 * Cleaning that never changes what a text says: invisible characters, odd spaces, full-width letters and digits.
 *
 * Plain NFKC would also turn ㎡ into m2, ① into 1 and （） into (), which changes registered company names; so only NFC and a
 * list of our own are applied to what is stored. Search text goes through NFKC (normalise.ts), nobody reads that.
 */

// Controls but tab and line breaks, soft hyphen, zero-width and direction marks, byte order mark, interlinear marks, variation selectors.
const INVISIBLE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|\u034F|[\uFE00-\uFE0F]/g;
const ODD_SPACE = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u3164\uFFA0]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;
// ０-９ Ａ-Ｚ ａ-ｚ and the marks that occur inside codes, addresses and amounts: ＃％＆＋－．／＠＿
const FULL_WIDTH = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF03\uFF05\uFF06\uFF0B\uFF0D-\uFF0F\uFF20\uFF3F]/g;
const FULL_WIDTH_ALL = /[\uFF01-\uFF5E]/g;
const PLAIN_ASCII = /^[\x21-\x7E]*$/;

const narrowCharacter = (c: string): string => String.fromCharCode(c.charCodeAt(0) - 0xfee0);

/** Removes what nobody can see and makes every odd space a plain one. Line breaks become `\n`. */
export function visible(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(ODD_SPACE, ' ')
    .replace(LONE_SURROGATE, '\uFFFD')
    .replace(/\r\n?|\u2028|\u2029/g, '\n');
}

/** Text for storing on one line: visible, letters and digits half width, Chinese punctuation as typed, single spaces, trimmed. */
export function cleanLine(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  return visible(text).replace(FULL_WIDTH, narrowCharacter).replace(/\s+/g, ' ').trim();
}

/** Text for storing with its lines: as cleanLine, but line breaks and indents stay. */
export function cleanLines(text: string): string {
  return visible(text)
    .replace(FULL_WIDTH, narrowCharacter)
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** Everything ASCII to half width, for codes, numbers and dates, where punctuation carries no style. */
export function narrow(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  return visible(text).replace(FULL_WIDTH_ALL, narrowCharacter).replace(/\s+/g, ' ').trim();
}
