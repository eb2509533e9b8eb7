import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysBetween, nextYearly } from './next.ts';

test('the next time is today or within a year, on the same date', () => {
  expect(nextYearly('1988-11-22', '2026-11-22')).toBe('2026-11-22');
  expect(nextYearly('1988-11-21', '2026-11-22')).toBe('2027-11-21');
  expect(nextYearly('1988-02-29', '2026-11-22')).toBe('2027-02-28');
  expect(nextYearly('1988-02-29', '2027-12-01')).toBe('2028-02-29');
});

test('any day comes within 366 days', () => {
  const day = fc.date({ min: new Date('1950-01-01'), max: new Date('2026-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(day, (date) => {
      const ahead = daysBetween('2026-11-22', nextYearly(date.toISOString().slice(0, 10), '2026-11-22'));
      expect(ahead).toBeGreaterThanOrEqual(0);
      expect(ahead).toBeLessThanOrEqual(366);
    }),
  );
});
