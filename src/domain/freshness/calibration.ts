/** One verification with what was predicted before it. */
export interface Prediction {
  /** Predicted probability of being stale, 0..1. */
  stale: number;
  /** What was found. */
  found: boolean;
}

export interface CalibrationPoint {
  /** Mean predicted probability in the bin. */
  predicted: number;
  /** Share found stale. */
  found: number;
  count: number;
}

export interface Calibration {
  count: number;
  /** Mean squared error; lower is better. */
  brier: number;
  /** Brier score of always saying the mean share. */
  brierConstant: number;
  /** Chance that a stale cell was rated above a fresh one; null without both kinds. */
  auc: number | null;
  /** Σ predicted / Σ found; 1 is right, above 1 says stale too often; null when nothing was found. */
  ratio: number | null;
  points: CalibrationPoint[];
}

/** Back-test of predictions (freshness-model §6): equal-count bins for the plot, Brier score, AUC (Mann–Whitney, ties halved). */
export function calibrate(predictions: readonly Prediction[], bins = 10): Calibration {
  const count = predictions.length;
  const sorted = [...predictions].sort((a, b) => a.stale - b.stale);
  const found = sorted.reduce((sum, one) => sum + Number(one.found), 0);
  const predicted = sorted.reduce((sum, one) => sum + one.stale, 0);
  const base = count > 0 ? found / count : 0;
  const points: CalibrationPoint[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const part = sorted.slice(Math.floor((bin * count) / bins), Math.floor(((bin + 1) * count) / bins));
    if (part.length === 0) continue;
    points.push({
      predicted: part.reduce((sum, one) => sum + one.stale, 0) / part.length,
      found: part.reduce((sum, one) => sum + Number(one.found), 0) / part.length,
      count: part.length,
    });
  }
  return {
    count,
    brier: count > 0 ? sorted.reduce((sum, one) => sum + (one.stale - Number(one.found)) ** 2, 0) / count : 0,
    brierConstant: base * (1 - base),
    auc: areaUnderCurve(sorted, found),
    ratio: found > 0 ? predicted / found : null,
    points,
  };
}

function areaUnderCurve(sorted: readonly Prediction[], found: number): number | null {
  if (found === 0 || found === sorted.length) return null;
  let ranks = 0;
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j < sorted.length && sorted[j]?.stale === sorted[i]?.stale) j++;
    for (let k = i; k < j; k++) if (sorted[k]?.found) ranks += (i + j + 1) / 2;
    i = j;
  }
  return (ranks - (found * (found + 1)) / 2) / (found * (sorted.length - found));
}
