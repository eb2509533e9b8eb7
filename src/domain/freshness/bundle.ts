/** A cell that could be verified in a contact. */
export interface BundleCell {
  /** Index now (`cellIndex`), weight × years. */
  value: number;
  /** Minutes once in contact, > 0. */
  minutes: number;
  /** Must be asked whatever its value (hard rule). */
  required?: boolean;
}

export interface Contact {
  /** Minutes to make contact; 0 when the customer is called today anyway. */
  minutes: number;
  /** Probability of reaching someone, 0..1. */
  success: number;
}

export interface Bundle<T extends BundleCell> {
  /** Cells to ask, best value per minute first (required ones before). */
  chosen: T[];
  /** Expected worth: π·Σ index. */
  value: number;
  /** Minutes of the whole contact. */
  minutes: number;
  /** value / minutes; Infinity only when minutes is 0 and value is not. */
  perMinute: number;
}

/**
 * Which fields to ask in one contact: required ones, then by value per minute while they raise the ratio π·Σ index / (c₀ + Σ c)
 * (freshness-model §3). Sorting by ratio makes the greedy choice the best of all subsets (fractional programming with a linear numerator and
 * denominator: a field belongs in iff its own ratio beats the best total ratio).
 */
export function bundle<T extends BundleCell>(cells: readonly T[], contact: Contact): Bundle<T> {
  const chosen = cells.filter((cell) => cell.required);
  let value = 0;
  let minutes = contact.minutes;
  for (const cell of chosen) {
    value += cell.value;
    minutes += cell.minutes;
  }
  const optional = cells.filter((cell) => !cell.required && cell.value > 0);
  optional.sort((a, b) => b.value * a.minutes - a.value * b.minutes);
  for (const cell of optional) {
    if (minutes > 0 && cell.value * minutes <= value * cell.minutes) break;
    chosen.push(cell);
    value += cell.value;
    minutes += cell.minutes;
  }
  const expected = contact.success * value;
  return { chosen, value: expected, minutes, perMinute: ratio(expected, minutes) };
}

function ratio(value: number, minutes: number): number {
  if (minutes > 0) return value / minutes;
  return value > 0 ? Number.POSITIVE_INFINITY : 0;
}
