import type { Lang } from '../../../domain/issue.ts';
import { formatNumber } from '../../i18n/phrase.ts';

export interface Estimate {
  value: number;
  error: number;
}

/** Rounded to what is known: “1,230 ± 40”; whole below nothing estimated. Two figures of the error decide where the value ends. */
export function estimateWords({ value, error }: Estimate, lang: Lang): string {
  if (!(error > 0)) return formatNumber(roundTo(value, value < 10 ? 0.1 : 1), lang);
  const step = 10 ** Math.floor(Math.log10(error));
  const shown = roundTo(value, Math.max(step, 0.1));
  return `${formatNumber(shown, lang)} ± ${formatNumber(roundTo(error, Math.max(step / 10, 0.1)), lang)}`;
}

/** A share with its error in points: “92.4 % ± 0.6”. */
export function shareWords({ value, error }: Estimate): string {
  const share = `${(value * 100).toFixed(1)}%`;
  return error > 0 ? `${share} ± ${(error * 100).toFixed(1)}` : share;
}

function roundTo(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(1));
}

/** Places of a curve in a box: x and y from 0..1 of the plot's inner box. */
export interface Plot {
  path: string;
  x: (value: number) => number;
  y: (value: number) => number;
}

/** An SVG path through points, x from 0 to the largest, y from `floor` to 1. @param box inner box in drawing units */
export function plotOf(
  points: readonly { x: number; y: number }[],
  floor: number,
  box: { left: number; top: number; width: number; height: number },
): Plot {
  const most = Math.max(1e-9, ...points.map((point) => point.x));
  const x = (value: number) => box.left + (Math.min(value, most) / most) * box.width;
  const y = (value: number) => box.top + (1 - (Math.min(1, Math.max(floor, value)) - floor) / (1 - floor)) * box.height;
  const path = points
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`)
    .join('');
  return { path, x, y };
}

/** Round steps of an axis from 0 to `most`, four or five of them. */
export function ticks(most: number): number[] {
  const raw = most / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one >= raw) ?? raw;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}
