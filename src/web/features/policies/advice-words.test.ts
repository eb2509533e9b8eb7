import { describe, expect, it } from 'vitest';
import { plotOf, ticks } from './advice-words.ts';

describe('plotOf', () => {
  it('keeps points inside the box, high freshness on top', () => {
    const plot = plotOf(
      [
        { x: 0, y: 0.2 },
        { x: 10, y: 0.9 },
      ],
      0.5,
      { left: 40, top: 10, width: 100, height: 80 },
    );
    expect(plot.path).toBe('M40.0 90.0L140.0 26.0');
    expect(plot.y(1)).toBe(10);
    expect(plot.x(99)).toBe(140);
  });
});

describe('ticks', () => {
  it('are round', () => {
    expect(ticks(37)).toEqual([0, 10, 20, 30]);
    expect(ticks(4)).toEqual([0, 1, 2, 3, 4]);
  });
});
