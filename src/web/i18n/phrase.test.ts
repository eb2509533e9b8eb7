import { describe, expect, it } from 'vitest';
import { formatShare, phrase } from './phrase.ts';

describe('phrase', () => {
  it('groups numbers and chooses the plural', () => {
    expect(phrase('共 {n} 行', { n: 12345 }, 'zh')).toBe('共 12,345 行');
    expect(phrase('{n} {n|row|rows}', { n: 1 }, 'en')).toBe('1 row');
    expect(phrase('{n} {n|row|rows}', { n: 12345 }, 'en')).toBe('12,345 rows');
  });
  it('leaves an unknown parameter visible', () => {
    expect(phrase('Hello {name}', {}, 'en')).toBe('Hello {name}');
  });
});

describe('formatShare', () => {
  it('keeps 100% for all and 0% for none', () => {
    expect([0, 0.001, 0.5, 0.996, 1].map(formatShare)).toEqual(['0%', '<1%', '50%', '99%', '100%']);
  });
});
