import { pinyin } from 'pinyin-pro';

const known = new Map<string, readonly string[]>();

/** All toneless readings of one character, most frequent first; a character without reading reads as itself. */
export function readings(character: string): readonly string[] {
  let found = known.get(character);
  if (found === undefined) {
    const code = character.charCodeAt(0);
    found =
      code < 0x3400
        ? [character]
        : [...new Set(pinyin(character, { toneType: 'none', type: 'array', multiple: true }))].filter((r) => r !== '');
    if (found.length === 0) found = [character];
    if (known.size < 50_000) known.set(character, found);
  }
  return found;
}

/** Two characters can be read the same (多音字 in any of their readings). */
export function homophones(a: string, b: string): boolean {
  if (a === b) return true;
  const other = readings(b);
  for (const r of readings(a)) if (other.includes(r)) return true;
  return false;
}

/** The usual reading of every character, joined: 海尔 → haier. Good for keys, where one reading must be chosen. */
export function spoken(text: string): string {
  let out = '';
  for (const c of text) out += readings(c)[0] ?? c;
  return out;
}

/** Same length and every character the same or a homophone; `differing` counts the characters that are not equal. */
export function soundsSame(a: string, b: string): { same: boolean; differing: number } {
  if (a.length !== b.length) return { same: false, differing: 0 };
  let differing = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a.charAt(i);
    const y = b.charAt(i);
    if (x === y) continue;
    if (!homophones(x, y)) return { same: false, differing: 0 };
    differing++;
  }
  return { same: true, differing };
}
