import { buildAutomaton } from './automaton.ts';
import { findCues } from './cues.ts';
import { denialOf } from './denial.ts';
import { foldInto, newFolded } from './fold.ts';

/** One line of a dictionary. */
export interface Phrase {
  tag: string;
  text: string;
  /** Means something else: where this stands, shorter phrases of the tag inside it say nothing (太贵重 for 太贵). */
  except?: boolean;
}

/** A phrase found in a text. Places are UTF-16 units of the text as given. */
export interface Mention {
  tag: string;
  /** As it stands in the dictionary. */
  phrase: string;
  start: number;
  end: number;
  counts: boolean;
  /** Why it does not count, or counts although there is a word of denial: where those words stand. `within`: part of a longer phrase. */
  because?: { why: 'denied' | 'denied-twice' | 'within'; start: number; end: number };
}

export interface Tagger {
  /** Everything that is mentioned, in the order of the text. */
  find(text: string): Mention[];
  phrases: number;
  /** Bytes held by the automaton. */
  bytes: number;
}

interface Hit {
  pattern: number;
  start: number;
  end: number;
}

const NOTHING: Mention[] = [];

/**
 * A tagger of a dictionary, for one thread. Phrases are found whatever their width, case or script (繁/简); the longest phrase wins where one lies inside
 * another; what is denied does not count, and says so.
 */
export function createTagger(phrases: readonly Phrase[]): Tagger {
  const automaton = buildAutomaton(phrases.map(({ text }) => text));
  const meant: number[][] = [];
  for (let n = 0; n < phrases.length; n++) {
    const pattern = automaton.patternOf[n] ?? -1;
    if (pattern < 0) continue;
    const known = meant[pattern];
    if (known) known.push(n);
    else meant[pattern] = [n];
  }
  const folded = newFolded();
  let hits: Hit[] = [];
  const note = (pattern: number, start: number, end: number): void => {
    hits.push({ pattern, start, end });
  };

  const mentionsOf = (): Mention[] => {
    hits.sort((a, b) => a.start - b.start || b.end - a.end);
    const cues = findCues(folded);
    const found: Mention[] = [];
    for (const [n, hit] of hits.entries()) {
      const around = hitsAround(hits, n, automaton.longest);
      const told = new Set<string>();
      let denial: ReturnType<typeof denialOf> | undefined;
      for (const entry of meant[hit.pattern] ?? []) {
        const phrase = phrases[entry];
        if (!phrase || phrase.except || told.has(phrase.tag)) continue;
        told.add(phrase.tag);
        const mention = { tag: phrase.tag, phrase: phrase.text, ...placed(hit) };
        const cover = around.find(({ pattern }) =>
          (meant[pattern] ?? []).some((m) => !phrases[m]?.except || phrases[m]?.tag === phrase.tag),
        );
        if (cover) {
          const own = (meant[cover.pattern] ?? []).some((m) => phrases[m]?.tag === phrase.tag && !phrases[m]?.except);
          // The longer phrase says the same: it speaks for both.
          if (!own) found.push({ ...mention, counts: false, because: { why: 'within', ...placed(cover) } });
          continue;
        }
        denial ??= denialOf(folded, cues, hit.start, hit.end);
        if (!denial) found.push({ ...mention, counts: true });
        else {
          const why = denial.denied ? 'denied' : 'denied-twice';
          found.push({ ...mention, counts: !denial.denied, because: { why, ...placed(denial) } });
        }
      }
    }
    return found;
  };

  /** Codes back to places of the text. */
  const placed = ({ start, end }: { start: number; end: number }) => ({
    start: folded.at[start] ?? 0,
    end: (folded.at[end - 1] ?? 0) + 1,
  });

  return {
    phrases: phrases.length,
    bytes: automaton.bytes,
    find: (text) => {
      foldInto(text, folded);
      hits = [];
      automaton.scan(folded, note);
      return hits.length === 0 ? NOTHING : mentionsOf();
    },
  };
}

/** Longer ones that a hit lies in. */
function hitsAround(hits: readonly Hit[], n: number, longest: number): Hit[] {
  const hit = hits[n];
  const around: Hit[] = [];
  if (!hit) return around;
  for (let m = n - 1; m >= 0; m--) {
    const other = hits[m];
    if (!other || hit.start - other.start >= longest) break;
    if (other.end >= hit.end) around.push(other);
  }
  return around;
}
