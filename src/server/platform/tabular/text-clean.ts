import type { Cell } from './cell.ts';
import { windows1252 } from './text-decoder.ts';

/**
 * Characters nobody sees and nobody meant: controls (NUL too), zero-width space, direction marks, byte order marks, soft hyphens.
 * Zero-width joiners stay inside text: emoji and some scripts need them.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'g');
const EDGES = /^[\s\u200c\u200d]+|[\s\u200c\u200d]+$/g;

export function cleanText(text: string): string {
  const clean =
    mayHaveInvisible(text) && INVISIBLE.test(text)
      ? text.replace(ALL_INVISIBLE, visible).replace(EDGES, '')
      : text.trim();
  return clean.endsWith(LOST_MARK) ? clean.slice(0, -LOST_MARK.length).trimEnd() : clean;
}

/** What a program that saves as GBK makes of the mark of an export (domain/watermark). */
const LOST_MARK = '?'.repeat(28);

/** U+0080–U+009F are controls in name only: they are windows-1252 punctuation that went through a wrong conversion. */
function visible(c: string): string {
  const code = c.charCodeAt(0);
  return code >= 0x80 && code <= 0x9f ? windows1252(code) : '';
}

/** A plain loop is several times faster than the expression; it may say yes to some harmless rare characters. */
export function mayHaveInvisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x7f) {
      if (c < 32 && c !== 10 && c !== 13 && c !== 9) return true;
    } else if (c < 0x2070) {
      if (c <= 0x9f || c === 0xad || (c >= 0x200b && c !== 0x2014 && (c < 0x2018 || c > 0x2027))) return true;
    } else if (c === 0xfeff || c >= 0xfff9) return true;
  }
  return false;
}

export const hasInvisible = (text: string): boolean => INVISIBLE.test(text);

export function cleanCell(cell: Cell): Cell {
  return typeof cell === 'string' ? cleanText(cell) : cell;
}

/** Whether the ends of the text may be space; most texts begin and end with a letter, a digit or a Han character. */
export function needsTrim(text: string): boolean {
  const { length } = text;
  if (length === 0) return false;
  const last = text.charCodeAt(length - 1);
  return mayBeSpace(text.charCodeAt(0)) || mayBeSpace(last) || (last === QUESTION && length >= LOST_MARK.length);
}

const QUESTION = 63;

const mayBeSpace = (code: number): boolean => code <= 32 || (code >= 0x7f && code < 0x3041) || code >= 0xfe00;
