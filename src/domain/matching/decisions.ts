import { type Matcher, prepare, scorePair } from './matcher.ts';
import type { Row, Weights } from './types.ts';

/** A reviewer's answer to one pair. */
export interface Decision {
  a: Row;
  b: Row;
  same: boolean;
}

/** How far (in bits, one standard deviation) decisions may be expected to move a level: the learned weights are mostly right. */
const SPREAD = 2;
const ROUNDS = 200;

/**
 * Sharpens weights with what reviewers decided. Reviewers see doubtful pairs only, so their answers can't be counted into m and u (those
 * are shares among all pairs); instead each level gets a correction by logistic regression on the reviewed pairs, held near zero by a
 * normal prior. More decisions move it further; decisions replace those applied before. Pure: returns new weights.
 */
export function applyDecisions(matcher: Matcher, decisions: readonly Decision[]): Weights {
  const { weights, fields } = matcher;
  const offsets: number[] = [0];
  for (const f of fields) offsets.push((offsets[offsets.length - 1] ?? 0) + f.kind.levels.length);
  const count = offsets[offsets.length - 1] ?? 0;
  const pairs = decisions.map(({ a, b, same }) => {
    const pair = scorePair(matcher, prepare(matcher, a), prepare(matcher, b));
    const at: number[] = [];
    let before = 0;
    pair.levels.forEach((l, f) => {
      if (l < 0) return;
      at.push((offsets[f] ?? 0) + l);
      before += weights.fields[fields[f]?.field.column ?? '']?.adjust?.[l] ?? 0;
    });
    return { at, same, score: Math.max(-40, pair.score) - before };
  });
  const shift = new Float64Array(count);
  const step = 1 / (Math.LN2 ** 2 * 0.25 * Math.max(1, pairs.length) * Math.max(1, fields.length) + 1 / SPREAD ** 2);
  for (let round = 0; round < ROUNDS; round++) {
    const slope = shift.map((x) => -x / SPREAD ** 2);
    for (const { at, same, score } of pairs) {
      let total = score;
      for (const k of at) total += shift[k] ?? 0;
      const error = (same ? 1 : 0) - 1 / (1 + 2 ** -total);
      for (const k of at) slope[k] = (slope[k] ?? 0) + error * Math.LN2;
    }
    for (let k = 0; k < count; k++) shift[k] = (shift[k] ?? 0) + step * (slope[k] ?? 0);
  }
  const out: Weights = { ...weights, fields: { ...weights.fields } };
  fields.forEach((f, i) => {
    const own = weights.fields[f.field.column];
    if (own !== undefined)
      out.fields[f.field.column] = { ...own, adjust: f.kind.levels.map((_, l) => shift[(offsets[i] ?? 0) + l] ?? 0) };
  });
  return out;
}
