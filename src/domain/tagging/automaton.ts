import { type Folded, foldPhrase, isLetter } from './fold.ts';

/**
 * Finds all of many phrases in one pass over a text (Aho and Corasick, “Efficient string matching”, CACM 18, 1975).
 *
 * States are numbered breadth first, so the children of a state lie side by side and need no pointers: 18 bytes a state, found by a binary search.
 * Only the root, where most characters end up, has a table.
 */
export interface Automaton {
  /** Pattern of each phrase given; -1: nothing of it is left after folding. */
  patternOf: Int32Array;
  /** Length of each pattern in codes. */
  lengths: Int32Array;
  longest: number;
  states: number;
  /** Bytes held. */
  bytes: number;
  /** Calls `hit` with pattern, first code, and the code behind the last, in the order of the ends; whole words only where words are parted by spaces. */
  scan(text: Folded, hit: (pattern: number, start: number, end: number) => void): void;
}

export function buildAutomaton(phrases: readonly string[]): Automaton {
  const folded = phrases.map(foldPhrase);
  // The order of UTF-16 units: phrases with one beginning are neighbours.
  const patterns = [...new Set(folded)].filter((one) => one !== '').sort();
  const number = new Map(patterns.map((pattern, n) => [pattern, n]));
  const lengths = Int32Array.from(patterns, ({ length }) => length);
  const trie = buildTrie(patterns);
  const { label, first, ends, states } = trie;
  const root = new Int32Array(0x10000);
  for (let s = first[0] ?? 0; s < (first[1] ?? 0); s++) root[label[s] ?? 0] = s;
  const next = (state: number, code: number): number => {
    if (state === 0) return root[code] ?? 0;
    let low = first[state] ?? 0;
    let high = (first[state + 1] ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = label[middle] ?? 0;
      if (found === code) return middle;
      if (found < code) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  };
  const { fail, link } = buildLinks(trie, next);

  return {
    patternOf: Int32Array.from(folded, (one) => number.get(one) ?? -1),
    lengths,
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    states,
    bytes: [label, first, ends, fail, link, root, lengths].reduce((sum, { byteLength }) => sum + byteLength, 0),
    scan: ({ codes, gap, length }, hit) => {
      let state = 0;
      for (let i = 0; i < length; i++) {
        const code = codes[i] ?? 0;
        let to = next(state, code);
        while (to === 0 && state !== 0) {
          state = fail[state] ?? 0;
          to = next(state, code);
        }
        state = to;
        for (let found = (ends[state] ?? -1) >= 0 ? state : (link[state] ?? 0); found !== 0; found = link[found] ?? 0) {
          const pattern = ends[found] ?? 0;
          const start = i + 1 - (lengths[pattern] ?? 0);
          if (start > 0 && gap[start] === 0 && isLetter(codes[start] ?? 0) && isLetter(codes[start - 1] ?? 0)) continue;
          if (i + 1 < length && gap[i + 1] === 0 && isLetter(code) && isLetter(codes[i + 1] ?? 0)) continue;
          hit(pattern, start, i + 1);
        }
      }
    },
  };
}

interface Trie {
  states: number;
  /** Code that leads to a state. */
  label: Uint16Array;
  /** First child of each state; those of state s are first[s] … first[s + 1] - 1. */
  first: Int32Array;
  /** Pattern that ends in a state; -1: none. */
  ends: Int32Array;
}

/** Level by level: a state is a range of the sorted patterns that begin alike. */
function buildTrie(patterns: readonly string[]): Trie {
  const room = patterns.reduce((sum, { length }) => sum + length, 1);
  const label = new Uint16Array(room);
  const first = new Int32Array(room + 1);
  const ends = new Int32Array(room).fill(-1);
  const low = new Int32Array(room);
  const high = new Int32Array(room);
  high[0] = patterns.length;
  let states = 1;
  let levelEnd = 1;
  let depth = 0;
  for (let s = 0; s < states; s++) {
    if (s === levelEnd) {
      depth += 1;
      levelEnd = states;
    }
    first[s] = states;
    let at = low[s] ?? 0;
    const end = high[s] ?? 0;
    if (patterns[at]?.length === depth) {
      ends[s] = at;
      at += 1;
    }
    while (at < end) {
      const code = patterns[at]?.charCodeAt(depth) ?? 0;
      low[states] = at;
      while (at < end && patterns[at]?.charCodeAt(depth) === code) at += 1;
      high[states] = at;
      label[states] = code;
      states += 1;
    }
  }
  first[states] = states;
  return {
    states,
    label: label.slice(0, states),
    first: first.slice(0, states + 1),
    ends: ends.slice(0, states),
  };
}

/** `fail`: the longest other beginning that a state ends with. `link`: the nearest of those where a pattern ends; 0: none. */
function buildLinks({ states, label, first, ends }: Trie, next: (state: number, code: number) => number) {
  const fail = new Int32Array(states);
  const link = new Int32Array(states);
  for (let s = 0; s < states; s++)
    for (let child = first[s] ?? 0; child < (first[s + 1] ?? 0); child++) {
      const code = label[child] ?? 0;
      let from = s;
      let to = 0;
      while (from !== 0 && to === 0) {
        from = fail[from] ?? 0;
        to = next(from, code);
      }
      fail[child] = to;
      link[child] = (ends[to] ?? -1) >= 0 ? to : (link[to] ?? 0);
    }
  return { fail, link };
}
