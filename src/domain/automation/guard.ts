/** Rules that one change may cause one after the other. */
export const LONGEST_CHAIN = 8;
/** Firings of one rule on one record within a minute: no work of people comes to this. */
export const MOST_A_MINUTE = 10;

/** Why a rule does not fire; null: it may. */
export type Hindrance = 'own-consequence' | 'chain-too-long' | null;

/** @param chain rules that led to the change, oldest first; empty: a person or program made it */
export function hindranceOf(rule: string, chain: readonly string[]): Hindrance {
  if (chain.includes(rule)) return 'own-consequence';
  return chain.length >= LONGEST_CHAIN ? 'chain-too-long' : null;
}

/** Whether firing once more is too often. @param recent firings of the rule on the record within the last minute, those about to be included */
export const firesTooOften = (recent: number, most = MOST_A_MINUTE): boolean => recent >= most;
