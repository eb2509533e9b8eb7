import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, isDay, localDay, momentOf, wallAt } from './calendar.ts';

const zones = fc.constantFrom(
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Europe/London',
  'Australia/Lord_Howe',
);

test('a wall clock leads back to a moment that shows it', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
      zones,
      (at, zone) => {
        const wall = wallAt(at, zone);
        expect(wallAt(momentOf(wall, zone), zone)).toEqual(wall);
      },
    ),
  );
});

test('summer time', () => {
  const wall = { year: 2024, month: 7, day: 1, hour: 12, minute: 0, second: 0, millisecond: 0 };
  expect(momentOf(wall, 'America/New_York').toISOString()).toBe('2024-07-01T16:00:00.000Z');
  expect(momentOf({ ...wall, month: 1 }, 'America/New_York').toISOString()).toBe('2024-01-01T17:00:00.000Z');
  // China had summer time from 1986 to 1991
  expect(momentOf({ ...wall, year: 1988 }, 'Asia/Shanghai').toISOString()).toBe('1988-07-01T03:00:00.000Z');
});

test('days', () => {
  expect(isDay(2024, 2, 29)).toBe(true);
  expect(isDay(1900, 2, 29)).toBe(false);
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(addDays('2024-01-01', -1)).toBe('2023-12-31');
  expect(localDay(new Date('2026-11-20T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-21');
});
