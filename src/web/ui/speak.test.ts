import { describe, expect, it } from 'vitest';
import { formatShare, speaker } from './speak.ts';

const texts = {
  rows: { zh: '共 {n} 行', en: '{n} {n|row|rows}' },
  greet: { zh: '您好,{name}', en: 'Hello {name}' },
};

describe('speaker', () => {
  it('groups numbers and chooses the plural', () => {
    expect(speaker(texts, 'zh')('rows', { n: 12345 })).toBe('共 12,345 行');
    expect(speaker(texts, 'en')('rows', { n: 1 })).toBe('1 row');
    expect(speaker(texts, 'en')('rows', { n: 12345 })).toBe('12,345 rows');
  });
  it('leaves an unknown parameter visible', () => {
    expect(speaker(texts, 'en')('greet')).toBe('Hello {name}');
  });
});

describe('formatShare', () => {
  it('keeps 100% for all and 0% for none', () => {
    expect([0, 0.001, 0.5, 0.996, 1].map(formatShare)).toEqual(['0%', '<1%', '50%', '99%', '100%']);
  });
});
