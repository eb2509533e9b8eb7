import { pinyin as read } from 'pinyin-pro';
import { otherReadings } from './polyphones.ts';

export interface Pinyin {
  /** Whole spellings without spaces, the best reading first: `chongqingchangan`. */
  full: string[];
  /** First letters: `cqca`. Letters and digits stand for themselves in both. */
  initials: string[];
}

const HAN = /\p{Script=Han}/u;
const MAX_VARIANTS = 4;
/** Characters beyond this are not spelled: nobody types that far. */
const MAX_LENGTH = 48;

/**
 * Spellings of a text, with those of 多音字 that names use, at most four of each. `person` reads a surname first (单雄信 shan, 曾 zeng).
 * The text should be compact (normalise.ts): simplified, lower case, letters and digits only.
 */
export function pinyin(text: string, kind: 'person' | 'other' = 'other'): Pinyin {
  if (!HAN.test(text)) return { full: [], initials: [] };
  const points = [...text].slice(0, MAX_LENGTH);
  const best = syllables(points, kind);
  let full = [''];
  let initials = [''];
  points.forEach((character, i) => {
    const first = best[i] ?? character;
    const more = otherReadings(character);
    // A reading that isn't the usual one was chosen by the word around it (重庆, 银行): that is certain. A surname isn't, people type both.
    if (!more || (kind === 'other' && first !== more[0] && more.includes(first))) {
      const letter = firstLetter(first);
      for (let k = 0; k < full.length; k++) full[k] += first;
      for (let k = 0; k < initials.length; k++) initials[k] += letter;
      return;
    }
    const options = [first, ...more.filter((m) => m !== first)];
    full = extended(full, options);
    initials = extended(initials, [...new Set(options.map(firstLetter))]);
  });
  return { full, initials };
}

/** Rare characters without a reading stand for themselves, and half of one (𠮷 is two UTF-16 units) is no text that can be stored. */
function firstLetter(reading: string): string {
  const [first = ''] = reading;
  return first;
}

/** Every stem with every option, the stems' first options foremost, capped. */
function extended(stems: string[], options: string[]): string[] {
  const out: string[] = [];
  for (const option of options) for (const stem of stems) if (out.length < MAX_VARIANTS) out.push(stem + option);
  return out;
}

const usual = new Map<string, string>();

/** The commonest reading of a character without tones; other characters stand for themselves. */
function usualReading(character: string): string {
  let reading = usual.get(character);
  if (reading === undefined) {
    reading = HAN.test(character) ? read(character, { toneType: 'none', v: true }) : character;
    usual.set(character, reading);
  }
  return reading;
}

function syllables(points: string[], kind: 'person' | 'other'): string[] {
  // Most titles have no character of which names use several readings; then a look-up per character will do.
  if (!points.some((p) => otherReadings(p))) return points.map(usualReading);
  // Otherwise the library chooses by the words around.
  const list = read(points.join(''), {
    toneType: 'none',
    type: 'array',
    v: true,
    surname: kind === 'person' ? 'head' : 'off',
  });
  // One per character; should the library ever join some, spell each alone.
  return list.length === points.length ? list : points.map(usualReading);
}
