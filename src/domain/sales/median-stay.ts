/** A stay of so many days; `over`: it has ended, else it goes on. */
export interface Stay {
  days: number;
  over: boolean;
}

export interface MedianStay {
  /** Days; null when fewer than half can be said to have left. */
  days: number | null;
  n: number;
  /** Stays that go on. */
  ongoing: number;
}

/**
 * Median length of stays, of which some go on: the time at which the product-limit estimate falls to one half (Kaplan & Meier 1958). Leaving the ongoing
 * ones out would make every stage look quicker than it is.
 */
export function medianStay(stays: readonly Stay[]): MedianStay {
  const sorted = [...stays].sort((a, b) => a.days - b.days);
  const ongoing = stays.filter((stay) => !stay.over).length;
  let left = 1;
  for (let at = 0; at < sorted.length; ) {
    const { days } = sorted[at] as Stay;
    let ended = 0;
    let next = at;
    while (next < sorted.length && sorted[next]?.days === days) {
      if (sorted[next]?.over) ended += 1;
      next += 1;
    }
    left *= 1 - ended / (sorted.length - at);
    if (left <= 0.5) return { days, n: stays.length, ongoing };
    at = next;
  }
  return { days: null, n: stays.length, ongoing };
}
