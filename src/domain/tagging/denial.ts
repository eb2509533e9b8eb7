import type { Cue, CueKind, Cues } from './cues.ts';
import { type Folded, isLetter, LINE } from './fold.ts';

/** What denies a phrase, or what denied it and was denied in turn. */
export interface Denial {
  denied: boolean;
  /** The outermost words that decide, in codes. */
  start: number;
  end: number;
}

const ENDS = new Set(Array.from(',.!?;:。·…()[]{}【】《》「」"“”|/', (c) => c.charCodeAt(0)));
/** Particles after which a comma only takes breath: 预算嘛，不是问题. */
const BREATH = new Set(Array.from('嘛呢吧啊么呀', (c) => c.charCodeAt(0)));
const SPACE = 32;
const COMMA = 44;
/** Unknown text is not gone through further than this. */
const FARTHEST = 4;

/**
 * Whether the phrase at [start, end) is denied where it stands; null: no word of denial is about it. Denials are counted: 不是没有预算 says that there is one.
 * Words inside the phrase are its own: 预算不足 is not denied by its 不.
 */
export function denialOf(text: Folded, cues: Cues, start: number, end: number): Denial | null {
  const before = chainBefore(text, cues.byEnd, start);
  const after = denialAfter(text, cues.byStart, end);
  const count = (before?.count ?? 0) + (after?.count ?? 0);
  if (count === 0) return null;
  const places = [before, after].flatMap((one) => one ?? []);
  return {
    denied: count % 2 === 1,
    start: Math.min(...places.map((one) => one.start)),
    end: Math.max(...places.map((one) => one.end)),
  };
}

interface Chain {
  count: number;
  start: number;
  end: number;
}

/** Goes from the phrase towards the beginning of its clause, word by word. */
function chainBefore(text: Folded, cues: readonly Cue[], from: number): Chain | null {
  let chain: Chain | null = null;
  let at = from;
  let unknown = 0;
  while (at > 0 && unknown <= FARTHEST) {
    const code = text.codes[at - 1] ?? 0;
    if (parts(text, at) || code === LINE || ENDS.has(code)) break;
    if (code === SPACE) {
      at -= 1;
      continue;
    }
    const cue = longest(
      cues,
      firstAt(cues, 'end', at),
      (one) => one.end === at,
      (kind) => kind !== 'after',
    );
    if (cue?.kind === 'turn') break;
    if (cue?.kind === 'before') {
      if (unknown > cue.reach) break;
      chain = longer(chain, cue);
      unknown = 0;
    } else if (cue === undefined) unknown += 1;
    at = cue?.start ?? wordStart(text, at);
  }
  return chain;
}

const longer = (chain: Chain | null, { start, end }: Cue): Chain => ({
  count: (chain?.count ?? 0) + 1,
  start,
  end: chain?.end ?? end,
});

/** Goes from the phrase towards the end of its clause. */
function denialAfter(text: Folded, cues: readonly Cue[], from: number): Chain | null {
  let at = from;
  let unknown = 0;
  let turned = 0;
  while (at < text.length && unknown <= FARTHEST) {
    const code = text.codes[at] ?? 0;
    const breath = code === COMMA && BREATH.has(text.codes[at - 1] ?? 0);
    if (!breath && (parts(text, at) || code === LINE || ENDS.has(code))) return null;
    if (breath || code === SPACE || BREATH.has(code)) {
      at += 1;
      continue;
    }
    const here = (one: Cue) => one.start === at;
    const first = firstAt(cues, 'start', at);
    const denies = longest(cues, first, here, (kind) => kind === 'after');
    const cue = longest(cues, first, here, (kind) => kind !== 'after');
    // 不是问题 is about what stands before it, although 不是 alone would be about what follows.
    if (denies && denies.end >= (cue?.end ?? 0))
      return unknown > denies.reach ? null : { count: 1 + turned, start: denies.start, end: denies.end };
    if (cue?.kind === 'turn') return null;
    // 不是 [不成问题]: only directly before it.
    if (cue?.kind === 'before' && cues.some((one) => one.kind === 'after' && one.start === cue.end)) turned += 1;
    else if (cue?.kind === 'before') return null;
    else if (cue === undefined) unknown += 1;
    at = cue?.end ?? wordEnd(text, at);
  }
  return null;
}

/** White space between two Chinese characters stands for a comma in hasty notes; beside letters it is only typography. */
const parts = ({ gap, codes }: Folded, at: number): boolean =>
  gap[at] === 1 && !isLetter(codes[at] ?? 0) && !isLetter(codes[at - 1] ?? 0);

/** Place of the first cue, in the order of its list, that ends or starts at `at` or behind it. */
function firstAt(cues: readonly Cue[], by: 'start' | 'end', at: number): number {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.[by] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The longest of those that stand together from `first` on; of equals the one listed first: it is the stronger. */
function longest(
  cues: readonly Cue[],
  first: number,
  here: (cue: Cue) => boolean,
  wanted: (kind: CueKind) => boolean,
): Cue | undefined {
  let best: Cue | undefined;
  for (let n = first; n < cues.length; n++) {
    const cue = cues[n];
    if (!cue || !here(cue)) break;
    if (wanted(cue.kind) && (!best || cue.end - cue.start > best.end - best.start)) best = cue;
  }
  return best;
}

function wordStart({ codes, gap }: Folded, at: number): number {
  let to = at - 1;
  while (to > 0 && gap[to] === 0 && isWord(codes[to] ?? 0) && isWord(codes[to - 1] ?? 0)) to -= 1;
  return to;
}

function wordEnd({ codes, gap, length }: Folded, at: number): number {
  let to = at + 1;
  while (to < length && gap[to] === 0 && isWord(codes[to] ?? 0) && isWord(codes[to - 1] ?? 0)) to += 1;
  return to;
}

/** With the apostrophe and the hyphen: customer's, follow-up. */
const isWord = (code: number): boolean => isLetter(code) || code === 0x27 || code === 0x2d;
