import { logGamma } from '../freshness/special.ts';

/**
 * How amounts of one field behave, learned from histories. Everything is in powers of ten: amounts grow and differ by factors, so log10 makes
 * their steps comparable; 1 means ten times as much.
 */
export interface Pattern {
  /** Where records lie, and how far they lie apart. */
  centre: number;
  spread: number;
  /** How far the values of one record lie apart. */
  within: number;
  /** A score above this is held, by how many own values there are: none, one or two, more. */
  holdAbove: readonly [number, number, number];
  /** Values it was learned from. */
  values: number;
}

/** Of one record, oldest first. Zero and negative values say nothing here and are left out. */
export type History = readonly number[];

/** Ordinary changes that may be held, with a margin below the 0.5 % that people put up with. */
const HELD_SHARE = 0.0035;
/** A score as it stands for even odds when one change in a hundred is a slip: ln 99. Counts as much as this many changes. */
const PRIOR_SCORE = Math.log(99);
const PRIOR_WEIGHT = 150;
/** However calm the histories, less than nine to one is no reason to stop anybody. */
const LEAST_SCORE = Math.log(9);
/** No field is so regular that a change of six percent is remarkable. */
const LEAST_SPREAD = 0.025;
/** Assumed while nothing is known: amounts of one record differ by half, records by a factor of ten. */
export const UNKNOWN: Pattern = {
  centre: 4.5,
  spread: 1,
  within: 0.18,
  holdAbove: [PRIOR_SCORE, PRIOR_SCORE, PRIOR_SCORE],
  values: 0,
};

/** Degrees of freedom that the field lends a record's own spread. */
const LENT = 4;
/** Each value back counts this much of the one after it. */
const FADE = 0.6;

/** What a slip does to a value, as a power of ten, and how common it is among slips. */
export const SLIPS: readonly { shift: number; share: number; code: 'unit' | 'digit' }[] = [
  { shift: 4, share: 0.14, code: 'unit' },
  { shift: -4, share: 0.14, code: 'unit' },
  { shift: 1, share: 0.17, code: 'digit' },
  { shift: -1, share: 0.17, code: 'digit' },
  { shift: 3, share: 0.08, code: 'unit' },
  { shift: -3, share: 0.08, code: 'unit' },
  { shift: 2, share: 0.06, code: 'unit' },
  { shift: -2, share: 0.06, code: 'unit' },
  { shift: 8, share: 0.01, code: 'unit' },
  { shift: -8, share: 0.01, code: 'unit' },
];
/** The rest: typed into the wrong field, another currency … anything within six powers of ten. */
const ANYTHING = { share: 0.08, density: 1 / 12 };
/** A digit doubled or dropped does not multiply by ten exactly. */
const SLIP_SPREAD = 0.15;

export interface Expectation {
  location: number;
  scale: number;
  df: number;
}

/** What the next value of a record is expected to be: its own values, newest first in weight, leaning on the field's pattern. */
export function expectation(pattern: Pattern, own: readonly number[]): Expectation {
  const { centre, spread, within } = pattern;
  if (own.length === 0) return { location: centre, scale: Math.hypot(spread, within), df: LENT };
  const middle = median(own);
  // One wild value among the record's own must not make the next look tame; where half of many are wild, that is how it is.
  const apart = own.length > LENT ? mad(own, middle) : 0;
  const reach = 3 * (apart > 2 * within ? apart : within);
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (const [place, value] of own.entries()) {
    const tamed = Math.max(middle - reach, Math.min(middle + reach, value));
    const counts = FADE ** (own.length - 1 - place);
    weight += counts;
    sum += counts * tamed;
    squares += (tamed - middle) ** 2;
  }
  const variance = (LENT * within ** 2 + squares) / (LENT + own.length - 1);
  const ofMean = variance / weight;
  const lean = ofMean / (ofMean + spread ** 2);
  return {
    location: (1 - lean) * (sum / weight) + lean * centre,
    scale: Math.max(LEAST_SPREAD, Math.sqrt(variance + (1 - lean) * ofMean)),
    df: LENT + own.length - 1,
  };
}

