/**
 * A common shock seen through found changes: a Gamma process V(t) with V(Δ) ~ Gamma(ρΔ, ρ), so E V(Δ) = Δ. Small ρ means that the time by which a
 * group of cells ages comes in rare big jumps that hit all of them (the contact left; a company moved), large ρ that it flows evenly.
 *
 * A cell with coefficient c (changes per year that come this way) survives a stretch with probability Π (b/(b+c))^a over the bins. Each
 * bin's posterior is kept as Gamma(a, b): finding a cell unchanged is conjugate (b += c); finding one changed gives a mixture whose first two
 * moments are matched (assumed density filtering, Minka 2001).
 */
export class ShockProcess {
  /** Bin k spans edges[k] … edges[k+1], years. */
  private readonly edges: number[];
  private readonly a: number[] = [];
  private readonly b: number[] = [];
  private readonly density: number;
  /** When it began, years; its bins may start later. */
  readonly since: number;

  /** @param start years @param density ρ, about the number of jumps a year */
  constructor(start: number, density: number) {
    this.edges = [start];
    this.since = start;
    this.density = density;
  }

  get start(): number {
    return this.edges[0] ?? 0;
  }

  get end(): number {
    return this.edges[this.edges.length - 1] ?? 0;
  }

  /** Adds a bin up to `now` with its prior; nothing when `now` is not later. @param length its length in seasonal years */
  extend(now: number, length = now - this.end): void {
    if (!(now > this.end)) return;
    this.edges.push(now);
    this.a.push(this.density * Math.max(length, 1e-9));
    this.b.push(this.density);
  }

  /** Forgets bins that end at or before `time`: no cell's belief reaches back there. */
  drop(time: number): void {
    let k = 0;
    while (k < this.a.length - 1 && (this.edges[k + 1] ?? 0) <= time) k++;
    if (k === 0) return;
    this.edges.splice(0, k);
    this.a.splice(0, k);
    this.b.splice(0, k);
  }

  /** Joins bins so that only edges of `grid` (and the first) are left; sums of Gammas by their first two moments. */
  coarsen(grid: readonly number[]): void {
    const keep = new Set(grid);
    let write = 0;
    let [mean, variance] = [0, 0];
    for (let k = 0; k < this.a.length; k++) {
      const b = this.b[k] ?? 1;
      mean += this.binMean(k);
      variance += this.binMean(k) / b;
      const edge = this.edges[k + 1] ?? 0;
      if (!keep.has(edge) && k < this.a.length - 1) continue;
      this.a[write] = (mean * mean) / variance;
      this.b[write] = mean / variance;
      this.edges[++write] = edge;
      [mean, variance] = [0, 0];
    }
    this.a.length = write;
    this.b.length = write;
    this.edges.length = write + 1;
  }

  /** −ln survival of a cell with coefficient c from `from` to `to`; after the last bin the prior holds. */
  hazard(c: number, from: number, to: number): number {
    if (c <= 0 || to <= from) return 0;
    let sum = 0;
    if (to > this.end) sum = this.density * (to - Math.max(from, this.end)) * Math.log1p(c / this.density);
    for (let k = this.a.length - 1; k >= 0 && (this.edges[k + 1] ?? 0) > from; k--) {
      const share = this.overlap(k, from, to);
      if (share > 0) sum += (this.a[k] ?? 0) * log1p((c * share) / (this.b[k] ?? 1));
    }
    return sum;
  }

  /** E V(from … to): expected aging, in years. */
  mean(from: number, to: number): number {
    let sum = Math.max(0, to - Math.max(from, this.end));
    for (let k = this.a.length - 1; k >= 0 && (this.edges[k + 1] ?? 0) > from; k--) {
      const share = this.overlap(k, from, to);
      if (share > 0) sum += share * this.binMean(k);
    }
    return sum;
  }

  /**
   * Learns from one verification of a cell with coefficient c over (from, to].
   * @param total −ln of the cell's survival predicted before, all causes together; only a found change needs it
   */
  learn(c: number, from: number, to: number, changed: boolean, total: number): void {
    if (c <= 0) return;
    for (let k = this.a.length - 1; k >= 0 && (this.edges[k + 1] ?? 0) > from; k--) {
      const share = this.overlap(k, from, to);
      if (share <= 0) continue;
      if (changed) this.jump(k, c * share, total);
      else this.b[k] = (this.b[k] ?? 1) + c * share;
    }
  }

  private jump(k: number, c: number, total: number): void {
    const a = this.a[k] ?? 0;
    const b = this.b[k] ?? 1;
    const found = -Math.expm1(-total);
    const log = Math.log1p(c / b);
    // E[V | changed] = (E V − S·E[V | not changed by V]) / (1 − S), and the same for V².
    const first = ((a / b) * -Math.expm1(-total - log)) / found;
    const second = (((a * (a + 1)) / (b * b)) * -Math.expm1(-total - 2 * log)) / found;
    const variance = Math.max(second - first * first, 1e-12 * first * first);
    this.a[k] = (first * first) / variance;
    this.b[k] = first / variance;
  }

  /**
   * Adds to `out[j]`, for the edges of a common grid whose last ones are this process's, `scale`/c times −ln survival of a cell with
   * coefficient `c` from that edge to the end of the process.
   */
  addTail(c: number, grid: readonly number[], out: Float64Array, scale: number): void {
    const unit = scale / c;
    const offset = grid.length - this.edges.length;
    let sum = 0;
    for (let k = this.a.length - 1; k >= 0; k--) {
      sum += (this.a[k] ?? 0) * log1p(c / (this.b[k] ?? 1));
      out[offset + k] = (out[offset + k] ?? 0) + sum * unit;
    }
    for (let j = 0; j < offset; j++) out[j] = (out[j] ?? 0) + sum * unit;
  }

  /** Where within (from, to] the aging lies: calls back with the middle of each bin (years) and its share. */
  spread(from: number, to: number, visit: (middle: number, share: number) => void): void {
    const total = this.mean(from, to);
    if (!(total > 0)) return;
    for (let k = this.a.length - 1; k >= 0 && (this.edges[k + 1] ?? 0) > from; k--) {
      const share = this.overlap(k, from, to);
      if (share > 0) visit(((this.edges[k] ?? 0) + (this.edges[k + 1] ?? 0)) / 2, (share * this.binMean(k)) / total);
    }
  }

  private binMean(k: number): number {
    return (this.a[k] ?? 0) / (this.b[k] ?? 1);
  }

  private overlap(k: number, from: number, to: number): number {
    const start = this.edges[k] ?? 0;
    const end = this.edges[k + 1] ?? 0;
    if (from <= start && to >= end) return 1;
    return (Math.min(to, end) - Math.max(from, start)) / (end - start);
  }
}

/** ln(1 + x) by its series where that is exact enough: most bins are, and this is the innermost loop. */
function log1p(x: number): number {
  return x < 1e-3 ? x * (1 - x * (0.5 - x / 3)) : Math.log1p(x);
}
