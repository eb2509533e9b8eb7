import { type Comparison, compareShares, type Group } from '../statistics/table.ts';

/** Who gets which letter: the two of the test, or the rest that waits for its result. */
export type Cohort = 'a' | 'b' | 'rest';

/**
 * By a hash of campaign and person: the same whoever asks and however often, and in another campaign another.
 * @param share of all that are in the test, 0..1; half of them get each letter
 */
export function cohortOf(campaign: string, person: string, share: number): Cohort {
  const u = hash(`${campaign}:${person}`) / 2 ** 32;
  if (u >= share) return 'rest';
  return u < share / 2 ? 'a' : 'b';
}

/** FNV-1a over UTF-16 units with MurmurHash3's finalizer, without which neighbouring ids would fall together. @returns 0 … 2³²−1 */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export interface Trial extends Comparison {
  /** Ahead so far, however little it may mean. */
  leader: 'a' | 'b';
}

/** How the two letters did. `verdict` says whether they can be told apart (domain/statistics). */
export function trialOf(a: Group, b: Group): Trial {
  const comparison = compareShares(a, b);
  return { ...comparison, leader: comparison.b.value > comparison.a.value ? 'b' : 'a' };
}
