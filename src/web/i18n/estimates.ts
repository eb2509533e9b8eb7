import type { Lang } from '../../domain/issue.ts';
import { formatNumber } from './phrase.ts';

/** A figure from a sample with its ±; 0: everything was counted. */
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
  const share = percentWords(value);
  return error > 0 ? `${share} ± ${(error * 100).toFixed(1)}` : share;
}

export const percentWords = (value: number): string => `${(value * 100).toFixed(1)}%`;

/** A difference of shares in points, with its sign: “+1.2”, “−0.4 ± 0.6”. */
export function pointsWords({ value, error }: Estimate): string {
  const points = signed(value * 100);
  return error > 0 ? `${points} ± ${(error * 100).toFixed(1)}` : points;
}

/** Ends of an interval of shares: “5.5%–17.4%”; of a difference in points: “−1.2 … +3.4”. */
export const rangeWords = ({ low, high }: { low: number; high: number }): string =>
  `${percentWords(low)}–${percentWords(high)}`;
export const pointsRange = ({ low, high }: { low: number; high: number }): string =>
  `${signed(low * 100)} … ${signed(high * 100)}`;

/** One decimal with its sign; a true minus. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return text === '0.0' ? '0.0' : `${value < 0 ? '−' : '+'}${text}`;
}

function roundTo(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(1));
}
