import { modelOf, VETO, weigh } from './model.ts';
import type { Table } from './table.ts';
import type { FieldWeights, Weights } from './types.ts';

/**
 * Bits that the rarity of a shared term adds: agreeing on 欧阳修 says more than agreeing on 张伟. `count` is how many records have the
 * term, the two of the pair among them.
 */
export function rarityBonus(own: FieldWeights, level: number, count: number, records: number): number {
  const usual = Math.max(0.05, (own.u[level] ?? 1) * records);
  // Other records with the term, less those that are duplicates of the pair, plus what a sample of this size can't show.
  const strangers = Math.max(0, count - 2) * (1 - (own.matched[level] ?? 0.5)) + Math.min(0.7, usual);
  return Math.max(-10, Math.min(6, Math.log2(usual / strangers)));
}

/** log2 odds of a pair from its levels; a veto gives −1000. */
export type Score = (a: number, b: number, levels: Int8Array, at?: number) => number;

export function scorer(table: Table, weights: Weights): Score {
  const model = modelOf(table.columns, weights);
  const bits = new Float64Array(table.columns.length);
  const own = table.columns.map((c) => weights.fields[c.field.column]);
  return (a, b, levels, at = 0) => {
    const sum = weigh(model, levels, at, bits);
    if (sum <= VETO) return VETO;
    let score = model.base + sum;
    for (let f = 0; f < table.columns.length; f++) {
      const l = levels[at + f] ?? -1;
      const field = own[f];
      const column = table.columns[f];
      if (l < 0 || model.fields[f]?.term[l] !== 1 || field === undefined || column === undefined) continue;
      const x = column.termCounts[column.terms[column.ids[a] ?? -1] ?? -1] ?? 2;
      const y = column.termCounts[column.terms[column.ids[b] ?? -1] ?? -1] ?? 2;
      score += rarityBonus(field, l, Math.max(x, y), table.size);
    }
    return score;
  };
}
