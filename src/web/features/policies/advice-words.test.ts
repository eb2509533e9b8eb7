import { describe, expect, it } from 'vitest';
import { estimateWords, plotOf, shareWords, ticks } from './advice-words.ts';

describe('estimateWords', () => {
  it('ends where knowledge does', () => {
    expect(estimateWords({ value: 1234.5, error: 42 }, 'en')).toBe('1,230 ± 42');
    expect(estimateWords({ value: 3.27, error: 0.4 }, 'en')).toBe('3.3 ± 0.4');
    expect(estimateWords({ value: 817, error: 0 }, 'zh')).toBe('817');
    expect(estimateWords({ value: 2.46, error: 0 }, 'zh')).toBe('2.5');
    expect(shareWords({ value: 0.9244, error: 0.0061 })).toBe('92.4% ± 0.6');
  });
});

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