export interface Score {
  /** Log odds that a slip explains the value rather than an ordinary change, before how rare slips are. */
  score: number;
  /** The slip that explains it best; null: none of the known ones. */
  slip: (typeof SLIPS)[number] | null;
}

/** How much more a slip of the value that was expected explains `value` than an ordinary change does. */
export function slipScore(value: number, { location, scale, df }: Expectation): Score {
  const ordinary = logStudent((value - location) / scale, df) - Math.log(scale);
  const slipped = Math.hypot(scale, SLIP_SPREAD);
  let total = ANYTHING.share * ANYTHING.density;
  let best: Score['slip'] = null;
  let most = total;
  for (const slip of SLIPS) {
    const density =
      slip.share * Math.exp(logStudent((value - slip.shift - location) / slipped, 30) - Math.log(slipped));
    total += density;
    if (density > most) {
      most = density;
      best = slip;
    }
  }
  return { score: Math.log(total) - ordinary, slip: best };
}

/**
 * Learns a pattern from the histories of many records. The score from which changes are held is that which all but 0.35 % of the changes in them stay
 * below, each judged by what came before it (split conformal prediction), mixed with a prior while there are few.
 */
export function learnPattern(histories: Iterable<History>): Pattern {
  const records = [...histories].map((history) => logs(history)).filter((own) => own.length > 0);
  const values = records.reduce((sum, own) => sum + own.length, 0);
  if (values === 0) return UNKNOWN;
  const middles = records.map(median);
  const centre = median(middles);
  const steps = records.flatMap((own) => own.slice(1).map((value, place) => value - (own[place] ?? value)));
  // A step is the difference of two values, each off by `within`.
  const within = lean(steps.length, mad(steps, 0) / Math.SQRT2, UNKNOWN.within);
  const spread = lean(records.length, mad(middles, centre), UNKNOWN.spread);
  const scored: [number[], number[], number[]] = [[], [], []];
  const pattern: Pattern = { centre, spread, within, holdAbove: UNKNOWN.holdAbove, values };
  for (const own of records)
    for (let place = 0; place < own.length; place++)
      scored[known(place)].push(slipScore(own[place] ?? 0, expectation(pattern, own.slice(0, place))).score);
  return { ...pattern, holdAbove: [threshold(scored[0]), threshold(scored[1]), threshold(scored[2])] };
}

/** Which threshold holds for a record with so many values of its own. */
export const known = (own: number): 0 | 1 | 2 => (own === 0 ? 0 : own < 3 ? 1 : 2);

export const logs = (values: History): number[] =>
  values.filter((value) => value > 0).map((value) => Math.log10(value));

function threshold(scores: number[]): number {
  const n = scores.length;
  const sorted = [...scores].sort((a, b) => a - b);
  const quantile = sorted[Math.min(n - 1, Math.ceil((n + 1) * (1 - HELD_SHARE)) - 1)] ?? PRIOR_SCORE;
  // With few changes their highest score says little of how high ordinary ones go.
  const mixed = (n * quantile + PRIOR_WEIGHT * Math.max(quantile, PRIOR_SCORE)) / (n + PRIOR_WEIGHT);
  return Math.max(LEAST_SCORE, mixed);
}

/** A robust spread, leaning on what is assumed while there are few. */
function lean(n: number, found: number, assumed: number): number {
  return Math.max(LEAST_SPREAD, (n * found + 10 * assumed) / (n + 10));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

/** Median distance from `from`, scaled to the standard deviation of a normal distribution. */
function mad(values: readonly number[], from: number): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - from)));
}

/** Log density of Student's t with `df` degrees of freedom. */
function logStudent(t: number, df: number): number {
  return (
    logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI) - ((df + 1) / 2) * Math.log1p((t * t) / df)
  );
}
