import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorking, type WorkCalendar } from '../calendar/work-time.ts';
import { nextTurnOf, type Phase, readClock, stateOf, type Turn, worstOf } from './clock.ts';

const day = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
];
const calendar: WorkCalendar = {
  timeZone: 'Asia/Shanghai',
  week: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] },
  off: ['2026-11-19'],
  work: ['2026-11-22'],
};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const cn = (text: string) => new Date(`2026-11-${text}+08:00`);
const turn = (at: string, phase: Phase): Turn => ({ at: cn(at), phase });

describe('a clock', () => {
  it('runs in working hours only, stands while it is paused, and goes on with what was left', () => {
    expect(readClock(calendar, [turn('18T10:00', 'runs')], 4 * HOUR).due).toEqual(cn('18T15:00'));
    const paused = readClock(calendar, [turn('18T10:00', 'runs'), turn('18T11:00', 'pauses')], 4 * HOUR);
    expect(paused).toMatchObject({ phase: 'pauses', spent: HOUR, due: null });
    const again = [turn('18T10:00', 'runs'), turn('18T11:00', 'pauses'), turn('20T17:00', 'runs')];
    // Thursday is a holiday, Sunday the 22nd is worked for it.
    expect(readClock(calendar, again, 4 * HOUR).due).toEqual(cn('22T11:00'));
  });

  it('tells what was done in time from what was late, and when it would have been due', () => {
    const solved = (at: string) => readClock(calendar, [turn('18T10:00', 'runs'), turn(at, 'done')], 4 * HOUR);
    const state = (at: string) => stateOf(calendar, solved(at), 0, cn('30T00:00'));
    expect([state('18T14:00'), state('18T15:00'), state('18T15:01')]).toEqual(['met', 'met', 'missed']);
    expect(solved('18T14:00')).toMatchObject({ due: cn('18T15:00'), doneAt: cn('18T14:00') });
    expect(solved('20T10:00').due).toEqual(cn('18T15:00'));
    // Came in solved: there was never anything to be late for.
    expect(stateOf(calendar, readClock(calendar, [turn('18T10:00', 'done')], HOUR), 0, cn('30T00:00'))).toBeNull();
  });

  it('goes on when what was done is opened again', () => {
    const opened = [turn('18T10:00', 'runs'), turn('18T11:00', 'done'), turn('20T09:00', 'runs')];
    expect(readClock(calendar, opened, 4 * HOUR)).toMatchObject({ due: cn('20T12:00'), doneAt: null, spent: HOUR });
  });

  it('gets near, then late, and says when it will', () => {
    const reading = readClock(calendar, [turn('18T10:00', 'runs')], 4 * HOUR);
    const at = (text: string) => [
      stateOf(calendar, reading, HOUR, cn(text)),
      nextTurnOf(calendar, reading, HOUR, cn(text)),
    ];
    expect(at('18T10:00')).toEqual(['running', cn('18T14:00')]);
    expect(at('18T14:00')).toEqual(['near', cn('18T15:00')]);
    expect(at('18T15:00')).toEqual(['late', null]);
    expect(worstOf(['met', 'near', null])).toBe('near');
    expect(worstOf(['met', 'paused'])).toBe('paused');
    expect(worstOf([null])).toBeNull();
  });
});

it('is what counting minute by minute gives, for any turns', () => {
  const start = Date.UTC(2026, 10, 17, 16);
  const phases = fc.constantFrom<Phase>('runs', 'pauses', 'done');
  const turns = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 6 * 1440 }), phases), { minLength: 1, maxLength: 6 })
    .map((all) => all.toSorted(([a], [b]) => a - b))
    .map((all) =>
      all
        .filter(([at], n) => all[n + 1]?.[0] !== at)
        .map(([at, phase]) => ({ at: new Date(start + at * MINUTE), phase })),
    );
  fc.assert(
    fc.property(turns, fc.integer({ min: 1, max: 1_500 }), (all, target) => {
      const reading = readClock(calendar, all, target * MINUTE);
      let worked = 0;
      let due: number | null = null;
      const [first] = all;
      const last = all.at(-1);
      if (!first || !last) return;
      // What is done would have gone on running.
      const ran = all.some(({ phase }) => phase === 'runs');
      const until =
        last.phase === 'runs' || (last.phase === 'done' && ran) ? start + 40 * 1440 * MINUTE : last.at.getTime();
      const doneSince = all.reduce<Date | null>(
        (since, { at, phase }) => (phase === 'done' ? (since ?? at) : null),
        null,
      );
      for (let at = first.at.getTime(); at < until && due === null; at += MINUTE) {
        const phase = all.findLast((one) => one.at.getTime() <= at)?.phase;
        const counts = phase === 'runs' || (ran && doneSince !== null && at >= doneSince.getTime());
        if (!counts || !isWorking(calendar, new Date(at))) continue;
        worked += 1;
        if (worked === target) due = at + MINUTE;
      }
      expect(reading.due?.getTime() ?? null).toBe(due);
    }),
    { numRuns: 300 },
  );
});
