import { expect, it } from 'vitest';
import { nextDraw } from './check-rhythm.ts';

it.each([
  // 20 November 2026 is a Friday.
  ['week', '2026-11-18', '2026-11-20'],
  ['week', '2026-11-20', '2026-11-27'],
  ['week', '2026-12-26', '2027-01-01'],
  ['month', '2026-01-31', '2026-02-01'],
  ['month', '2026-12-01', '2027-01-01'],
  ['quarter', '2026-05-20', '2026-07-01'],
  ['half', '2026-06-30', '2026-07-01'],
  ['half', '2026-07-01', '2027-01-01'],
] as const)('every %s, after %s: %s', (rhythm, day, next) => {
  expect(nextDraw(rhythm, day)).toBe(next);
});
