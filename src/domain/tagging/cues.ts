import { type Automaton, buildAutomaton } from './automaton.ts';
import { AFTER, AFTER_LATIN, BEFORE, BRIDGE, NEUTRAL, NEUTRAL_LATIN, TURN, TURN_LATIN } from './cue-words.ts';
import type { Folded } from './fold.ts';

export type CueKind = 'before' | 'after' | 'neutral' | 'turn' | 'bridge';

/** One word that matters for denial, with the codes it takes. */
export interface Cue {
  kind: CueKind;
  reach: number;
  start: number;
  end: number;
}

type Meaning = Pick<Cue, 'kind' | 'reach'>;

/** Stronger first, where one word is two things: 不存在 stands before and after what it denies. */
const listed: [words: readonly string[], meaning: Meaning][] = [
  [NEUTRAL.split(' '), { kind: 'neutral', reach: 0 }],
  [NEUTRAL_LATIN, { kind: 'neutral', reach: 0 }],
  [TURN.split(' '), { kind: 'turn', reach: 0 }],
  [TURN_LATIN, { kind: 'turn', reach: 0 }],
  [AFTER.split(' ').flatMap((word) => [word, `并${word}`, `也${word}`, `都${word}`]), { kind: 'after', reach: 2 }],
  [AFTER_LATIN, { kind: 'after', reach: 2 }],
  ...BEFORE.map(([reach, words]): [readonly string[], Meaning] => [words.split(' '), { kind: 'before', reach }]),
  [BRIDGE.split(' '), { kind: 'bridge', reach: 0 }],
];

let known: { automaton: Automaton; meanings: Meaning[][] } | undefined;

function load() {
  const entries = listed.flatMap(([words, meaning]) => words.map((word) => ({ word, meaning })));
  const automaton = buildAutomaton(entries.map(({ word }) => word));
  const meanings: Meaning[][] = [];
  for (const [n, { meaning }] of entries.entries()) {
    const pattern = automaton.patternOf[n] ?? -1;
    meanings[pattern] = [...(meanings[pattern] ?? []), meaning];
  }
  known = { automaton, meanings };
  return known;
}

/** All such words of a text; they may overlap. */
export interface Cues {
  byEnd: readonly Cue[];
  byStart: readonly Cue[];
}

export function findCues(text: Folded): Cues {
  const { automaton, meanings } = known ?? load();
  const cues: Cue[] = [];
  automaton.scan(text, (pattern, start, end) => {
    for (const meaning of meanings[pattern] ?? []) cues.push({ ...meaning, start, end });
  });
  return { byEnd: cues, byStart: [...cues].sort((a, b) => a.start - b.start) };
}
