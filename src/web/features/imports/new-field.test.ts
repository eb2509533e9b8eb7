import { describe, expect, it } from 'vitest';
import { guessType } from './new-field.ts';

describe('guessType', () => {
  it.each([
    [['13800138000', '+86 139-0013-9000'], 'phone'],
    [['a@b.cn'], 'email'],
    [['2024-01-05', '2023年3月8日', '2024/1/5'], 'date'],
    [['12', '1,200.50', '-3'], 'number'],
    [['是', '否'], 'boolean'],
    [['www.example.com'], 'url'],
    // A code with a leading zero or 18 digits would be damaged as a number.
    [['00123', '00456'], 'text'],
    [['110101199003070011'], 'text'],
    [['x'.repeat(100)], 'longtext'],
    [[], 'text'],
    [['', ' '], 'text'],
    [['12', 'twelve'], 'text'],
  ])('%j → %s', (samples, type) => {
    expect(guessType(samples)).toBe(type);
  });
});
