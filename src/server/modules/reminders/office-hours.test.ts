import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuiet, isWorkday, mayDisturb, mondayOf, weekdayOf } from './office-hours.ts';

const hours = {
  quiet: { from: '20:00', to: '08:30' },
  workdaysOnly: true,
  holidays: ['2026-10-01', '2026-10-02'],
  workdays: ['2026-10-10'],
};

describe('office hours', () => {
  it('are by the clock on the wall of the workspace', () => {
    // 08:30 in Shanghai is 00:30 UTC; a Tuesday.
    expect(mayDisturb(new Date('2026-03-03T00:29:59Z'), 'Asia/Shanghai', hours)).toBe(false);
    expect(mayDisturb(new Date('2026-03-03T00:30:00Z'), 'Asia/Shanghai', hours)).toBe(true);
    expect(mayDisturb(new Date('2026-03-03T12:00:00Z'), 'Asia/Shanghai', hours)).toBe(false);
  });

  it('keep to the wall clock when it is moved', () => {
    // New York jumps from 02:00 to 03:00 on 8 March 2026.
    expect(isQuiet(new Date('2026-03-06T13:30:00Z'), 'America/New_York', hours.quiet)).toBe(false);
    expect(isQuiet(new Date('2026-03-09T12:30:00Z'), 'America/New_York', hours.quiet)).toBe(false);
    expect(isQuiet(new Date('2026-03-09T12:29:00Z'), 'America/New_York', hours.quiet)).toBe(true);
  });

  it('know weekends, holidays and 调休', () => {
    expect(isWorkday('2026-10-01', hours)).toBe(false);
    expect(isWorkday('2026-10-10', hours)).toBe(true);
    expect(isWorkday('2026-10-11', hours)).toBe(false);
    expect(isWorkday('2026-10-11', { ...hours, workdaysOnly: false })).toBe(true);
    expect(isWorkday('2028-02-29', hours)).toBe(true);
    expect([weekdayOf('2026-11-22'), mondayOf('2026-11-22'), mondayOf('2026-11-16')]).toEqual([
      7,
      '2026-11-16',
      '2026-11-16',
    ]);
  });

  it('leave some time of every day, unless all day is quiet', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    fc.assert(
      fc.property(time, time, (from, to) => {
        const quiet = Array.from({ length: 1440 }, (_, minute) =>
          isQuiet(new Date(Date.UTC(2026, 0, 5, 0, minute)), 'UTC', { from, to }),
        );
        const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
        expect(quiet.filter(Boolean).length).toBe((minutes(to) - minutes(from) + 1440) % 1440);
      }),
    );
  });
});
