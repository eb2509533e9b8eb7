/** Somebody who gets records by turns. */
export interface Turn {
  account: string;
  /** Share: who has 2 gets twice as many as who has 1; 0: none. */
  weight: number;
  /** Got lately already. */
  got: number;
}

/**
 * Who gets each of `count` records: always the one who has least for his weight, so that records that come one by one are shared as fairly as those that
 * come together. Ties go to the first of the list. Nobody with a weight: nobody gets any.
 */
export function byWeight(count: number, people: readonly Turn[]): string[] {
  const ready = people.filter(({ weight }) => weight > 0).map((one) => ({ ...one }));
  const given: string[] = [];
  for (let n = 0; n < count && ready.length > 0; n++) {
    const next = ready.reduce((best, one) => ((one.got + 1) / one.weight < (best.got + 1) / best.weight ? one : best));
    next.got += 1;
    given.push(next.account);
  }
  return given;
}
