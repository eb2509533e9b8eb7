/** Somebody who gets records, with how many he has already. */
export interface Receiver {
  account: string;
  load: number;
}

/**
 * How many of `count` each gets. `even`: the same number, give or take one. `load`: so that afterwards all have as nearly the same as can be: whoever has
 * least is filled up first. Order of the list breaks ties.
 */
export function shareOut(count: number, people: readonly Receiver[], by: 'even' | 'load'): number[] {
  if (people.length === 0) return [];
  const loads = people.map(({ load }) => (by === 'even' ? 0 : load));
  // The highest level that the records fill up to.
  let low = Math.min(...loads);
  let high = Math.max(...loads) + count;
  const needed = (level: number) => loads.reduce((sum, load) => sum + Math.max(0, level - load), 0);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (needed(middle) <= count) low = middle;
    else high = middle - 1;
  }
  const shares = loads.map((load) => Math.max(0, low - load));
  let rest = count - needed(low);
  for (const [place, load] of loads.entries()) {
    if (rest === 0) break;
    if (load > low) continue;
    shares[place] = (shares[place] ?? 0) + 1;
    rest -= 1;
  }
  return shares;
}
