import { simplify } from '../text/simplify.ts';

/*
 * Text as phrases are compared: half width, lower case, simplified, invisible characters gone. One UTF-16 unit stays one unit, so that every place found
 * leads back to the text as it was typed. A pair of surrogates stays a pair: it is matched as its code point is.
 */

/** Line break inside Chinese: no phrase goes across. */
export const LINE = 10;
const SPACE = 32;
/** From here on scripts write without spaces (CJK radicals, kana, Han, Hangul, full width). */
const WIDE = 0x2e80;

const UNKNOWN = 0xffff;
/** Per unit: what it counts as; 0: nothing. */
const image = new Uint16Array(0x10000).fill(UNKNOWN);

function learn(unit: number): number {
  const value = imageOf(unit);
  image[unit] = value;
  return value;
}

function imageOf(unit: number): number {
  if (unit >= 0xd800 && unit < 0xe000) return unit;
  const c = String.fromCharCode(unit);
  if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) return LINE;
  if (/\s/.test(c)) return SPACE;
  if (/[\p{C}\p{M}]/u.test(c)) return 0;
  if (unit >= 0xff01 && unit <= 0xff5e) return imageOf(unit - 0xfee0);
  if (unit === 0x2018 || unit === 0x2019) return 0x27;
  const folded = simplify(c.toLowerCase());
  return folded.length === 1 ? folded.charCodeAt(0) : unit;
}

/** A folded text; its arrays are used again for the next one. */
export interface Folded {
  codes: Uint16Array;
  /** Where each code stands in the text. */
  at: Int32Array;
  /** 1: white space that Chinese does not need stood before this code, and was left out. */
  gap: Uint8Array;
  length: number;
}

export const newFolded = (room = 1024): Folded => ({
  codes: new Uint16Array(room),
  at: new Int32Array(room),
  gap: new Uint8Array(room),
  length: 0,
});

/** Folds a text. White space between letters becomes one space, beside Chinese none; a line break beside Chinese stays one. */
export function foldInto(text: string, into: Folded): void {
  if (into.codes.length < text.length + 1) Object.assign(into, newFolded(text.length * 2));
  const { codes, at, gap } = into;
  let n = 0;
  let white = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let code = image[unit] ?? UNKNOWN;
    if (code === UNKNOWN) code = learn(unit);
    if (code === 0) continue;
    if (code === SPACE || code === LINE) {
      if (white !== LINE) white = code;
      continue;
    }
    gap[n] = 0;
    if (white !== 0 && n > 0) {
      const wide = code >= WIDE || (codes[n - 1] ?? 0) >= WIDE;
      if (wide && white === SPACE) gap[n] = 1;
      else {
        codes[n] = wide ? LINE : SPACE;
        at[n] = i;
        n += 1;
        gap[n] = 0;
      }
    }
    white = 0;
    codes[n] = code;
    at[n] = i;
    n += 1;
  }
  into.length = n;
}

const scratch = newFolded();

/** A phrase as it is looked for; two that fold alike are one. */
export function foldPhrase(phrase: string): string {
  foldInto(phrase, scratch);
  let out = '';
  for (let i = 0; i < scratch.length; i++) out += String.fromCharCode(scratch.codes[i] ?? 0);
  return out;
}

const letters = new Uint8Array(WIDE);
/** Letters and digits of scripts that part their words by spaces. */
export function isLetter(code: number): boolean {
  if (code >= WIDE) return false;
  const known = letters[code];
  if (known) return known === 1;
  const is = /[\p{L}\p{N}_]/u.test(String.fromCharCode(code));
  letters[code] = is ? 1 : 2;
  return is;
}
