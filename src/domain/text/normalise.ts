import { simplify } from './simplify.ts';

/*
 * Search and matching text: compatibility forms, lower case, no accents, simplified Chinese. Every character maps by itself, whatever stands beside it, so
 * the mapping is remembered per character and a title costs a table look-up per character.
 */
const UNKNOWN = 0xffff;
const LONGER = 0xfffe;
/** Per UTF-16 unit: its image as one unit, 0 for nothing, or LONGER for those in `longer`. */
const image = new Uint16Array(0x10000).fill(UNKNOWN);
const longer = new Map<number, string>();
const DROPPED = /[\p{M}\p{C}]/gu;

/** Latin, Greek, Cyrillic … lose their marks (Müller = muller); from the CJK blocks on, marks and syllables are letters of their own. */
function folded(c: string): string {
  return (c.codePointAt(0) ?? 0) < 0x2e80 ? c.normalize('NFKD').replace(DROPPED, '') : c.normalize('NFKC');
}

/** Folded twice: what a compatibility form stands for may be letters with marks (the ligature ﯪ is ئا, without its mark يا). */
function mapped(c: string): string {
  const letters = Array.from(folded(c), folded).join('');
  return simplify(letters.toLowerCase().replace(DROPPED, ''));
}

function learn(unit: number): number {
  const text = mapped(String.fromCharCode(unit));
  const value = text.length === 1 ? text.charCodeAt(0) : text === '' ? 0 : LONGER;
  image[unit] = value;
  if (value === LONGER) longer.set(unit, text);
  return value;
}

const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13);
const WORD = new Uint8Array(0x10000);
/** 1 for letters and digits, 2 for anything else. */
function wordClass(unit: number): number {
  const known = WORD[unit];
  if (known) return known;
  const found = /[\p{L}\p{N}]/u.test(String.fromCharCode(unit)) ? 1 : 2;
  WORD[unit] = found;
  return found;
}

function walk(text: string, keepOthers: boolean): string {
  let out = '';
  let gap = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let piece: string;
    if (unit >= 0xd800 && unit < 0xe000) {
      const low = text.charCodeAt(i + 1);
      if (unit >= 0xdc00 || !(low >= 0xdc00 && low < 0xe000)) continue;
      const pair = text.slice(i, i + 2);
      i++;
      piece = mapped(pair);
      if (!keepOthers) piece = piece.replace(/[^\p{L}\p{N}]/gu, '');
    } else {
      let value = image[unit] ?? UNKNOWN;
      if (value === UNKNOWN) value = learn(unit);
      if (value === 0) continue;
      if (value === LONGER) {
        piece = longer.get(unit) ?? '';
        if (!keepOthers) piece = piece.replace(/[^\p{L}\p{N}]/gu, '');
      } else if (isSpace(value)) {
        gap = out !== '';
        continue;
      } else {
        if (!keepOthers && wordClass(value) !== 1) continue;
        piece = String.fromCharCode(value);
      }
    }
    if (piece === '') continue;
    out += gap && keepOthers ? ` ${piece}` : piece;
    gap = false;
  }
  return out;
}

/** Text as search and duplicates compare it: ＡＢＣ　華為（Ｃｈｉｎａ） → `abc 华为(china)`. Single spaces, trimmed. */
export function normalise(text: string): string {
  return walk(text, true);
}

/** normalise without anything but letters and digits of all scripts: `abc华为china`. */
export function compact(text: string): string {
  return walk(text, false);
}
