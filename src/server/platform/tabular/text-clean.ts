import type { Cell } from './cell.ts';

/**
 * Characters nobody sees and nobody meant: controls (NUL too), zero-width space, direction marks, byte order marks, soft hyphens.
 * Zero-width joiners stay inside text: emoji and some scripts need them.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/g;
const EDGES = /^[\s\u200c\u200d]+|[\s\u200c\u200d]+$/g;

/** Text without invisible characters and surrounding space (also no-break and ideographic space). */
export function cleanText(text: string): string {
  if (INVISIBLE.test(text)) {
    INVISIBLE.lastIndex = 0;
    return text.replace(INVISIBLE, '').replace(EDGES, '');
  }
  return text.trim();
}

export function hasInvisible(text: string): boolean {
  INVISIBLE.lastIndex = 0;
  return INVISIBLE.test(text);
}

export function cleanCell(cell: Cell): Cell {
  return typeof cell === 'string' ? cleanText(cell) : cell;
}
