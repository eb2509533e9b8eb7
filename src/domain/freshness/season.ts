/** Shares of a year's changes by month, learned: turns of the year move people, renewals come by the calendar. */
export class Season {
  /** Speed of time per month of the year, mean 1. */
  private readonly speed: Float64Array;
  private readonly upTo = new Float64Array(13);
  private readonly found = new Float64Array(12);
  private readonly expected = new Float64Array(12);

  constructor(like?: Season) {
    this.speed = like ? Float64Array.from(like.speed) : new Float64Array(12).fill(1);
    this.sum();
  }

  /** Seasonal years between two moments (years): more than they last when they span the busy months. */
  length(from: number, to: number): number {
    return this.clock(to) - this.clock(from);
  }

  /** A cell that changes `rate` times a year was watched over (from, to]. */
  watch(rate: number, from: number, to: number): void {
    months(from, to, (month, length) => {
      this.expected[month] = (this.expected[month] ?? 0) + rate * length;
    });
  }

  /** A change (or `share` of one) happened around `time`. */
  happened(time: number, share: number): void {
    const month = Math.min(11, Math.floor((time - Math.floor(time)) * 12));
    this.found[month] = (this.found[month] ?? 0) + share;
  }

  /** A change happened somewhere in (from, to], evenly in seasonal time. */
  happenedWithin(from: number, to: number, share: number): void {
    const whole = this.length(from, to);
    if (!(whole > 0)) return;
    months(from, to, (month, length) => {
      this.found[month] = (this.found[month] ?? 0) + (share * length * (this.speed[month] ?? 1)) / whole;
    });
  }

  /** Learns the months' speeds from what was found, shrunk to those of `parent` (even ones without) as if `worth` changes had said so. */
  learn(sources: Iterable<Season>, worth: number, parent?: Season): void {
    const found = new Float64Array(12);
    const expected = new Float64Array(12);
    for (const source of sources) {
      for (let m = 0; m < 12; m++) {
        found[m] = (found[m] ?? 0) + (source.found[m] ?? 0);
        expected[m] = (expected[m] ?? 0) + (source.expected[m] ?? 0) * (parent?.speed[m] ?? 1);
      }
    }
    const scale = total(expected) > 0 ? total(found) / total(expected) : 1;
    for (let m = 0; m < 12; m++) {
      const factor = (worth + (found[m] ?? 0)) / (worth + (expected[m] ?? 0) * scale);
      this.speed[m] = (parent?.speed[m] ?? 1) * factor;
    }
    const mean = total(this.speed) / 12;
    for (let m = 0; m < 12; m++) this.speed[m] = (this.speed[m] ?? 1) / mean;
    this.sum();
  }

  private clock(time: number): number {
    const year = Math.floor(time);
    const x = (time - year) * 12;
    const month = Math.min(11, Math.floor(x));
    return year + (this.upTo[month] ?? 0) + ((x - month) * (this.speed[month] ?? 1)) / 12;
  }

  private sum(): void {
    for (let m = 0; m < 12; m++) this.upTo[m + 1] = (this.upTo[m] ?? 0) + (this.speed[m] ?? 1) / 12;
  }
}

/** Cuts (from, to] at the twelfths of years. */
function months(from: number, to: number, visit: (month: number, length: number) => void): void {
  const last = Math.ceil(to * 12) - 1;
  for (let k = Math.floor(from * 12); k <= last; k++) {
    const length = Math.min(to, (k + 1) / 12) - Math.max(from, k / 12);
    if (length > 0) visit(((k % 12) + 12) % 12, length);
  }
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
