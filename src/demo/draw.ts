/** A stream of whole numbers for one row: the same seed and row give the same numbers on every machine (mulberry32). */
export class Draw {
  private state = 0;

  /** Starts the stream of a row. */
  begin(seed: number, row: number): void {
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(row + 1, 0xc2b2ae35);
  }

  /** 0 … n-1 */
  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * n);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** True in `percent` of 100 rows. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  digits(count: number): string {
    return String(this.below(10 ** count)).padStart(count, '0');
  }
}

/** Rows that can be told apart. */
export const SPACE = 2 ** 26;
const HALF = 13;
const MASK = 2 ** HALF - 1;

/** Shuffles 0 … SPACE-1 without repeats (a Feistel network), so that what is derived from it is unique per row and still looks random. */
export function shuffle(row: number, seed: number): number {
  let left = row >>> HALF;
  let right = row & MASK;
  for (let round = 0; round < 4; round++) {
    let mixed = Math.imul(right + 1, 0x9e3779b1) ^ Math.imul(seed + round, 0x85ebca77);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    [left, right] = [right, left ^ ((mixed >>> 11) & MASK)];
  }
  return left * (MASK + 1) + right;
}
