import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWork, hoursIssue, hoursOf, isWorking, type WorkCalendar, workBetween } from './work-time.ts';

const OFFICE = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
];
const calendar = (more: Partial<WorkCalendar> = {}): WorkCalendar => ({
  timeZone: 'Asia/Shanghai',
  week: { 1: OFFICE, 2: OFFICE, 3: OFFICE, 4: OFFICE, 5: OFFICE, 6: [], 7: [] },
  // State Council notice for 2026: National Day, with Sunday 20 September and Saturday 10 October worked.
  off: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  work: ['2026-09-20', '2026-10-10'],
  ...more,
});
const china = calendar();
const HOUR = 3_600_000;
const cn = (text: string) => new Date(`${text}+08:00`);

describe('working time', () => {
  it('goes on after lunch, after the night, after the weekend', () => {
    expect(addWork(china, cn('2026-11-18T10:30'), 2 * HOUR)).toEqual(cn('2026-11-18T13:30'));
    expect(addWork(china, cn('2026-11-18T17:00'), 2 * HOUR)).toEqual(cn('2026-11-19T10:00'));
    expect(addWork(china, cn('2026-11-20T17:30'), HOUR)).toEqual(cn('2026-11-23T09:30'));
    expect(addWork(china, cn('2026-11-21T11:00'), HOUR)).toEqual(cn('2026-11-23T10:00'));
  });

  it('ends with the day that it fills, not with the next morning', () => {
    expect(addWork(china, cn('2026-11-18T09:00'), 8 * HOUR)).toEqual(cn('2026-11-18T18:00'));
    expect(addWork(china, cn('2026-11-18T09:00'), 8 * HOUR + 1)).toEqual(
      new Date(cn('2026-11-19T09:00').getTime() + 1),
    );
  });

  it('knows holidays and the days worked for them', () => {
    expect(addWork(china, cn('2026-09-30T17:00'), 2 * HOUR)).toEqual(cn('2026-10-08T10:00'));
    expect(addWork(china, cn('2026-10-09T17:00'), 2 * HOUR)).toEqual(cn('2026-10-10T10:00'));
    expect(hoursOf(china, '2026-09-20')).toEqual(OFFICE);
    expect(workBetween(china, cn('2026-09-30T00:00'), cn('2026-10-12T00:00'))).toBe(4 * 8 * HOUR);
    expect(isWorking(china, cn('2026-10-10T10:00'))).toBe(true);
    expect(isWorking(china, cn('2026-10-07T10:00'))).toBe(false);
    expect(isWorking(china, cn('2026-11-18T12:00'))).toBe(false);
  });

  it('goes back as well: when so much was left', () => {
    expect(addWork(china, cn('2026-11-23T09:30'), -HOUR)).toEqual(cn('2026-11-20T17:30'));
    expect(workBetween(china, cn('2026-11-23T09:30'), cn('2026-11-20T17:30'))).toBe(-HOUR);
  });

  it('counts what is lived where clocks are changed', () => {
    const night = [{ from: '00:00', to: '06:00' }];
    const week = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, night]));
    const berlin = calendar({ timeZone: 'Europe/Berlin', week, off: [], work: [] });
    const day = (text: string) => workBetween(berlin, new Date(`${text}T00:00+01:00`), new Date(`${text}T12:00Z`));
    // 29 March 2026: two o'clock is three; 25 October: three o'clock is two again.
    expect(day('2026-03-29')).toBe(5 * HOUR);
    expect(workBetween(berlin, new Date('2026-10-24T22:00Z'), new Date('2026-10-25T12:00Z'))).toBe(7 * HOUR);
    expect(addWork(berlin, new Date('2026-03-28T23:00Z'), 5 * HOUR)).toEqual(new Date('2026-03-29T04:00Z'));
    expect(addWork(berlin, new Date('2026-10-24T22:00Z'), 7 * HOUR)).toEqual(new Date('2026-10-25T05:00Z'));
  });

  it('says that there is none', () => {
    const never = calendar({ week: {}, off: [], work: [] });
    expect(addWork(never, cn('2026-11-18T10:00'), 1)).toBeNull();
    expect(addWork(never, cn('2026-11-18T10:00'), -1)).toBeNull();
    expect(workBetween(never, cn('2026-11-18T10:00'), cn('2027-11-18T10:00'))).toBe(0);
  });
});

describe('for any hours, days and zone', () => {
  const times = fc
    .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 6 })
    .map((marks) => marks.toSorted((a, b) => a - b))
    .map((marks) =>
      Array.from({ length: Math.floor(marks.length / 2) }, (_, n) => {
        const text = (mark = 0) =>
          `${String(Math.floor(mark / 4)).padStart(2, '0')}:${String((mark % 4) * 15).padStart(2, '0')}`;
        return { from: text(marks[2 * n]), to: text(marks[2 * n + 1]) };
      }),
    );
  const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2026, 9, 1 + n)).toISOString().slice(0, 10));
  const anyCalendar = fc.record({
    timeZone: fc.constantFrom(
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
    ),
    week: fc
      .tuple(times, times, times, times, times, times, times)
      .map((all) => Object.fromEntries(all.map((one, n) => [n + 1, one]))),
    off: fc.array(day, { maxLength: 6 }),
    work: fc.array(day, { maxLength: 4 }),
  });
  const moment = fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 10, 28) }).map((ms) => new Date(ms));
  const span = fc.integer({ min: 1, max: 200 * HOUR });

  it('what is added is what lies between, and no earlier moment would do', () => {
    fc.assert(
      fc.property(anyCalendar, moment, span, (one, from, ms) => {
        const to = addWork(one, from, ms);
        if (to === null) return;
        expect(workBetween(one, from, to)).toBe(ms);
        expect(workBetween(one, from, new Date(to.getTime() - 1))).toBe(ms - 1);
        const back = addWork(one, to, -ms);
        expect(back && workBetween(one, back, to)).toBe(ms);
        expect(back?.getTime()).toBeGreaterThanOrEqual(from.getTime());
      }),
      { numRuns: 300 },
    );
  });

  it('is additive, and never more than the time that passed', () => {
    fc.assert(
      fc.property(anyCalendar, moment, moment, moment, (one, a, b, c) => {
        expect(workBetween(one, a, b) + workBetween(one, b, c)).toBe(workBetween(one, a, c));
        expect(Math.abs(workBetween(one, a, b))).toBeLessThanOrEqual(Math.abs(b.getTime() - a.getTime()));
      }),
      { numRuns: 300 },
    );
  });
});

it('hours are in order and apart', () => {
  expect(hoursIssue(OFFICE)).toBeNull();
  expect(hoursIssue([{ from: '00:00', to: '24:00' }])).toBeNull();
  expect(hoursIssue([{ from: '9:00', to: '18:00' }])).toBe('hours-form');
  expect(hoursIssue([{ from: '09:00', to: '24:30' }])).toBe('hours-form');
  expect(hoursIssue([{ from: '18:00', to: '09:00' }])).toBe('hours-turned');
  expect(
    hoursIssue([
      { from: '09:00', to: '13:00' },
      { from: '12:00', to: '18:00' },
    ]),
  ).toBe('hours-overlap');
});
