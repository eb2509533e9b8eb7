/** One measured figure: absolute, and as ratio to the floor measured in the same run. */
export interface Figure {
  /** As in results.json: `list.p95.ms`. */
  name: string;
  /** What it is, in a line of the README. */
  title: string;
  value: number | null;
  unit: string;
  /** The same thing done by the least that could do it. */
  floor?: { value: number; unit: string; what: string };
  /** value / floor, or for rates floor / value seen so that the bar reads the same way. */
  ratio?: number;
  /** `≤ 3` or `≥ 0.5`: what the ratio (or without a floor the value) is meant to be. */
  bar?: { most?: number; least?: number; of: 'value' | 'ratio' };
  note?: string;
}

/** Whether a figure meets its bar; null when there is none, or no value. */
export function meets({ bar, value, ratio }: Figure): boolean | null {
  const measured = bar?.of === 'ratio' ? ratio : value;
  if (!bar || measured === null || measured === undefined) return null;
  return measured <= (bar.most ?? Number.POSITIVE_INFINITY) && measured >= (bar.least ?? Number.NEGATIVE_INFINITY);
}

/** Three significant figures; more would be noise. */
export function round(value: number): number {
  return value === 0 || !Number.isFinite(value) ? value : Number(value.toPrecision(3));
}

export function percentile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((a, b) => a - b),
    50,
  );
}
