import { describe, expect, it } from 'vitest';
import { birthdaysOn, dayAfter, holidayOn } from './occasions.ts';

describe('holidays', () => {
  it('are where the lunar calendar has them, leap months left out', () => {
    // State Council notices and the National Astronomical Observatories' tables.
    const springs =
      '2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28';
    const autumns =
      '2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01 2032-09-19 2033-09-08 2034-09-27 2035-09-16 2036-10-04';
    for (const day of springs.split(' ')) expect(`${day} ${holidayOn(day)}`).toBe(`${day} spring-festival`);
    for (const day of autumns.split(' ')) expect(`${day} ${holidayOn(day)}`).toBe(`${day} mid-autumn`);
    expect(holidayOn('2026-10-01')).toBe('national-day');
    expect(holidayOn('2026-02-16')).toBeNull();
    const year = Array.from({ length: 365 }, (_, i) => new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10));
    expect(year.map(holidayOn).filter((one) => one !== null)).toEqual([
      'spring-festival',
      'national-day',
      'mid-autumn',
    ]);
  });
});

describe('birthdays', () => {
  it('of 29 February are kept on the 28th in common years', () => {
    expect(birthdaysOn('2027-02-28')).toEqual(['02-28', '02-29']);
    expect(birthdaysOn('2028-02-28')).toEqual(['02-28']);
    expect(birthdaysOn('2028-02-29')).toEqual(['02-29']);
    expect(birthdaysOn('2100-02-28')).toEqual(['02-28', '02-29']);
    expect(dayAfter('2027-12-31')).toBe('2028-01-01');
  });
});
