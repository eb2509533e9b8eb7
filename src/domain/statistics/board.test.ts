import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoardInput, boardOf } from './board.ts';

const person = (id: string, more: Partial<BoardInput> = {}): BoardInput => ({
  id,
  days: 20,
  customers: 100,
  minutes: 30,
  expired: { value: 0.2, error: 0.02 },
  looks: { checked: 0, right: 0 },
  ...more,
});

const of = (people: BoardInput[], id: string) => {
  const line = boardOf(people).find((one) => one.id === id);
  if (!line) throw new Error(id);
  return line;
};

describe('the board', () => {
  it('compares with colleagues of the same workload, not with the mean', () => {
    // Twice the customers for a minute, ten points more past due: 0.1, 0.2, 0.3, 0.4.
    const team = [25, 50, 100, 200].flatMap((customers, step) =>
      ['a', 'b'].map((name) =>
        person(`${name}${step}`, { customers, expired: { value: 0.1 + 0.1 * step, error: 0.02 } }),
      ),
    );
    expect(boardOf(team).map(({ standing }) => standing)).toEqual(Array(8).fill('as-expected'));
    // 0.4 is twice the mean, and what this workload gives; with a light one it is far behind.
    const busy = of([...team, person('new', { customers: 200, expired: { value: 0.4, error: 0.02 } })], 'new');
    expect(busy).toMatchObject({ by: 'workload', standing: 'as-expected', list: null });
    expect(busy.expected).toBeCloseTo(0.4, 2);
    expect(of([...team, person('new', { customers: 25, expired: { value: 0.4, error: 0.02 } })], 'new')).toMatchObject({
      standing: 'behind',
      list: 'black',
    });
    expect(of([...team, person('new', { customers: 200, expired: { value: 0.2, error: 0.02 } })], 'new')).toMatchObject(
      {
        standing: 'ahead',
        list: 'red',
      },
    );
  });

  it('tells nobody apart by what may be chance, or by what does not matter', () => {
    const rest = ['a', 'b', 'c'].map((id) => person(id));
    expect(of([...rest, person('d', { expired: { value: 0.3, error: 0.12 } })], 'd').standing).toBe('as-expected');
    expect(of([...rest, person('d', { expired: { value: 0.225, error: 0 } })], 'd').standing).toBe('as-expected');
    expect(of([...rest, person('d', { expired: { value: 0.3, error: 0.05 } })], 'd').standing).toBe('behind');
  });

  it('makes nobody look behind for one colleague who shines', () => {
    const team = [
      ...['a', 'b', 'c', 'd'].map((id) => person(id)),
      person('star', { expired: { value: 0.01, error: 0.01 } }),
    ];
    expect(boardOf(team).map(({ list }) => list)).toEqual([null, null, null, null, 'red']);
  });

  it('says nothing of few days, few customers, no time, or no colleagues', () => {
    const rest = ['a', 'b', 'c'].map((id) => person(id));
    const poor = { value: 0.9, error: 0 };
    for (const more of [{ days: 4 }, { customers: 19 }, { minutes: 0 }])
      expect(of([...rest, person('d', { ...more, expired: poor })], 'd')).toMatchObject({
        standing: 'few',
        list: null,
      });
    expect(of([person('a'), person('b'), person('d', { expired: poor })], 'd')).toMatchObject({
      expected: null,
      standing: 'few',
    });
  });

  it('puts nobody on the red list whose values others found wrong', () => {
    const rest = ['a', 'b', 'c'].map((id) => person(id, { looks: { checked: 60, right: 57 } }));
    const fresh = { expired: { value: 0.02, error: 0.01 } };
    expect(of([...rest, person('d', { ...fresh, looks: { checked: 60, right: 57 } })], 'd').list).toBe('red');
    expect(of([...rest, person('d', { ...fresh, looks: { checked: 60, right: 30 } })], 'd')).toMatchObject({
      standing: 'ahead',
      inaccurate: true,
      list: 'black',
    });
    // A dozen looks prove nothing.
    expect(of([...rest, person('d', { ...fresh, looks: { checked: 12, right: 4 } })], 'd')).toMatchObject({
      accuracy: null,
      inaccurate: false,
      list: 'red',
    });
  });

  it('does not depend on order, and a fresher customer base never makes anybody’s own place worse', () => {
    const team = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        days: fc.integer({ min: 0, max: 30 }),
        customers: fc.integer({ min: 0, max: 500 }),
        minutes: fc.integer({ min: 0, max: 120 }),
        expired: fc.record({
          value: fc.double({ min: 0, max: 1, noNaN: true }),
          error: fc.double({ min: 0, max: 0.2, noNaN: true }),
        }),
        looks: fc.integer({ min: 0, max: 80 }).map((checked) => ({ checked, right: Math.floor(checked * 0.9) })),
      }),
      { minLength: 1, maxLength: 9, selector: ({ id }) => id },
    );
    const rank = { behind: 0, 'as-expected': 1, ahead: 2, few: -1 };
    fc.assert(
      fc.property(team, fc.double({ min: 0, max: 1, noNaN: true }), (people, share) => {
        const lines = boardOf(people);
        const turned = boardOf([...people].reverse()).reverse();
        for (const [place, line] of lines.entries()) {
          expect(line.expected ?? 0).toBeCloseTo(turned[place]?.expected ?? 0, 9);
          expect(Number.isFinite(line.expected ?? 0) && (line.expected ?? 0) >= 0 && (line.expected ?? 0) <= 1).toBe(
            true,
          );
        }
        const [first, ...rest] = people;
        if (!first) return;
        const better = { ...first, expired: { ...first.expired, value: first.expired.value * share } };
        expect(rank[of([better, ...rest], first.id).standing]).toBeGreaterThanOrEqual(
          rank[lines[0]?.standing ?? 'few'],
        );
      }),
    );
  });
});
