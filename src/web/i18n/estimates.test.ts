import { expect, it } from 'vitest';
import { estimateWords, pointsRange, pointsWords, rangeWords, shareWords } from './estimates.ts';

it('a figure ends where knowledge does', () => {
  expect(estimateWords({ value: 1234.5, error: 42 }, 'en')).toBe('1,230 ± 42');
  expect(estimateWords({ value: 3.27, error: 0.4 }, 'en')).toBe('3.3 ± 0.4');
  expect(estimateWords({ value: 817, error: 0 }, 'zh')).toBe('817');
  expect(estimateWords({ value: 2.46, error: 0 }, 'zh')).toBe('2.5');
  expect(shareWords({ value: 0.9244, error: 0.0061 })).toBe('92.4% ± 0.6');
});

it('a difference has its sign, and nothing has none', () => {
  expect(pointsWords({ value: 0.0123, error: 0 })).toBe('+1.2');
  expect(pointsWords({ value: -0.004, error: 0.0061 })).toBe('−0.4 ± 0.6');
  expect(pointsWords({ value: -0.0001, error: 0 })).toBe('0.0');
  expect(pointsRange({ low: -0.012, high: 0.034 })).toBe('−1.2 … +3.4');
  expect(rangeWords({ low: 0.055, high: 0.174 })).toBe('5.5%–17.4%');
});
