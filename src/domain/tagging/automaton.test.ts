import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildAutomaton } from './automaton.ts';
import { foldInto, foldPhrase, isLetter, newFolded } from './fold.ts';

type Found = [pattern: string, start: number, end: number];

function found(phrases: readonly string[], text: string): Found[] {
  const automaton = buildAutomaton(phrases);
  const folded = newFolded(1);
  foldInto(text, folded);
  const patterns = [...new Set(phrases.map(foldPhrase))].filter((one) => one !== '').sort();
  const hits: Found[] = [];
  automaton.scan(folded, (pattern, start, end) => hits.push([patterns[pattern] ?? '', start, end]));
  return hits;
}

/** The same by looking for each phrase at each place. */
function bruteForce(phrases: readonly string[], text: string): Found[] {
  const folded = newFolded();
  foldInto(text, folded);
  const codes = String.fromCharCode(...folded.codes.slice(0, folded.length));
  const letter = (at: number) => isLetter(codes.charCodeAt(at));
  const hits: Found[] = [];
  for (const pattern of new Set(phrases.map(foldPhrase)))
    for (let start = 0; pattern !== '' && start + pattern.length <= codes.length; start++) {
      if (!codes.startsWith(pattern, start)) continue;
      const end = start + pattern.length;
      if (start > 0 && folded.gap[start] === 0 && letter(start) && letter(start - 1)) continue;
      if (end < codes.length && folded.gap[end] === 0 && letter(end - 1) && letter(end)) continue;
      hits.push([pattern, start, end]);
    }
  return hits;
}

const sorted = (hits: Found[]) => hits.map((hit) => hit.join(' ')).sort();
/** Few characters, so that phrases meet, overlap and lie in one another. */
const small = (max: number) =>
  fc.string({ unit: fc.constantFrom('a', 'B', '不', '價', '价', '😀', ' ', '\n', 'Ａ', '。'), maxLength: max });

it('finds what a search for each phrase finds', () => {
  fc.assert(
    fc.property(fc.array(small(5), { maxLength: 12 }), small(60), (phrases, text) => {
      expect(sorted(found(phrases, text))).toEqual(sorted(bruteForce(phrases, text)));
    }),
    { numRuns: 2000 },
  );
});

it('a phrase is found in itself, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (phrase) => {
      const folded = foldPhrase(phrase);
      if (folded !== '') expect(found([phrase], phrase)).toEqual([[folded, 0, folded.length]]);
    }),
  );
});

it('places lead back to the text: folding what they point to gives the phrase', () => {
  fc.assert(
    fc.property(small(4), small(40), (phrase, text) => {
      const automaton = buildAutomaton([phrase]);
      const folded = newFolded();
      foldInto(text, folded);
      automaton.scan(folded, (_pattern, start, end) => {
        const from = folded.at[start] ?? 0;
        const to = (folded.at[end - 1] ?? 0) + 1;
        expect(foldPhrase(text.slice(from, to))).toBe(foldPhrase(phrase));
      });
    }),
  );
});

it('holds 100,000 phrases in little room', () => {
  const phrases: string[] = [];
  for (let n = 0; n < 100_000; n++)
    phrases.push(String.fromCharCode(0x4e00 + (n % 5000), 0x4e00 + ((n * 7919) % 6000), 0x4e00 + Math.floor(n / 20)));
  const automaton = buildAutomaton(phrases);
  expect(new Set(automaton.patternOf).size).toBe(new Set(phrases).size);
  // 18 bytes a state, the table of the root, and four bytes a pattern.
  expect(automaton.bytes).toBeLessThanOrEqual(18 * automaton.states + 8 + 4 * 0x10000 + 4 * phrases.length);
});
