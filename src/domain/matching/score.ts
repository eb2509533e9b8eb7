import { modelOf, VETO, weigh } from './model.ts';
import type { Table } from './table.ts';
import type { FieldWeights, Level, Weights } from './types.ts';

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
  const model = modelOf(table.columns, weights);
  const bits = new Float64Array(table.columns.length);
  const bonuses = table.columns.map((c) => {
    const own = weights.fields[c.field.column];
    return own === undefined
      ? null
      : Float64Array.from(c.termCounts, (n) => rarityBonus(own, c.kind.levels, n, table.size));
  });
  return (a, b, levels, at = 0) => {
    const sum = weigh(model, levels, at, bits);
    if (sum <= VETO) return VETO;
    let score = model.base + sum;
    for (let f = 0; f < table.columns.length; f++) {
      const l = levels[at + f] ?? -1;
      const bonus = bonuses[f];
      const column = table.columns[f];
      if (l < 0 || model.fields[f]?.term[l] !== 1 || bonus === null || bonus === undefined || column === undefined)
        continue;
      const x = column.terms[column.ids[a] ?? -1] ?? 0;
      const y = column.terms[column.ids[b] ?? -1] ?? 0;
      score += x === y ? (bonus[x] ?? 0) : Math.min(bonus[x] ?? 0, bonus[y] ?? 0);
    }
    return score;
  };
}
