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
