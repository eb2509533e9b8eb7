import { levelWeight } from './learn.ts';
import type { Table } from './table.ts';
import type { FieldWeights, Level, Weights } from './types.ts';

const VETO = -1000;

/** Bits that the rarity of a shared term adds: agreeing on 欧阳修 says more than agreeing on 张伟. */
export function rarityBonus(own: FieldWeights, levels: readonly Level[], termCount: number, records: number): number {
  let shareU = 0;
  levels.forEach((l, i) => {
    if (l.term === true) shareU += own.u[i] ?? 0;
  });
  // Other records with the term, less those that are duplicates of the pair, plus what a sample can't show.
  const strangers = Math.max(0, termCount - 2) * (1 - own.matched) + Math.min(3, Math.max(0.05, own.chance));
  const bonus = Math.log2(shareU / (strangers / records));
  return Math.max(-10, Math.min(6, bonus));
}

/** log2 odds of a pair from its levels; a veto gives −1000. */
export type Score = (a: number, b: number, levels: Int8Array, at?: number) => number;

export function scorer(table: Table, weights: Weights): Score {
  const base = Math.log2(weights.prior / (1 - weights.prior));
  const parts = table.columns.map((c) => {
    const own = weights.fields[c.field.column];
    const log = c.kind.levels.map((l, i) => levelWeight(l, own?.m[i] ?? 1, own?.u[i] ?? 1));
    const bonus =
      own === undefined ? null : Float64Array.from(c.termCounts, (n) => rarityBonus(own, c.kind.levels, n, table.size));
    return { column: c, log, bonus, levels: c.kind.levels };
  });
  return (a, b, levels, at = 0) => {
    let score = base;
    for (let f = 0; f < parts.length; f++) {
      const l = levels[at + f] ?? -1;
      if (l < 0) continue;
      const part = parts[f];
      const level = part?.levels[l];
      if (part === undefined || level === undefined) continue;
      if (level.veto === true) return VETO;
      score += part.log[l] ?? 0;
      if (level.term === true && part.bonus !== null) {
        const { ids, terms } = part.column;
        const x = terms[ids[a] ?? -1] ?? 0;
        const y = terms[ids[b] ?? -1] ?? 0;
        const bonus = part.bonus[x] ?? 0;
        score += x === y ? bonus : Math.min(bonus, part.bonus[y] ?? 0);
      }
    }
    return score;
  };
}
