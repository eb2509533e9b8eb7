import { describe, expect, it } from 'vitest';
import { strengthOf } from './password-strength.ts';

describe('strengthOf', () => {
  it.each([
    ['', 'empty'],
    ['1234567', 'short'],
    ['12345678abc', 'common'],
    ['Password2026', 'common'],
    ['aaaaaaaaaaaa', 'plain'],
    ['lihua2026', 'plain'],
    ['kdowmzhe', 'fair'],
    ['kdowMzh7!', 'good'],
    ['correct horse battery staple', 'great'],
    ['清晨的青禾在风里轻轻摇', 'great'],
  ])('%s → %s', (password, hint) => {
    expect(strengthOf(password, ['Li Hua', 'lihua@example.com']).hint).toBe(hint);
  });
});
