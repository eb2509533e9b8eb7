/**
 * Corrects predicted hazards by what was found afterwards: ln x' = α + β·ln x, fitted by maximum likelihood on predictions made before each
 * verification (so it is held-out by construction), with a mild pull to "no correction".
 */
export class Recalibration {
  private readonly count = new Float64Array(BINS);
  private readonly changed = new Float64Array(BINS);
  private readonly hazard = new Float64Array(BINS);
  private alpha = 0;
  private beta = 1;

  /** @param x predicted −ln P(unchanged), uncorrected @param worth how far it counts, 0..1 */
  record(x: number, changed: boolean, worth = 1): void {
    const k = Math.min(BINS - 1, Math.max(0, Math.floor((Math.log(x) + 12) * 5)));
    this.count[k] = (this.count[k] ?? 0) + worth;
    this.hazard[k] = (this.hazard[k] ?? 0) + worth * x;
    if (changed) this.changed[k] = (this.changed[k] ?? 0) + worth;
  }

  apply(x: number): number {
    return x > 0 ? Math.exp(this.alpha + this.beta * (Math.log(x) - PIVOT) + PIVOT) : 0;
  }

  /** Lets what was recorded so far count `kept` (0..1) as much: what was predicted before much was known says little about today's predictions. */
  fade(kept: number): void {
    for (const sums of [this.count, this.changed, this.hazard])
      for (let k = 0; k < BINS; k++) sums[k] = (sums[k] ?? 0) * kept;
  }

  /** Fits anew by Newton's method (Fisher scoring). */
  fit(): void {
    let a = 0;
    let b = 1;
    for (let round = 0; round < 12; round++) {
      let ga = -PRIOR_A * a;
      let gb = -PRIOR_B * (b - 1);
      let [haa, hab, hbb] = [PRIOR_A, 0, PRIOR_B];
      for (let k = 0; k < BINS; k++) {
        const n = this.count[k] ?? 0;
        if (n === 0) continue;
        const l = Math.log((this.hazard[k] ?? 0) / n) - PIVOT;
        const x = Math.exp(Math.min(3, a + b * l + PIVOT));
        const e = Math.expm1(x);
        const found = this.changed[k] ?? 0;
        const slope = (found * x * (e + 1)) / e - n * x;
        const weight = (n * x * x) / e;
        ga += slope;
        gb += slope * l;
        haa += weight;
        hab += weight * l;
        hbb += weight * l * l;
      }
      const det = haa * hbb - hab * hab;
      a += clamp((hbb * ga - hab * gb) / det, 0.5);
      b += clamp((haa * gb - hab * ga) / det, 0.2);
    }
    this.alpha = clamp(a, 2);
    this.beta = 1 + clamp(b - 1, 0.6);
  }
}

const BINS = 80;
/** ln x at which α alone acts: about where verifications are. */
const PIVOT = -1.5;
const PRIOR_A = 5;
const PRIOR_B = 20;

function clamp(x: number, most: number): number {
  return Math.min(most, Math.max(-most, x));
}
