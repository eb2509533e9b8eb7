import { expectation, type History, known, logs, type Pattern, slipScore } from './pattern.ts';

/** Why a value should be looked at before it counts. */
export interface Suspicion {
  /** unit: 元 for 万元 and the like; digit: one too many or too few; far: unlike what it was, for no reason that we know. */
  code: 'unit' | 'digit' | 'far';
  /** The new value over the one expected: 10000 means ten thousand times as much. */
  times: number;
  /** The usual value, of this record or of its like. */
  usual: number;
  /** The value that was probably meant. */
  meant?: number;
  /** Log odds for a slip, and the log odds from which this field holds. */
  score: number;
  holdAbove: number;
}

/**
 * Judges a new amount by the record's own earlier values, and by its like where it has few.
 * @param own values before, oldest first, the present one last
 * @returns null for an ordinary change
 */
export function judge(value: number, own: History, pattern: Pattern): Suspicion | null {
  if (!(value > 0) || !Number.isFinite(value)) return null;
  const before = logs(own);
  const expected = expectation(pattern, before);
  const { score, slip } = slipScore(Math.log10(value), expected);
  const holdAbove = pattern.holdAbove[known(before.length)];
  if (score <= holdAbove) return null;
  const usual = 10 ** expected.location;
  const meant = slip && { meant: Number((value / 10 ** slip.shift).toPrecision(12)) };
  return { code: slip?.code ?? 'far', times: value / usual, usual, ...meant, score, holdAbove };
}
