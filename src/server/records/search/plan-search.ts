import { compact } from '../../../domain/text/normalise.ts';
import { searchQuery } from '../../../domain/text/query-grams.ts';
import type { Shares } from './common-grams.ts';
import { titleGram } from './title-gram.ts';

/** One way a typed text can be meant. */
export interface Branch {
  /** The rarest few: what the index is asked for. */
  grams: number[];
  /** All: what a match has. Without them the digits of a phone would pass for those of a title. */
  all: number[];
  /** Substrings of `doc`: settles collisions and order. */
  like: string[];
}

/** A typed text, planned: what the index can answer cheaply, and what is so common that the newest entries hold enough of it. */
export interface SearchPlan {
  /** Each has a rare gram. */
  rare: Branch[];
  /** Only common grams. `share` of entries that match: at most, and as a guess when fragments are half independent. */
  common: (Branch & { share: number; guess: number })[];
  /** Compact text, for exact titles and prefixes. */
  text: string;
  /** Gram that only entries with exactly this title have. */
  whole: number;
}

/** More lists to intersect cost more than the recheck they save. */
const MOST_GRAMS = 3;

/** Null when nothing was typed that could be searched for. */
export function planSearch(typed: string, shares: Shares): SearchPlan | null {
  const { branches } = searchQuery(typed);
  const plan: SearchPlan = { rare: [], common: [], text: compact(typed), whole: titleGram(compact(typed)) };
  for (const { grams, like } of branches) {
    const ranked = grams
      .map((gram) => ({ gram, share: shares.get(gram) ?? 0 }))
      .sort((a, b) => a.share - b.share)
      .slice(0, MOST_GRAMS);
    const [rarest] = ranked;
    if (!rarest) continue;
    const branch = { grams: ranked.map((r) => r.gram), all: grams, like };
    const second = ranked[1]?.share ?? 1;
    if (rarest.share > 0) plan.common.push({ ...branch, share: rarest.share, guess: rarest.share * Math.sqrt(second) });
    // One rare list is short already; common ones beside it would only be read in vain.
    else plan.rare.push({ ...branch, grams: ranked.filter((r) => r.share === 0).map((r) => r.gram) });
  }
  return plan.rare.length + plan.common.length > 0 ? plan : null;
}
